import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { OrganizationConfig } from '../../contracts/organization';
import type { EngineChoice, FleetConfig } from '../config/fleet-config';
import type { DeployedResource, Engine, EngineAction, EngineResult } from '../ports';
import type { FleetStore } from '../state/fleet-store';

import type { CommandContext } from './context';

/** How the organisation's program is run. */
export interface ProgramRun {
  readonly config: FleetConfig;
  readonly choice: Extract<EngineChoice, { readonly kind: 'pulumi' }>;
  readonly store: FleetStore;
  /** Stops it. */
  readonly signal: AbortSignal;
}

/** Runs the program of organization/, or foresees it. Rejects where the engine cannot be opened. */
export async function runOrganizationProgram(
  action: EngineAction,
  told: OrganizationConfig,
  { run, context }: { readonly run: ProgramRun; readonly context: CommandContext },
): Promise<EngineResult> {
  const [{ organizationRelease }, { organizationJob }] = await Promise.all([
    import('../bootstrap/organization-release'),
    import('../bootstrap/organization-job'),
  ]);
  const { clock, productRoot, temporary } = context;
  const folder = mkdtempSync(join(temporary, 'fleet-bootstrap-'));
  const engine = await openProgramEngine(told, { run, context });
  try {
    const release = await organizationRelease(productRoot, join(folder, 'release'));
    const job = organizationJob(told, { id: `bootstrap ${clock.now().toISOString()}`, release });
    return await engine.run(action, job, { signal: run.signal, onEvent: () => undefined });
  } finally {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What stands of the program, by its stack. */
export async function inspectOrganizationProgram(
  told: OrganizationConfig,
  how: { readonly run: ProgramRun; readonly context: CommandContext },
): Promise<readonly DeployedResource[]> {
  const { organizationTarget } = await import('../bootstrap/organization-job');
  const engine = await openProgramEngine(told, how);
  try {
    return (await engine.inspect(organizationTarget(told))).resources;
  } finally {
    await engine.close();
  }
}

async function openProgramEngine(
  told: OrganizationConfig,
  { run, context }: { readonly run: ProgramRun; readonly context: CommandContext },
): Promise<Engine> {
  const [{ openPulumiEngine }, { organizationStackConfig }] = await Promise.all([
    import('../engine/pulumi/open-pulumi-engine'),
    import('../bootstrap/organization-job'),
  ]);
  const { clock, reporter, attachProvider: attach } = context;
  return openPulumiEngine({
    config: run.config,
    // The key that encrypts the fleet's secrets is made by this very program, which has none itself.
    choice: { ...run.choice, secretsProvider: 'passphrase' },
    store: run.store,
    clock,
    reporter,
    env: { ...context.env, PULUMI_CONFIG_PASSPHRASE: '', PULUMI_CONFIG_PASSPHRASE_FILE: undefined },
    stackConfig: () => organizationStackConfig(told),
    ...(attach !== undefined && { serveProvider: () => Promise.resolve({ attach, close: () => Promise.resolve() }) }),
  });
}
