import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { EngineChoice, FleetConfig } from '../../config/fleet-config';
import { FleetError, isFleetError, messageOf, userError } from '../../errors';
import type { Clock, Reporter } from '../../ports';
import type { FleetStore } from '../../state/fleet-store';
import { writableFolder } from '../../state/passing-folder';

import { openBackendObjects } from './backend-objects';
import { checkBackendOwner, claimBackend } from './backend-owner';
import { findPulumiCli } from './cli/find-pulumi-cli';
import { openBackend } from './open-backend';
import { PulumiEngine, type PulumiEngineOptions } from './pulumi-engine';

/** What the engine of a fleet is opened with. */
export interface OpenPulumiEngineOptions {
  readonly config: FleetConfig;
  readonly choice: Extract<EngineChoice, { readonly kind: 'pulumi' }>;
  readonly store: FleetStore;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stackConfig?: PulumiEngineOptions['stackConfig'];
  readonly serveProvider?: PulumiEngineOptions['serveProvider'];
  readonly confirmAccount?: PulumiEngineOptions['confirmAccount'];
}

/**
 * Opens the engine of a fleet over the CLI that is found; nothing runs yet. Errors: `pulumi/cli-missing`, `pulumi/cli-too-old`,
 * `user/passphrase-missing`.
 */
export async function openPulumiEngine(options: OpenPulumiEngineOptions): Promise<PulumiEngine> {
  const { config, choice, store, clock, reporter, env, stackConfig, serveProvider, confirmAccount } = options;
  const served = serveProvider !== undefined;
  if (
    choice.secretsProvider === 'passphrase' &&
    !served &&
    env.PULUMI_CONFIG_PASSPHRASE === undefined &&
    env.PULUMI_CONFIG_PASSPHRASE_FILE === undefined
  )
    throw userError(
      'passphrase-missing',
      'secretsProvider passphrase needs PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE in the environment',
    );
  const cli = await findPulumiCli({ env });
  // The default one is the fleet's own to make.
  if (choice.backend === pathToFileURL(join(store.directory, 'pulumi')).href)
    await reach(choice.backend, () => mkdir(join(store.directory, 'pulumi'), { recursive: true }));
  const { url, files } = await reach(choice.backend, () => openBackend(choice.backend, config.homeRegion));
  const objects = await openBackendObjects(choice.backend, config.homeRegion);
  const owner = { fleet: config.name, location: choice.backend };
  await reach(choice.backend, () => checkBackendOwner(objects, owner));
  return new PulumiEngine({
    cli: cli.path,
    backend: url,
    files,
    secretsProvider: choice.secretsProvider,
    claim: () => reach(choice.backend, () => claimBackend(objects, owner)),
    objects: store.objects,
    directory: writableFolder(join(store.directory, 'runs'), 'fleet-runs'),
    clock,
    reporter,
    // A simulated organisation has no secrets to keep.
    env: served ? { PULUMI_CONFIG_PASSPHRASE: '', ...env } : env,
    ...(stackConfig && { stackConfig }),
    ...(serveProvider && { serveProvider }),
    ...(confirmAccount && { confirmAccount }),
  });
}

async function reach<Value>(backend: string, ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (cause) {
    if (isFleetError(cause) && cause.source === 'user') throw cause;
    throw new FleetError(
      'pulumi/backend-unreachable',
      `Pulumi backend ${backend} cannot be used: ${messageOf(cause)}; see \`fleet doctor\``,
      { cause },
    );
  }
}
