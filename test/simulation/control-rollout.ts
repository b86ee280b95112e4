import { foundStacks } from '../../fleet/commands/found-stacks';
import { byTarget, goodsOf, startOf } from '../../fleet/commands/start-of';
import type { Departure } from '../../fleet/discovery/departures';
import { userError } from '../../fleet/errors';
import { createGates } from '../../fleet/gates/gates';
import type { HealthReader } from '../../fleet/gates/health-reader';
import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import type { TargetRecords } from '../../fleet/plan/target-record';
import type { Engine, ObjectStore, Reporter } from '../../fleet/ports';
import { commit } from '../../fleet/rollout/commit';
import { departedTargets } from '../../fleet/rollout/departed-targets';
import { driveRollout, type DriverResult } from '../../fleet/rollout/driver';
import type { RolloutRequest } from '../../fleet/rollout/driver-ports';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import { FleetStore } from '../../fleet/state/fleet-store';
import { readInbox } from '../../fleet/state/inbox';
import type { JournalEntry } from '../../fleet/state/journal-entry';
import { takeLease, type Lease } from '../../fleet/state/lease';
import type { ProcessIdentity } from '../../fleet/state/process-identity';

import { releaseByDigest } from './fleet-model';
import type { SimulatedProcess } from './simulated-process';

/** What a controller has of the simulated outside, reached through its process. */
export interface ControlledWorld {
  readonly process: SimulatedProcess;
  readonly objects: ObjectStore;
  readonly openEngine: (promoted: readonly string[]) => Engine;
  readonly reader: HealthReader;
  readonly reporter: Reporter;
  /** Stacks stand of which nothing is recorded. */
  readonly onFound: () => void;
  readonly isAlive: (identity: ProcessIdentity) => boolean;
  /** What has left the organisation by now. */
  readonly departed: Departure;
}

/** What a controller is started for. */
export type Assignment =
  { readonly verb: 'rollout'; readonly id: string; readonly plan: RolloutPlan } | { readonly verb: 'resume'; readonly id: string };

/** Seconds between two looks at the gates, and at the inbox. */
const GATE_SECONDS = 7;
const REQUEST_SECONDS = 5;

/** A process that begins a rollout or goes on with one, put together as the command line does it. */
export async function controlRollout(
  assignment: Assignment,
  world: ControlledWorld,
  options: { readonly waitSeconds: number | null },
): Promise<DriverResult> {
  const { process, objects } = world;
  const { clock } = process;
  const { id, verb } = assignment;
  const lease = await takeLease(objects, {
    ...{ clock, verb, identity: process.identity, isAlive: world.isAlive },
    wait: verb === 'resume',
    signal: process.drain.signal,
  });
  try {
    const store = new FleetStore(objects, { directory: '/simulated', fleet: 'orders' });
    const known = await store.loadRecords();
    const promoted = [...known.values()].flatMap((record) => (record.good ? [record.good.fingerprint] : []));
    const engine = world.openEngine(promoted);
    const gates = createGates(world.reader, { clock, intervalSeconds: GATE_SECONDS, retrySeconds: 2, attempts: 2, concurrency: 4 });
    const opening = { lease, id, world, engine, known };
    const { start, writer } = verb === 'rollout' ? await begin(store, { ...opening, plan: assignment.plan }) : await goOn(store, opening);
    const result = await driveRollout(
      start,
      {
        ...{ engine, gates, clock, reporter: world.reporter },
        journal: writer,
        releaseOf: releaseByDigest,
        requests: async (known) => {
          const items = await readInbox<RolloutRequest>(objects, store.rolloutPrefix(id), { known });
          return items.flatMap((item) => (item.kind === 'message' ? [item.message] : []));
        },
        confirm: () => lease.confirm(),
        signals: { drain: process.drain.signal, cancel: process.cancel.signal, lost: lease.lost },
      },
      { rollout: id, waitSeconds: options.waitSeconds, requestSeconds: REQUEST_SECONDS },
    );
    if (result.left === 'ended') await store.saveRecords(result.records, id);
    return result;
  } finally {
    await lease.release();
  }
}

interface Opening {
  readonly lease: Lease;
  readonly id: string;
  readonly world: ControlledWorld;
  readonly engine: Engine;
  readonly known: TargetRecords;
}

async function begin(store: FleetStore, opening: Opening & { readonly plan: RolloutPlan }) {
  const { plan, id, lease } = opening;
  const { records, found } = await knownAndFound(plan, opening);
  const goods = goodsOf(plan, records);
  const writer = await store.beginRollout(id, plan, lease.epoch);
  await writer.append([{ goods }, controllerOf('rollout', opening), ...found]);
  return { writer, start: { plan, goods: byTarget(goods), records, events: [] } };
}

async function goOn(store: FleetStore, opening: Opening) {
  const kept = await store.loadRollout(opening.id);
  if (!kept) throw userError('unknown-rollout', `rollout ${opening.id} is unknown`);
  const { entries, writer } = await store.openRollout(opening.id, opening.lease.epoch);
  const begins = entries.every((entry) => !('goods' in entry));
  const { records, found } = begins ? await knownAndFound(kept.plan, opening) : { records: opening.known, found: [] };
  const beginning = begins ? [{ goods: goodsOf(kept.plan, records) }, ...found] : [];
  const state = replayRollout({ plan: kept.plan, ...startOf([...beginning, ...entries]) });
  const { departed, process } = opening.world;
  const event = departedTargets(kept.plan, { state, departed, at: process.clock.now().toISOString() });
  const { written, records: promoted } = commit(event === null ? [] : [{ event }], { state, records });
  await writer.append([...beginning, controllerOf('resume', opening), ...written]);
  const start = { plan: kept.plan, ...startOf([...beginning, ...entries, ...written]), records: new Map([...records, ...promoted]) };
  return { writer, start };
}

/** Records as a rollout begins: those that are kept, and what stands though nothing is recorded of it. */
async function knownAndFound(plan: RolloutPlan, { engine, world, known: records }: Opening) {
  const found = await foundStacks(plan, { engine, records, at: world.process.clock.now().toISOString() });
  if (found.length > 0) world.onFound();
  return { records: new Map([...records, ...byTarget(found)]), found: found.map((record) => ({ record })) };
}

function controllerOf(verb: string, { lease, world }: Opening): JournalEntry {
  const { host, pid } = world.process.identity;
  return { controller: { epoch: lease.epoch, host, pid, verb, at: world.process.clock.now().toISOString() } };
}
