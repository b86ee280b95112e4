import type { Conditions, ConditionsLog } from './conditions-log';
import { loadOf, type Load } from './load';
import type { OrderPath, RunningVersion } from './order-path';

/** One evaluation window of the order system's alarms, in seconds: `after` and `times` of a planted alarm count these. */
export const FAULT_WINDOW_SECONDS = 300;

/** Whose orders a planted alarm fails. */
type Struck = 'nobody' | 'everybody' | 'newest';

/** A time in which nothing changes, in simulated seconds. */
export interface Segment {
  readonly from: number;
  readonly until: number;
  readonly load: Load;
  readonly struck: Struck;
  /** False before the last deployment: what ran then is not kept, and the heartbeat alone is known. */
  readonly known: boolean;
}

/** What segments are made of. */
export interface SegmentOptions {
  readonly log: ConditionsLog;
  /** What was last deployed on the path's target; undefined where that is not noted. */
  readonly deployment: { readonly fingerprint: string; readonly at: number } | undefined;
  /** Real milliseconds to simulated seconds. */
  readonly toSimulated: (milliseconds: number) => number;
}

/** The time of a path from its making on, cut wherever something changes. */
export function segmentsOf(path: OrderPath, options: SegmentOptions): readonly Segment[] {
  const { log, deployment, toSimulated } = options;
  const { target } = path;
  const fingerprint = deployment?.fingerprint;
  const since = Math.max(path.changedAt, deployment ? toSimulated(deployment.at) : 0);
  const conditions = log.history.map((one) => ({ ...one, from: toSimulated(one.from) }));
  const alarms = log
    .standingTimes('alarm')
    .filter(({ fault }) => log.strikes(fault, { target, fingerprint }))
    .map(({ fault, from, until }) => {
      const start = Math.max(toSimulated(from), since);
      const first = Math.floor(start / FAULT_WINDOW_SECONDS) + fault.after;
      const ends = fault.times === undefined ? Infinity : (first + fault.times) * FAULT_WINDOW_SECONDS;
      return {
        struck: fault.release === 'new' ? ('newest' as const) : ('everybody' as const),
        from: fault.after === 0 ? start : first * FAULT_WINDOW_SECONDS,
        until: Math.min(toSimulated(until), ends),
      };
    });
  const quiet = log
    .standingTimes('no-traffic')
    .filter(({ fault }) => log.strikes(fault, { target, fingerprint }))
    .map(({ from, until }) => ({ from: toSimulated(from), until: toSimulated(until) }));

  const tableless = path.withoutTable ? [path.withoutTable] : [];

  const cuts = [
    since,
    ...conditions.slice(1).map(({ from }) => from),
    ...[...alarms, ...quiet, ...tableless].flatMap(({ from, until }) => [from, until]),
  ];
  const edges = [...new Set([path.madeAt, ...cuts.filter((at) => at > path.madeAt && at < Infinity)])].sort((left, right) => left - right);
  return edges.map((from, index) => {
    const stands = (time: { readonly from: number; readonly until: number }) => time.from <= from && from < time.until;
    const struck = alarms.filter(stands).map((alarm) => alarm.struck);
    const planted = loadOf(conditionsAt(conditions, from)?.traffic ?? [], target);
    // Without their table all orders fail, the synthetic ones among them.
    const load = tableless.some(stands) ? { ...planted, failing: 1, failingOnTrial: null, heartbeat: false } : planted;
    return {
      from,
      until: edges[index + 1] ?? Infinity,
      load: quiet.some(stands) ? { ...load, ordersPerSecond: 0 } : load,
      struck: struck.includes('everybody') ? 'everybody' : struck.includes('newest') ? 'newest' : 'nobody',
      known: from >= since,
    };
  });
}

/** Does a planted alarm fail the orders that a version takes: those of the version on trial alone while two share them. */
export function isStruck(version: RunningVersion, { struck }: Segment, shifting: boolean): boolean {
  if (struck === 'nobody') return false;
  if (shifting) return version.onTrial;
  return struck === 'everybody' || version.newest;
}

function conditionsAt(conditions: readonly Conditions[], at: number): Conditions | undefined {
  return conditions.findLast(({ from }) => from <= at) ?? conditions[0];
}
