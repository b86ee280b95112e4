import { counted } from '../../contracts/counted';
import { digestOf } from '../digest';
import { FleetError } from '../errors';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { TargetRecords } from '../plan/target-record';
import type { ReleaseHandle } from '../ports';
import { openRelease } from '../release/release-folder';
import { reportText } from '../report/report-text';
import { reportOf } from '../report/rollout-report';
import { driveRollout, type DriverResult } from '../rollout/driver';
import { replayRollout } from '../rollout/replay-rollout';
import type { RolloutRequest } from '../rollout/driver-ports';
import type { RolloutOutcome, RolloutState } from '../rollout/state';
import type { KeptRollout } from '../state/fleet-store';
import { postMessage } from '../state/inbox';
import type { JournalEntry } from '../state/journal-entry';
import { takeLease, type Lease, type TakeLeaseOptions } from '../state/lease';
import { isProcessAlive, thisProcess } from '../state/process-identity';

import { whoRuns } from './caller';
import type { CommandContext, CommandOutcome, OpenFleet } from './context';
import { departedSince } from './departed-since';
import { EXIT_INTERRUPTED, EXIT_WAITING } from './exit-codes';
import { foundStacks, tellFound } from './found-stacks';
import { idlePorts, openPorts } from './open-ports';
import { pendingRequests, requestsOf } from './pending-requests';
import { openReportFiles, type WriteReport } from './report-files';
import { behindText, newRolloutId } from './rollout-id';
import { byTarget, goodsOf, startOf } from './start-of';
import { tellTorn } from './tell-torn';

export { startOf } from './start-of';

/** How a rollout is driven by a verb. */
export interface ControlOptions {
  readonly verb: string;
  /** Seconds to stay when only waiting is left; null: see the driver. */
  readonly waitSeconds: number | null;
  /** Folder that gets the report in every form, however the rollout is left. */
  readonly report?: string | undefined;
}

/** How a rollout is gone on with. */
export interface ContinueOptions extends ControlOptions {
  /** The holder that is followed, where a person has named it. */
  readonly takeOver?: string | undefined;
  /** What is asked of it: left in its inbox once the lease is there, so that nothing is left behind where it is not. */
  readonly request?: RolloutRequest;
}

/** Other processes' requests are looked for this often: they are to be noticed within a second. */
const REQUEST_SECONDS = 0.25;

/** Takes the fleet's lease for a verb that changes something; one controller per fleet. With `wait`, outlives a holder that may have died. */
export async function underLease<Value>(
  { fleet, ...how }: { readonly fleet: OpenFleet } & Pick<TakeLeaseOptions, 'verb' | 'wait' | 'rollout' | 'takeOver'>,
  context: CommandContext,
  work: (lease: Lease) => Promise<Value>,
): Promise<Value> {
  const lease = await takeLease(fleet.store.objects, {
    clock: context.clock,
    identity: thisProcess(),
    isAlive: isProcessAlive,
    ...how,
    signal: context.interrupt,
    onWait: (holder, until) =>
      context.reporter.report({
        level: 'warning',
        code: 'lease-wait',
        message: `${holder.verb} (pid ${holder.pid} on ${holder.host}) holds the fleet and gives no sign of life: waiting until ${until.toISOString()} for it`,
        data: { holder, until: until.toISOString() },
      }),
  });
  try {
    return await work(lease);
  } finally {
    await lease.release();
  }
}

/** A plan that a person agreed to, to be carried out. */
export interface AgreedPlan {
  readonly fleet: OpenFleet;
  readonly plan: RolloutPlan;
  /** The records it was made from: they must be the same still. @default what changed since is decided again as each target's turn comes */
  readonly madeFrom?: TargetRecords;
  readonly options: ControlOptions;
}

