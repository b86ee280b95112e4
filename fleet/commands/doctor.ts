import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { counted } from '../../contracts/counted';
import type { FleetConfig } from '../config/fleet-config';
import { loadFleetConfig } from '../config/load-config';
import { secretNames } from '../../contracts/secret-reference';
import { selectPlaces } from '../discovery/select-targets';
import { checkCli } from '../doctor/check-cli';
import { checkProvider } from '../doctor/check-provider';
import { checkNode } from '../doctor/check-node';
import { checkPlace } from '../doctor/check-place';
import { checkSecrets } from '../doctor/check-secrets';
import { checkVariables } from '../doctor/check-variables';
import { skipped, type Check } from '../doctor/check';
import type { SampleAccount } from '../doctor/check-aws';
import { findPulumiCli } from '../engine/pulumi/cli/find-pulumi-cli';
import type { ProviderPlugin } from '../engine/pulumi/cli/provider-plugin';
import type { PulumiCli } from '../engine/pulumi/cli/pulumi-cli';
import { messageOf } from '../errors';
import { textTable } from '../report/terminal-text';
import { resolveTargets } from '../plan/resolve-targets';
import { lackingSecrets } from '../plan/secret-digests';
import type { FleetStore } from '../state/fleet-store';

import { openFleet, type CommandContext, type CommandOutcome } from './context';
import { knownSecrets, lackingText } from './known-secrets';

/** What is checked, and whether what is missing is obtained. */
export interface DoctorRequest {
  readonly config: string;
  readonly fix?: boolean;
}

const DEFAULT_FILE = 'fleet.yaml';

/** Checks what a run needs, all of it, whatever fails; with `fix` the engine is obtained. Exit 1 where something failed. */
export async function doctor({ config: path, fix = false }: DoctorRequest, context: CommandContext): Promise<CommandOutcome> {
  const config = fleetAt(path);
  const checks: Check[] = [checkNode(process.versions.node, { engines: enginesOf(context.productRoot) })];
  let cli: PulumiCli | undefined;
  checks.push(await checkCli(config, async () => (cli = await cliFor(context, { fix }))));
  const known = cli;
  checks.push(await checkProvider(config, { fix, get: known === undefined ? null : () => pluginFor(known, { fix, context }) }));
  // What was stopped did not fail.
  context.interrupt.throwIfAborted();
  if (config !== null) checks.push(...(await checkFleet(config, { path, context })));
  context.interrupt.throwIfAborted();
  const count = checks.filter(({ status }) => status === 'failed').length;
  const summary = count === 0 ? 'nothing failed' : `${count} of ${counted(checks.length, 'check')} failed`;
  const scope =
    config === null ? `there is no ${DEFAULT_FILE} here: only what does not depend on a fleet was checked` : `fleet ${config.name}`;
  return { exitCode: count === 0 ? 0 : 1, text: [`${summary}; ${scope}`, tableOf(checks)].join('\n\n'), data: { checks } };
}

/** Null where there is none; one that is named has to be there. */
function fleetAt(path: string): FleetConfig | null {
  return path === DEFAULT_FILE && !existsSync(path) ? null : loadFleetConfig(path);
}

function enginesOf(productRoot: string): string {
  const { engines } = JSON.parse(readFileSync(join(productRoot, 'package.json'), 'utf8')) as {
    readonly engines: { readonly node: string };
  };
  return engines.node;
}

async function cliFor(context: CommandContext, { fix }: { readonly fix: boolean }): Promise<PulumiCli> {
  const { env, clock, interrupt: signal, productRoot, reporter } = context;
  if (!fix) return findPulumiCli({ env, clock, signal });
  const { obtainPulumiCli } = await import('../engine/pulumi/cli/obtain-pulumi-cli');
  return obtainPulumiCli({
    ...{ env, clock, signal, productRoot },
    onAttempt: ({ way, state, message }) => reporter.report({ level: 'info', code: 'engine-attempt', message, data: { way, state } }),
  });
}

async function pluginFor(
  cli: PulumiCli,
  { fix, context }: { readonly fix: boolean; readonly context: CommandContext },
): Promise<ProviderPlugin> {
  const { env, clock, interrupt: signal, productRoot } = context;
  const { providerPlugin } = await import('../engine/pulumi/cli/provider-plugin');
  return providerPlugin({ cli, env, clock, signal, productRoot, fix });
}

interface CheckFleet {
  readonly path: string;
  readonly context: CommandContext;
}

