import { userError } from '../errors';
import { readOrganizationFile } from '../discovery/organization-file';
import type { Engine, Gates } from '../ports';

import type { CommandContext, OpenFleet } from './context';

/** What deploys, and what says whether it is well. */
export interface EnginePorts {
  readonly engine: Engine;
  readonly gates: Gates;
  /** Releases what both hold. */
  readonly close: () => Promise<void>;
}

/** Evaluation windows of the sandbox pass in a second: its gates are asked accordingly often. */
const SANDBOX_GATE_SECONDS = 0.3;
const SANDBOX_RETRY_SECONDS = 0.2;

/** The engine of fleet.yaml, for verbs that ask no gate. Only a `sandbox` organisation may meet the simulated provider. */
export async function openEngine(fleet: OpenFleet, context: CommandContext): Promise<Omit<EnginePorts, 'gates'>> {
  const { engine } = await openSandboxParts(fleet, context);
  return { engine, close: () => engine.close() };
}

/** The engine of fleet.yaml and the gates that fit it. From now on, what is planted for the gates counts. */
export async function openPorts(fleet: OpenFleet, context: CommandContext): Promise<EnginePorts> {
  const { engine, ...shared } = await openSandboxParts(fleet, context);
  const [{ openSandboxReader }, { createGates }] = await Promise.all([import('../gates/open-sandbox-reader'), import('../gates/gates')]);
  const gates = createGates(openSandboxReader(shared), {
    clock: context.clock,
    intervalSeconds: SANDBOX_GATE_SECONDS,
    retrySeconds: SANDBOX_RETRY_SECONDS,
    attempts: 5,
    concurrency: 20,
  });
  const close = async () => {
    await gates.close();
    await engine.close();
  };
  return { engine, gates, close };
}

/** The simulated engine, and what its health reader shares with it. */
async function openSandboxParts({ config, store }: OpenFleet, { clock }: CommandContext) {
  if (config.engine.kind === 'pulumi')
    throw userError('engine-not-supported', 'engine pulumi is not supported yet: set `engine: sandbox` and a sandbox organisation');
  if (config.organization.source !== 'sandbox')
    throw userError('engine-not-supported', `organisation source ${config.organization.source} cannot be used with engine sandbox`);
  const { openSandbox } = await import('../engine/sandbox/open-sandbox-engine');
  const records = await store.loadRecords();
  const promoted = [...records.values()].flatMap((record) => (record.good ? [record.good.fingerprint] : []));
  const { path } = config.organization;
  const directory = store.sandbox;
  const { engine, world } = openSandbox({ directory, clock, organization: readOrganizationFile(path), promoted });
  return { engine, world, directory, clock, organization: path, promoted: () => promoted };
}

/** Ports for a rollout that runs nothing: opening the real ones costs more than a whole rollout of unchanged targets. */
export function idlePorts(): EnginePorts {
  const idle = () => Promise.reject(new Error('no target of this plan was to be run'));
  const nothing = () => Promise.resolve();
  return {
    engine: { name: 'sandbox', run: idle, inspect: idle, close: nothing },
    gates: { intervalSeconds: SANDBOX_GATE_SECONDS, ask: idle, close: nothing },
    close: nothing,
  };
}