/** Begins a rollout of a plan and drives it as far as it goes. Throws `fleet/changed-meanwhile` where the fleet is not as the plan was made from. */
export async function startRollout({ fleet, plan, madeFrom, options }: AgreedPlan, context: CommandContext): Promise<CommandOutcome> {
  const write = openReportFiles(options.report, context);
  return underLease({ fleet, verb: options.verb, wait: false }, context, async (lease) => {
    const { store } = fleet;
    await refuseUnfinished(fleet);
    const { by } = await whoRuns(fleet, context);
    const at = context.clock.now().toISOString();
    const id = await nameRollout({ fleet, at, plan }, context);
    await lease.drive(id);
    const known = await store.loadRecords();
    if (madeFrom && digestOf([...madeFrom.values()]) !== digestOf([...known.values()]))
      throw new FleetError('fleet/changed-meanwhile', 'another verb changed what is deployed while this one was asking: run it again');
    // Before the journal begins: a rollout whose engine cannot be opened never was.
    const ports = plan.waves.length > 0 ? await openPorts(fleet, context) : idlePorts();
    try {
      const found = await foundStacks(plan, { engine: ports.engine, records: known, at });
      tellFound(found, context);
      const records = new Map([...known, ...byTarget(found)]);
      const goods = goodsOf(plan, records);
      const writer = await store.beginRollout(id, plan, lease.epoch);
      await writer.append([{ goods }, controllerOf(lease, { verb: options.verb, at }), ...found.map((record) => ({ record }))]);
      context.reporter.report({
        level: 'info',
        code: 'rollout-started',
        message: `${plan.purpose} ${id}: ${counted(plan.targets.length, 'target')}, release ${plan.release.slice(0, 12)}`,
        data: { rollout: id },
      });
      const start = { plan, goods: byTarget(goods), records, events: [] };
      return await drive({ id, start, ports, writer, lease, fleet, options, write, by }, context);
    } finally {
      await ports.close();
    }
  });
}

/** A rollout that somebody goes on with. */
export interface Continued {
  readonly fleet: OpenFleet;
  readonly kept: KeptRollout;
  /** `only settles`: nothing further is deployed, so that nobody need look what has left the organisation meanwhile. */
  readonly to: 'go on' | 'only settle';
  readonly options: ContinueOptions;
}

/** Goes on with a rollout whose controller has left or died. Must not have ended. */
export async function continueRollout({ fleet, kept, to, options }: Continued, context: CommandContext): Promise<CommandOutcome> {
  const { verb, takeOver, request } = options;
  const write = openReportFiles(options.report, context);
  return underLease({ fleet, verb, wait: true, rollout: kept.id, takeOver }, context, async (lease) => {
    const { store } = fleet;
    const at = context.clock.now().toISOString();
    const { by } = await whoRuns(fleet, context);
    const ports = await openPorts(fleet, context);
    try {
      const opened = await store.openRollout(kept.id, lease.epoch);
      tellTorn(opened.torn, context);
      const stored = await store.loadRecords();
      // Its first controller died before it wrote a word: the records are still as the rollout began.
      const begins = opened.entries.every((entry) => !('goods' in entry));
      const found = begins ? await foundStacks(kept.plan, { engine: ports.engine, records: stored, at }) : [];
      tellFound(found, context);
      const records = new Map([...stored, ...byTarget(found)]);
      const beginning = begins ? [{ goods: goodsOf(kept.plan, records) }, ...found.map((record) => ({ record }))] : [];
      const known = [...beginning, ...opened.entries];
      // Before what was asked for meanwhile: an approval would start what has left.
      const departed = to === 'go on' ? await departedSince({ plan: kept.plan, entries: known }, { fleet, records }, context) : [];
      const entries = [...known, ...departed];
      if (request) await postMessage(store.objects, store.rolloutPrefix(kept.id), request);
      const pending = [
        ...departed,
        ...(await pendingRequests({ ...kept, entries }, { fleet, records: withRecords(records, departed) }, context)),
      ];
      await opened.writer.append([...beginning, controllerOf(lease, { verb: options.verb, at }), ...pending]);
      const start = { plan: kept.plan, ...startOf([...known, ...pending]), records: withRecords(records, pending) };
      context.reporter.report({
        level: 'info',
        code: 'rollout-resumed',
        message: `${kept.plan.purpose} ${kept.id} goes on, after ${counted(start.events.length, 'event')}`,
        data: { rollout: kept.id },
      });
      return await drive({ id: kept.id, start, ports, writer: opened.writer, lease, fleet, options, write, by }, context);
    } finally {
      await ports.close();
    }
  });
}

function withRecords(records: TargetRecords, entries: readonly JournalEntry[]): TargetRecords {
  return new Map([...records, ...byTarget(entries.flatMap((entry) => ('record' in entry ? [entry.record] : [])))]);
}

