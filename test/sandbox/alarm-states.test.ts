import * as fc from 'fast-check';

import type { AlarmDefinition } from '../../sandbox/alarm-states-definition';
import { metricAlarmStates, stateAt } from '../../sandbox/alarm-states';
import type { Datapoint } from '../../sandbox/metrics/datapoint';
import type { MetricView } from '../../sandbox/metrics/metric-view';

const PERIOD = 300;

const alarm: AlarmDefinition = {
  namespace: 'n',
  metricName: 'm',
  dimensions: {},
  statistic: 'Average',
  period: PERIOD,
  evaluationPeriods: 1,
  threshold: 5,
  comparisonOperator: 'GreaterThanThreshold',
  treatMissingData: 'notBreaching',
};

const point = (value: number): Datapoint => ({ samples: 1, sum: value, average: value, minimum: value, maximum: value });

/** A series whose windows from the one at instant 0 on hold these values; null: no data. */
function windows(
  values: readonly (number | null)[],
  steady = true,
  known: Partial<Pick<MetricView, 'knownFrom' | 'madeAt'>> = {},
): MetricView {
  return {
    edges: values.map((_, index) => index * PERIOD),
    isSteady: () => steady,
    knownFrom: -Infinity,
    madeAt: -Infinity,
    ...known,
    datapoint: (from) => {
      const value = values[Math.floor(from / PERIOD)] ?? null;
      return value === null ? undefined : point(value);
    },
  };
}

const statesOf = (definition: AlarmDefinition, view: MetricView, now: number) =>
  metricAlarmStates(definition, view, { madeAt: 0, from: 0, now }).map(({ at, state }) => [at / PERIOD, state]);

