import { userError } from '../errors';
import { readOrganizationFile } from '../discovery/organization-file';
import type { OpenPulumiEngineOptions } from '../engine/pulumi/open-pulumi-engine';
import type { DeadLetters } from '../dead-letters/dead-letters';
import { readSecretKey } from '../state/secret-key';
import type { Engine, Gates } from '../ports';

import type { CommandContext, OpenFleet } from './context';

/** What deploys, and what says whether it is well. */
export interface EnginePorts {
  readonly engine: Engine;
  readonly gates: Gates;
  /** Releases what both hold. */
  readonly close: () => Promise<void>;
}

/** What tells where dead letters are, and what reaches them. */
export interface DeadLetterPorts {
  readonly engine: Engine;
  readonly deadLetters: DeadLetters;
  /** Releases what both hold. */
  readonly close: () => Promise<void>;
}

/** Evaluation windows of the sandbox pass in a second: its gates are asked accordingly often. */
const SANDBOX_GATE_SECONDS = 0.3;
const SANDBOX_RETRY_SECONDS = 0.2;

/** The engine of fleet.yaml, for verbs that ask no gate. Only a `sandbox` organisation may meet the simulated provider. */
export async function openEngine(fleet: OpenFleet, context: CommandContext): Promise<Omit<EnginePorts, 'gates'>> {
  const engine =
    fleet.config.organization.source === 'sandbox' ? (await openSimulated(fleet, context)).engine : await openReal(fleet, context);
  return { engine, close: () => engine.close() };
}

/** The engine of fleet.yaml and the gates that fit it. From now on, what is planted for the gates counts. */
export async function openPorts(fleet: OpenFleet, context: CommandContext): Promise<EnginePorts> {
  if (fleet.config.organization.source !== 'sandbox') {
    const { openCloudWatchGates } = await import('../gates/open-cloudwatch-gates');
    const { homeRegion, deployRole } = fleet.config;
    const engine = await openReal(fleet, context);
    const gates = openCloudWatchGates({ homeRegion, deployRole, clock: context.clock });
    return { engine, gates, close: closing(gates, engine) };
  }
  const { engine, ...shared } = await openSimulated(fleet, context);
  const [{ openSandboxReader }, { createGates }] = await Promise.all([import('../gates/open-sandbox-reader'), import('../gates/gates')]);
  const gates = createGates(openSandboxReader(shared), {
    clock: context.clock,
    intervalSeconds: SANDBOX_GATE_SECONDS,
    retrySeconds: SANDBOX_RETRY_SECONDS,
    attempts: 5,
    concurrency: 20,
  });
  return { engine, gates, close: closing(gates, engine) };
}

/** The engine of fleet.yaml, and the dead letters that fit it. */
export async function openDeadLetters(fleet: OpenFleet, context: CommandContext): Promise<DeadLetterPorts> {
  if (fleet.config.organization.source !== 'sandbox') {
    const { homeRegion, deployRole } = fleet.config;
    const engine = await openReal(fleet, context);
    const { openAwsDeadLetters } = await import('../dead-letters/open-aws-dead-letters');
    const deadLetters = openAwsDeadLetters({ homeRegion, deployRole, clock: context.clock });
    return { engine, deadLetters, close: closing(deadLetters, engine) };
  }
  const { engine, ...shared } = await openSimulated(fleet, context);
  const [{ sandboxDeadLetters }, { openSandboxView }] = await Promise.all([
    import('../dead-letters/sandbox-dead-letters'),
    import('../gates/sandbox-view'),
  ]);
  const deadLetters = sandboxDeadLetters(openSandboxView(shared), { directory: shared.directory });
  return { engine, deadLetters, close: closing(deadLetters, engine) };
}

/** Closes a port that asks what the engine deployed, and then the engine. */
export function closing(port: { close(): Promise<void> }, engine: Pick<Engine, 'close'>): () => Promise<void> {
  return async () => {
    await port.close();
    await engine.close();
  };
}

/** A real organisation: the real engine with the real provider. */
async function openReal({ config, store }: OpenFleet, context: CommandContext): Promise<Engine> {
  const { clock, attachProvider: attach } = context;
  const { engine: choice, organization, homeRegion, deployRole: role } = config;
  if (choice.kind !== 'pulumi' || organization.source !== 'aws')
    throw userError('engine-not-supported', `organisation source ${organization.source} cannot be deployed to: it is a record of one`);
  const { confirmAccount } = await import('../engine/pulumi/confirm-account');
  return openPulumi({ config, store }, context, {
    choice,
    confirmAccount: confirmAccount({ homeRegion, role, clock }),
    ...(attach !== undefined && { serveProvider: () => Promise.resolve({ attach, close: () => Promise.resolve() }) }),
  });
}

/** An engine over the simulated organisation, and what its health reader shares with it. */
export async function openSimulated({ config, store }: OpenFleet, context: CommandContext) {
  const { clock } = context;
  const { organization, engine: choice } = config;
  if (organization.source !== 'sandbox') throw new Error('only a sandbox organisation is simulated');
  const { openSandbox } = await import('../engine/sandbox/open-sandbox-engine');
  const records = await store.loadRecords();
  const promoted = [...records.values()].flatMap((record) => (record.good ? [record.good.fingerprint] : []));
  const { path } = organization;
  const directory = store.sandbox;
  const file = readOrganizationFile(path);
  const key = await readSecretKey(store.objects);
  const digestSecret = (text: string) => key.digest('sandbox', text).slice(0, 24);
  const { engine: simulated, provider, world, faults } = openSandbox({ directory, clock, organization: file, promoted, digestSecret });
  const shared = {
    world,
    faults,
    foreign: file.foreign,
    organizationId: file.id,
    directory,
    clock,
    organization: path,
    promoted: () => promoted,
  };
  if (choice.kind === 'sandbox') return { engine: simulated, ...shared };
  const { sandboxDoors } = await import('../engine/pulumi/sandbox-doors');
  const engine = await openPulumi({ config, store }, context, {
    choice,
    serveProvider: sandboxDoors({ provider, world, drift: file.drift }),
  });
  return { engine, ...shared };
}

/** Loaded here: the real engine's parts take longer to load than a sandbox verb takes to run. */
async function openPulumi(
  { config, store }: OpenFleet,
  { clock, env, reporter }: CommandContext,
  own: Pick<OpenPulumiEngineOptions, 'choice' | 'confirmAccount' | 'serveProvider'>,
): Promise<Engine> {
  const { openPulumiEngine } = await import('../engine/pulumi/open-pulumi-engine');
  return openPulumiEngine({ config, store, clock, reporter, env, ...own });
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