interface Drive {
  readonly id: string;
  readonly start: Parameters<typeof driveRollout>[0];
  readonly ports: Awaited<ReturnType<typeof openPorts>>;
  readonly writer: { append(entries: readonly JournalEntry[]): Promise<void> };
  readonly lease: Lease;
  readonly fleet: OpenFleet;
  readonly options: ControlOptions;
  readonly write: WriteReport;
  readonly by: string;
}

async function drive(
  { id, start, ports, writer, lease, fleet, options, write, by }: Drive,
  context: CommandContext,
): Promise<CommandOutcome> {
  const { store } = fleet;
  await store.fetchReleases(releasesIn(start));
  const result = await driveRollout(
    start,
    {
      engine: ports.engine,
      gates: ports.gates,
      clock: context.clock,
      reporter: context.reporter,
      journal: writer,
      releaseOf: releasesOf(fleet),
      requests: requestsOf(fleet, id, context),
      confirm: () => lease.confirm(),
      signals: { drain: context.interrupt, cancel: context.cancel, lost: lease.lost },
    },
    { rollout: id, waitSeconds: options.waitSeconds, requestSeconds: REQUEST_SECONDS, by },
  );
  if (result.left === 'ended') await store.saveRecords(result.records, id);
  return outcomeOf({ id, plan: start.plan, result, write }, context);
}

/** Every release that a rollout may run: those its targets get, and those they may go back to. */
function releasesIn({ plan, goods }: Drive['start']): readonly string[] {
  return [...plan.targets.map(({ release }) => release), ...[...goods.values()].flatMap(({ good }) => good?.release ?? [])];
}

/** Kept releases by digest, each opened (and its content checked) once. */
export function releasesOf({ store }: OpenFleet): (digest: string) => ReleaseHandle {
  const opened = new Map<string, ReleaseHandle>();
  return (digest) => {
    const release = opened.get(digest) ?? openRelease(store.releases, digest);
    opened.set(digest, release);
    return release;
  };
}

function outcomeOf(
  { id, plan, result, write }: { readonly plan: RolloutPlan; readonly result: DriverResult } & Pick<Drive, 'id' | 'write'>,
  context: CommandContext,
): CommandOutcome {
  const report = reportOf(id, plan, { state: result.state, at: context.clock.now().toISOString() });
  write(report);
  const shown = { text: reportText(report), data: report };
  switch (result.left) {
    case 'ended':
      return { exitCode: exitCodeOf(report.outcome), ...shown };
    case 'waiting':
      return { exitCode: EXIT_WAITING, ...shown };
    case 'interrupted':
      return { exitCode: EXIT_INTERRUPTED, ...shown };
    default:
      throw new Error(`unknown end ${String(result satisfies never)}`);
  }
}

/** Exit code of an ended rollout (DESIGN section 6). */
export function exitCodeOf(outcome: RolloutOutcome | null): number {
  return outcome === 'succeeded' ? 0 : 1;
}

/** The state of a kept rollout: its journal's events through the core again. */
export function replay(kept: KeptRollout): RolloutState {
  return replayRollout({ plan: kept.plan, ...startOf(kept.entries) });
}

/** Throws `fleet/unfinished` where the last rollout has not ended: two at once would work against each other. */
export async function refuseUnfinished({ store }: OpenFleet): Promise<void> {
  const last = await store.loadRollout();
  if (!last || replay(last).outcome !== null) return;
  throw new FleetError(
    'fleet/unfinished',
    `${last.plan.purpose} ${last.id} has not ended: go on with fleet resume ${last.id}, or end it with fleet abort ${last.id}`,
  );
}

/** Names who writes what follows in a journal. */
export function controllerOf(lease: Lease, { verb, at }: { readonly verb: string; readonly at: string }): JournalEntry {
  const { host, pid } = thisProcess();
  return { controller: { epoch: lease.epoch, host, pid, verb, at } };
}

/** The id of a rollout that begins now; a clock that was ahead once is told. */
async function nameRollout(
  { fleet, at, plan }: { readonly fleet: OpenFleet; readonly at: string; readonly plan: RolloutPlan },
  context: CommandContext,
): Promise<string> {
  const last = (await fleet.store.rolloutIds()).at(-1);
  const named = newRolloutId({ at, planDigest: plan.digest, last });
  if (last !== undefined && named.behind > 0)
    context.reporter.report({
      level: 'warning',
      code: 'clock-behind',
      message: behindText(named, last),
      data: { last, behind: named.behind },
    });
  return named.id;
}
