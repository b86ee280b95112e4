import * as fc from 'fast-check';

import { elapsedSeconds, mean, median, percentile, share, worst } from '../../../fleet/kpi/statistics';

test.each<[readonly number[], number | null, number | null, number | null, number | null]>([
  [[], null, null, null, null],
  [[7], 7, 7, 7, 7],
  [[3, 1], 2, 2, 3, 3],
  [[5, 1, 3], 3, 3, 5, 5],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 100], 5.5, 14.5, 100, 9],
])('of %j: median %s, mean %s, worst %s, p90 %s', (values, middle, average, greatest, p90) => {
  expect([median(values), mean(values), worst(values), percentile(values, 90)]).toEqual([middle, average, greatest, p90]);
});

test('all lie between the least and the greatest', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1 }), (values) => {
      for (const one of [median(values), mean(values), worst(values), percentile(values, 90), percentile(values, 0)]) {
        expect(one).toBeGreaterThanOrEqual(Math.min(...values));
        expect(one).toBeLessThanOrEqual(Math.max(...values));
      }
    }),
  );
});

test('a share of nothing is none, and clocks that differ give no negative time', () => {
  expect([share(0, 0), share(0, 3), share(1, 3), share(3, 3)]).toEqual([null, 0, 0.3333, 1]);
  expect(elapsedSeconds('2026-11-03T10:00:00.000Z', '2026-11-03T10:00:01.250Z')).toBe(1.25);
  expect(elapsedSeconds('2026-11-03T10:00:01.000Z', '2026-11-03T10:00:00.000Z')).toBe(0);
});