describe('metricAlarmStates', () => {
  test('an alarm has no state before its first evaluation, and is evaluated when a period ends', () => {
    const view = windows([9, 1, 9, 9, 1]);

    expect(statesOf(alarm, view, PERIOD - 1)).toEqual([[0, 'INSUFFICIENT_DATA']]);
    expect(statesOf(alarm, view, 5 * PERIOD)).toEqual([
      [0, 'INSUFFICIENT_DATA'],
      [1, 'ALARM'],
      [2, 'OK'],
      [3, 'ALARM'],
      [5, 'OK'],
    ]);
  });

  test.each([
    ['GreaterThanThreshold', [4, 5, 6], ['OK', 'OK', 'ALARM']],
    ['GreaterThanOrEqualToThreshold', [4, 5, 6], ['OK', 'ALARM', 'ALARM']],
    ['LessThanThreshold', [4, 5, 6], ['ALARM', 'OK', 'OK']],
    ['LessThanOrEqualToThreshold', [4, 5, 6], ['ALARM', 'ALARM', 'OK']],
  ] as const)('%s', (comparisonOperator, values, expected) => {
    const states = metricAlarmStates({ ...alarm, comparisonOperator }, windows(values), { madeAt: 0, from: 0, now: 3 * PERIOD });

    expect([1, 2, 3].map((window) => stateAt(states, window * PERIOD))).toEqual(expected);
  });

  test.each<[AlarmDefinition['treatMissingData'], number, readonly (number | null)[], string]>([
    ['notBreaching', 3, [9, 9, null], 'OK'],
    ['notBreaching', 2, [9, 9, null], 'ALARM'],
    ['notBreaching', 2, [null, null, null], 'OK'],
    ['breaching', 3, [9, 9, null], 'ALARM'],
    ['breaching', 3, [1, null, null], 'OK'],
    ['breaching', 3, [null, null, null], 'ALARM'],
    ['missing', 3, [null, null, null], 'INSUFFICIENT_DATA'],
    ['missing', 3, [null, null, 9], 'ALARM'],
    ['missing', 3, [null, 1, 9], 'OK'],
    ['missing', 2, [9, null, 9], 'ALARM'],
    ['ignore', 3, [9, 9, null], 'INSUFFICIENT_DATA'],
    ['ignore', 3, [1, null, null], 'OK'],
    ['ignore', 2, [9, 9, null], 'ALARM'],
  ])('missing data as %s, %d of 3 windows, %j: %s', (treatMissingData, datapointsToAlarm, values, expected) => {
    const definition = { ...alarm, treatMissingData, datapointsToAlarm, evaluationPeriods: 3 };
    // The third evaluation alone sees exactly these windows.
    const states = metricAlarmStates(definition, windows(values), { madeAt: 0, from: 2.5 * PERIOD, now: 3 * PERIOD });

    expect(states.at(-1)?.state).toBe(expected);
  });

  test('while it warms up, silence decides nothing, and data does', () => {
    const silent = { ...alarm, comparisonOperator: 'LessThanThreshold', treatMissingData: 'breaching', evaluationPeriods: 2 } as const;
    const warming = {
      ...silent,
      warmUpConfiguration: { warmUpPeriodDurationInMinutes: 15, onlyStartEvaluatingAfterWarmUpPeriodEnds: false },
    };
    const waiting = {
      ...silent,
      warmUpConfiguration: { warmUpPeriodDurationInMinutes: 15, onlyStartEvaluatingAfterWarmUpPeriodEnds: true },
    };

    expect(statesOf(silent, windows([null, null, null, null, null]), 5 * PERIOD)).toEqual([[0, 'INSUFFICIENT_DATA'], [1, 'ALARM']]); // prettier-ignore
    expect(statesOf(warming, windows([null, null, null, null, null]), 5 * PERIOD)).toEqual([[0, 'INSUFFICIENT_DATA'], [4, 'ALARM']]); // prettier-ignore
    expect(statesOf(warming, windows([9, 9, 9, 9, 9]), 5 * PERIOD)).toEqual([[0, 'INSUFFICIENT_DATA'], [1, 'OK']]); // prettier-ignore
    expect(statesOf(warming, windows([1, 1, 9, 9, 9]), 2 * PERIOD)).toEqual([[0, 'INSUFFICIENT_DATA'], [2, 'ALARM']]); // prettier-ignore
    expect(statesOf(waiting, windows([9, 9, 9, 9, 9]), 5 * PERIOD)).toEqual([[0, 'INSUFFICIENT_DATA'], [4, 'OK']]); // prettier-ignore
  });

  test('silence from before the last deployment is no silence', () => {
    const silent = { ...alarm, comparisonOperator: 'LessThanThreshold', treatMissingData: 'breaching', evaluationPeriods: 2 } as const;
    const view = (known: Partial<MetricView>) => windows([null, null, null, null, null, null], true, known);

    expect(statesOf(silent, view({ madeAt: 0, knownFrom: 4 * PERIOD }), 6 * PERIOD).at(-1)).toEqual([6, 'ALARM']);
    expect(statesOf(silent, view({ madeAt: 4 * PERIOD, knownFrom: 4 * PERIOD }), 4 * PERIOD).at(-1)).toEqual([1, 'ALARM']);
  });

  test('skipping steady times changes nothing', () => {
    const series = fc.array(fc.tuple(fc.constantFrom(null, 1, 9), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        series,
        fc.record({
          evaluationPeriods: fc.integer({ min: 1, max: 4 }),
          treatMissingData: fc.constantFrom('missing', 'ignore', 'breaching', 'notBreaching'),
          comparisonOperator: fc.constantFrom('GreaterThanThreshold', 'LessThanThreshold'),
          minutes: fc.option(fc.integer({ min: 1, max: 40 })),
          offset: fc.integer({ min: 0, max: 2 * PERIOD }),
        }),
        (runs, { minutes, offset, ...changes }) => {
          const warmUp = { warmUpPeriodDurationInMinutes: minutes ?? 1, onlyStartEvaluatingAfterWarmUpPeriodEnds: false };
          const definition = { ...alarm, ...changes, ...(minutes === null ? {} : { warmUpConfiguration: warmUp }) } as AlarmDefinition;
          let end = offset;
          const parts = runs.map(([value, length]) => ({ from: end, until: (end += length * PERIOD - 70), value }));
          const view = (steady: boolean): MetricView => ({
            edges: parts.map(({ from }) => from),
            isSteady: () => steady,
            knownFrom: offset,
            madeAt: -Infinity,
            // A window that straddles parts has what the last of them has.
            datapoint: (from, until) => {
              const value = parts.findLast((part) => part.from < until && part.until > from)?.value ?? null;
              return value === null ? undefined : point(value);
            },
          });
          const time = { madeAt: offset, from: offset, now: end - 1 };

          expect(metricAlarmStates(definition, view(true), time)).toEqual(metricAlarmStates(definition, view(false), time));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a year in which nothing changes takes no time', () => {
    let asked = 0;
    const view = { ...windows([]), edges: [0], datapoint: () => ((asked += 1), point(9)) };

    expect(statesOf(alarm, view, 365 * 86_400)).toEqual([[0, 'INSUFFICIENT_DATA'], [1, 'ALARM']]); // prettier-ignore
    expect(asked).toBeLessThan(10);
  });

  test('of what is never steady, the last 5,000 periods are looked at', () => {
    let first = Infinity;
    const view = { ...windows([], false), datapoint: (from: number) => ((first = Math.min(first, from)), point(1)) };
    metricAlarmStates(alarm, view, { madeAt: 0, from: 0, now: 20_000 * PERIOD });

    expect(first / PERIOD).toBe(14_999);
  });
});
