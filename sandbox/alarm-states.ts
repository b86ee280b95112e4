import type { AlarmState } from './alarm-rule';
import type { AlarmRule } from './alarm-states-definition';
import { statisticOf } from './metrics/datapoint';
import { firstIndex } from './metrics/first-index';
import type { MetricView } from './metrics/metric-view';

/** An alarm turned to a state, in simulated seconds. */
export interface StateChange {
  readonly at: number;
  readonly state: AlarmState;
}

/** When an alarm is looked at, in simulated seconds. */
export interface AlarmTime {
  readonly madeAt: number;
  /** Nothing before is known of it. */
  readonly from: number;
  readonly now: number;
}

/** Evaluations at most, the last ones, of a series that is never steady. All others are skipped through. */
const MOST_EVALUATIONS = 5_000;

/**
 * States of a metric alarm, oldest first. It is evaluated whenever a period ends, over whole periods that start at multiples of it. Until the
 * first time it is INSUFFICIENT_DATA.
 */
export function metricAlarmStates(alarm: AlarmRule, metric: MetricView, time: AlarmTime): readonly StateChange[] {
  const { period, evaluationPeriods } = alarm;
  const changes: StateChange[] = [{ at: time.from, state: 'INSUFFICIENT_DATA' }];
  const warmUntil = time.madeAt + (alarm.warmUpConfiguration?.warmUpPeriodDurationInMinutes ?? 0) * 60;
  const edges = [...metric.edges, warmUntil, time.madeAt, metric.knownFrom].sort((left, right) => left - right);
  const steady = metric.isSteady(period);
  const last = Math.floor(time.now / period);
  let end = Math.max(Math.floor(time.from / period) + 1, steady ? -Infinity : last - MOST_EVALUATIONS);
  while (end <= last) {
    const at = end * period;
    const state = evaluate(alarm, metric, { at, warm: at > warmUntil, before: changes.at(-1)?.state ?? 'INSUFFICIENT_DATA' });
    if (state !== changes.at(-1)?.state) changes.push({ at, state });
    const windowsFrom = at - evaluationPeriods * period;
    const nextEdge = edges[firstIndex(edges.length, (index) => (edges[index] ?? 0) > windowsFrom)] ?? Infinity;
    // All windows lie between two edges: so it stays until one is crossed.
    const skips = steady && nextEdge >= at;
    if (skips && nextEdge === Infinity) break;
    end = skips ? Math.floor(nextEdge / period) + 1 : end + 1;
  }
  return changes;
}

/** State at an instant. */
export function stateAt(changes: readonly StateChange[], at: number): AlarmState {
  return changes.findLast((change) => change.at <= at)?.state ?? 'INSUFFICIENT_DATA';
}

type Window = 'breaching' | 'fine' | 'missing';

function evaluate(
  alarm: AlarmRule,
  metric: MetricView,
  when: { readonly at: number; readonly warm: boolean; readonly before: AlarmState },
): AlarmState {
  const windows = Array.from({ length: alarm.evaluationPeriods }, (_, index) => {
    const end = when.at - index * alarm.period;
    return readWindow(alarm, metric, { from: end - alarm.period, end });
  });
  if (!when.warm) {
    if (alarm.warmUpConfiguration?.onlyStartEvaluatingAfterWarmUpPeriodEnds) return 'INSUFFICIENT_DATA';
    // AWS ends the warm-up early once there is data enough: here, once what is still missing could not make a difference.
    const worst = decide(alarm, fill(windows, 'breaching'), when.before);
    return worst === decide(alarm, fill(windows, 'fine'), when.before) ? worst : 'INSUFFICIENT_DATA';
  }
  return decide(alarm, windows, when.before);
}

function readWindow(alarm: AlarmRule, metric: MetricView, window: { readonly from: number; readonly end: number }): Window {
  const point = metric.datapoint(window.from, window.end);
  // Silence says something only where data would be known.
  if (!point) return window.end <= metric.knownFrom && window.end > metric.madeAt ? 'fine' : 'missing';
  return breaches(alarm, statisticOf(point, alarm.statistic)) ? 'breaching' : 'fine';
}

function breaches({ comparisonOperator, threshold }: AlarmRule, value: number): boolean {
  switch (comparisonOperator) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
    default:
      throw new Error(`unknown comparison ${String(comparisonOperator satisfies never)}`);
  }
}

/** CloudWatch's "M out of N": what missing data counts for is the alarm's own choice. */
function decide(alarm: AlarmRule, windows: readonly Window[], before: AlarmState): AlarmState {
  const needed = alarm.datapointsToAlarm ?? alarm.evaluationPeriods;
  const count = (sought: Window, among = windows) => among.filter((window) => window === sought).length;
  const missing = count('missing');
  switch (alarm.treatMissingData) {
    case 'breaching':
      return count('breaching') + missing >= needed ? 'ALARM' : 'OK';
    case 'notBreaching':
      return count('breaching') >= needed ? 'ALARM' : 'OK';
    case 'ignore':
      if (count('breaching') >= needed) return 'ALARM';
      return count('breaching') + missing < needed ? 'OK' : before;
    case 'missing': {
      const present = windows.length - missing;
      if (present === 0) return 'INSUFFICIENT_DATA';
      return count('breaching') >= Math.min(needed, present) ? 'ALARM' : 'OK';
    }
    default:
      throw new Error(`unknown treatment ${String(alarm.treatMissingData satisfies never)}`);
  }
}

function fill(windows: readonly Window[], as: Window): readonly Window[] {
  return windows.map((window) => (window === 'missing' ? as : window));
}
