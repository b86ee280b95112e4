import * as fc from 'fast-check';

import { isSteady, mergeDatapoints, sampleShape, statisticOf, type Shape } from '../../../sandbox/metrics/datapoint';

const shape = fc.oneof(
  fc.record({ kind: fc.constant('ratio' as const), perSecond: fc.integer({ min: 0, max: 50 }), ratio: fc.integer({ min: 0, max: 100 }).map((p) => p / 100) }), // prettier-ignore
  fc.record({ kind: fc.constant('ticks' as const), every: fc.integer({ min: 1, max: 1000 }), from: fc.integer({ min: 0, max: 5000 }) }),
  fc.record({ kind: fc.constant('gauge' as const), peak: fc.integer({ min: 0, max: 1000 }) }),
);
const instant = fc.integer({ min: 0, max: 20_000 });

describe('sampleShape', () => {
  test('gives the same of a time as of its parts together', () => {
    fc.assert(
      fc.property(shape, fc.tuple(instant, instant, instant), (given: Shape, times) => {
        const [from = 0, middle = 0, until = 0] = [...times].sort((left, right) => left - right);
        const parts = [sampleShape(given, from, middle), sampleShape(given, middle, until)].filter((part) => part !== undefined);
        const whole = sampleShape(given, from, until);
        const merged = mergeDatapoints(parts);

        expect(merged?.samples ?? 0).toBeCloseTo(whole?.samples ?? 0, 6);
        expect(merged?.sum ?? 0).toBeCloseTo(whole?.sum ?? 0, 6);
        expect([merged?.average, merged?.minimum, merged?.maximum]).toEqual([whole?.average, whole?.minimum, whole?.maximum]);
      }),
      { numRuns: 500 },
    );
  });

  test.each<[string, Shape, readonly (number | undefined)[]]>([
    ['a ratio', { kind: 'ratio', perSecond: 10, ratio: 0.01 }, [3000, 30, 0.01, 0, 1]],
    ['a ratio of none', { kind: 'ratio', perSecond: 10, ratio: 0 }, [3000, 0, 0, 0, 0]],
    ['a ratio of all', { kind: 'ratio', perSecond: 10, ratio: 1 }, [3000, 3000, 1, 1, 1]],
    ['a ratio of nothing', { kind: 'ratio', perSecond: 0, ratio: 1 }, [undefined, undefined, undefined, undefined, undefined]],
    ['ticks', { kind: 'ticks', every: 100, from: 250 }, [1, 1, 1, 1, 1]],
    ['ticks that come later', { kind: 'ticks', every: 100, from: 300 }, [undefined, undefined, undefined, undefined, undefined]],
    ['a gauge', { kind: 'gauge', peak: 901 }, [5, 2252.5, 450.5, 0, 901]],
  ])('of %s: count, sum, average, minimum and maximum of five minutes', (_what, given, expected) => {
    const point = sampleShape(given, 0, 300);
    const read = (['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'] as const).map((name) => point && statisticOf(point, name));

    expect(read).toEqual(expected);
  });

  test('a rate stays exactly that rate, however its time is cut', () => {
    const given: Shape = { kind: 'ratio', perSecond: 10 / 3, ratio: 0.07 };
    const cut = [0, 0.1, 17.3, 199, 300].flatMap((from, index, all) => sampleShape(given, from, all[index + 1] ?? from) ?? []);

    expect(mergeDatapoints(cut)?.average).toBe(0.07);
  });

  test('rates that differ weigh by their samples', () => {
    const one = sampleShape({ kind: 'ratio', perSecond: 9, ratio: 0 }, 0, 300);
    const other = sampleShape({ kind: 'ratio', perSecond: 1, ratio: 0.06 }, 0, 300);

    expect(mergeDatapoints([one, other].filter((point) => point !== undefined))?.average).toBeCloseTo(0.006, 9);
  });

  test('every period of what is steady holds the same', () => {
    fc.assert(
      fc.property(shape, fc.constantFrom(60, 300, 900), fc.integer({ min: 20, max: 50 }), (given: Shape, period, start) => {
        fc.pre(isSteady(given, period));
        const points = [0, 1, 2].map((step) => sampleShape(given, (start * 300 + step) * period, (start * 300 + step + 1) * period));

        expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(1);
      }),
    );
  });
});
