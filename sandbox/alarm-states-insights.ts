import type { AlarmState } from './alarm-rule';
import { metricAlarmStates, stateAt, type AlarmTime, type StateChange } from './alarm-states';
import type { AlarmRule } from './alarm-states-definition';
import type { MetricView } from './metrics/metric-view';
import { mergedView } from './metrics/merged-view';

/**
 * States of an alarm on a query, oldest first: each group is judged by itself, and the alarm is red while any of them is, as CloudWatch's is with
 * its contributors. It has data while any has. A query that matches nothing is one group without data.
 */
export function insightsAlarmStates(rule: AlarmRule, groups: readonly MetricView[], time: AlarmTime): readonly StateChange[] {
  const all = (groups.length === 0 ? [mergedView([])] : groups).map((group) => metricAlarmStates(rule, group, time));
  const instants = [...new Set(all.flatMap((changes) => changes.map(({ at }) => at)))].sort((left, right) => left - right);
  const states: StateChange[] = [];
  for (const at of instants) {
    const state = worstOf(all.map((changes) => stateAt(changes, at)));
    if (state !== states.at(-1)?.state) states.push({ at, state });
  }
  return states;
}

function worstOf(states: readonly AlarmState[]): AlarmState {
  if (states.includes('ALARM')) return 'ALARM';
  return states.includes('OK') ? 'OK' : 'INSUFFICIENT_DATA';
}