async function checkFleet(config: FleetConfig, { path, context }: CheckFleet): Promise<readonly Check[]> {
  let store: FleetStore | undefined;
  const { state, organization } = config;
  const stateCheck = await checkPlace({
    ...{ place: state, setting: 'state', location: `state ${locationOf(state)}` },
    open: async () => {
      store = (await openFleet(path)).store;
      return store.objects;
    },
  });
  const variables = await checkReferredSecrets(config, { store, context });
  const checks = [stateCheck, await checkBackend(config), checkSecrets(config, context.env), variables];
  if (organization.source !== 'aws')
    return [...checks, skipped('credentials', `organisation source ${organization.source} needs none`), skipped('role', 'none is assumed')];
  const [{ openAwsDoor }, { checkAws }] = await Promise.all([import('../doctor/aws-door'), import('../doctor/check-aws')]);
  const door = openAwsDoor({ ...config, clock: context.clock });
  return [...checks, ...(await checkAws({ door, deployRole: config.deployRole, accounts: await sampleOf(config, store) }))];
}

/** With the targets that need them, as far as an inventory tells these. */
async function checkReferredSecrets(
  config: FleetConfig,
  { store, context }: { readonly store: FleetStore | undefined; readonly context: CommandContext },
): Promise<Check> {
  const referring = [config.blocks, config.overrides];
  if (store === undefined) return skipped('secret variables', 'the state cannot be reached');
  const { known } = await knownSecrets({ store }, referring, context);
  const lacking = lackingSecrets(await targetsOf(config, store), known);
  return checkVariables(
    secretNames(referring).map((variable) => {
      const secret = known(variable);
      const targets = lacking.find((one) => one.variable === variable)?.targets ?? [];
      return {
        variable,
        lacking: 'digest' in secret ? null : lackingText({ variable, why: secret.unknown, advice: secret.advice, targets }),
      };
    }),
  );
}

async function targetsOf(config: FleetConfig, store: FleetStore): Promise<ReturnType<typeof resolveTargets>> {
  try {
    const [inventory, records] = [await store.loadInventory(), await store.loadRecords()];
    return inventory === undefined ? [] : resolveTargets({ config, inventory, records, ...selectPlaces({ config, inventory }) });
  } catch {
    // Other checks, and `plan`, say what is wrong with these.
    return [];
  }
}

async function checkBackend({ engine, name: fleet, homeRegion }: FleetConfig): Promise<Check> {
  if (engine.kind === 'sandbox') return skipped('backend', 'engine sandbox has none');
  const [{ backendPlace, openBackendObjects }, { checkBackendOwner }] = await Promise.all([
    import('../engine/pulumi/backend-objects'),
    import('../engine/pulumi/backend-owner'),
  ]);
  const place = backendPlace(engine.backend);
  const location = locationOf(place);
  return checkPlace({
    ...{ place, setting: 'backend', location: `Pulumi backend ${location}` },
    open: async () => {
      const objects = await openBackendObjects(engine.backend, homeRegion);
      await checkBackendOwner(objects, { fleet, location });
      return objects;
    },
  });
}

function locationOf(place: FleetConfig['state']): string {
  if (place.kind === 'folder') return `folder ${place.path}`;
  return `s3://${[place.bucket, ...(place.prefix === '' ? [] : [place.prefix])].join('/')}`;
}

/** Accounts of every kind that a rollout deploys to. */
async function sampleOf(config: FleetConfig, store: FleetStore | undefined): Promise<readonly SampleAccount[]> {
  const { shared, monitoring } = config.accounts;
  return [
    { what: 'shared', account: shared },
    { what: 'monitoring', account: monitoring },
    { what: 'workload', account: await firstWorkload(config, store) },
  ];
}

async function firstWorkload(config: FleetConfig, store: FleetStore | undefined): Promise<SampleAccount['account']> {
  try {
    const inventory = await store?.loadInventory();
    const [place] = inventory === undefined ? [] : selectPlaces({ config, inventory }).workloads;
    return place?.account.id ?? { unknown: 'no workload account is known yet: `fleet discover` takes an inventory' };
  } catch (error) {
    return { unknown: `no workload account is known: ${messageOf(error)}` };
  }
}

function tableOf(checks: readonly Check[]): string {
  const rows = checks.map(({ name, status, code, detail, advice }) => {
    const told = [...(code === null ? [] : [code]), detail, ...(advice === null ? [] : [advice])];
    return [name, status, told.join(': ')];
  });
  return textTable(['CHECK', 'STATUS', 'FOUND'], rows);
}
