import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { OrganizationConfig } from '../../contracts/organization';
import type { EngineChoice, FleetConfig } from '../config/fleet-config';
import type { EngineAction, EngineResult } from '../ports';
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
  const [{ openPulumiEngine }, { organizationRelease }, { organizationJob, organizationStackConfig }] = await Promise.all([
    import('../engine/pulumi/open-pulumi-engine'),
    import('../bootstrap/organization-release'),
    import('../bootstrap/organization-job'),
  ]);
  const { clock, reporter, productRoot, temporary, attachProvider: attach } = context;
  const folder = mkdtempSync(join(temporary, 'fleet-bootstrap-'));
  try {
    const engine = await openPulumiEngine({
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
    try {
      const release = await organizationRelease(productRoot, join(folder, 'release'));
      const job = organizationJob(told, { id: `bootstrap ${clock.now().toISOString()}`, release });
      return await engine.run(action, job, { signal: run.signal, onEvent: () => undefined });
    } finally {
      await engine.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
