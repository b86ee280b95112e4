import * as fc from 'fast-check';

import type { AlarmRule } from '../../sandbox/alarm-states-definition';
import { insightsAlarmStates } from '../../sandbox/alarm-states-insights';
import { metricAlarmStates, stateAt } from '../../sandbox/alarm-states';
import type { Datapoint } from '../../sandbox/metrics/datapoint';
import type { MetricView } from '../../sandbox/metrics/metric-view';

const PERIOD = 300;
const rule: AlarmRule = {
  statistic: 'Average',
  period: PERIOD,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  threshold: 0.05,
  comparisonOperator: 'GreaterThanThreshold',
  treatMissingData: 'notBreaching',
};
const point = (value: number): Datapoint => ({ samples: 1, sum: value, average: value, minimum: value, maximum: value });

/** A group whose windows from the one at instant 0 on hold these values; null: no data. */
const group = (...values: readonly (number | null)[]): MetricView => ({
  edges: values.map((_, index) => index * PERIOD),
  isSteady: () => true,
  knownFrom: -Infinity,
  madeAt: -Infinity,
  datapoint: (from) => {
    const value = values[Math.floor(from / PERIOD)] ?? null;
    return value === null ? undefined : point(value);
  },
});
const time = (windows: number) => ({ madeAt: 0, from: 0, now: windows * PERIOD });
const statesOf = (of: AlarmRule, groups: readonly MetricView[], windows: number) =>
  insightsAlarmStates(of, groups, time(windows)).map(({ at, state }) => [at / PERIOD, state]);

describe('an alarm on a query', () => {
  test('is red while any group breaches in two of three windows, whatever the others do', () => {
    const well = group(0, 0, 0, 0, 0, 0, 0);
    const ill = group(0, 0.3, 0.3, 0, 0, 0, 0);
    const expected = [[0, 'INSUFFICIENT_DATA'], [1, 'OK'], [3, 'ALARM'], [5, 'OK']]; // prettier-ignore

    expect(statesOf(rule, [well, ill], 7)).toEqual(expected);
    expect(statesOf(rule, [ill, well], 7)).toEqual(expected);
  });

  test('does not add groups up: one window of each of two is no alarm', () => {
    expect(statesOf(rule, [group(0, 0.3, 0, 0), group(0, 0, 0.3, 0)], 4)).toEqual([[0, 'INSUFFICIENT_DATA'], [1, 'OK']]); // prettier-ignore
  });

  test('stays red from one group to the next', () => {
    const once = { ...rule, evaluationPeriods: 1, datapointsToAlarm: 1 };

    expect(statesOf(once, [group(9, 0, 0), group(0, 9, 0)], 3)).toEqual([[0, 'INSUFFICIENT_DATA'], [1, 'ALARM'], [3, 'OK']]); // prettier-ignore
  });

  test.each([
    ['notBreaching', 'OK'],
    ['missing', 'INSUFFICIENT_DATA'],
    ['breaching', 'ALARM'],
  ] as const)('that matches nothing, where missing data is %s: %s', (treatMissingData, state) => {
    expect(insightsAlarmStates({ ...rule, treatMissingData }, [], time(4)).at(-1)?.state).toBe(state);
  });

  test('has data while any group has', () => {
    expect(statesOf({ ...rule, treatMissingData: 'missing' }, [group(), group(0, 0, 0, 0)], 4).at(-1)).toEqual([1, 'OK']);
  });

  test('at any instant is the worst of its groups, and each change is one', () => {
    const values = fc.array(fc.constantFrom(null, 0, 0.3), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('missing', 'notBreaching'),
        fc.integer({ min: 1, max: 3 }),
        (all, treatMissingData, datapointsToAlarm) => {
          const of: AlarmRule = { ...rule, treatMissingData, datapointsToAlarm };
          const groups = all.map((one) => group(...one));
          const states = insightsAlarmStates(of, groups, time(10));
          const each = groups.map((one) => metricAlarmStates(of, one, time(10)));

          for (let at = 0; at <= 10 * PERIOD; at += PERIOD / 2) {
            const own = each.map((changes) => stateAt(changes, at));
            const worst = (['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const).find((state) => own.includes(state));
            expect(stateAt(states, at)).toBe(worst);
          }
          states.slice(1).forEach(({ at, state }, index) => {
            expect(at).toBeGreaterThan(states[index]?.at ?? Infinity);
            expect(state).not.toBe(states[index]?.state);
          });
        },
      ),
    );
  });
});
