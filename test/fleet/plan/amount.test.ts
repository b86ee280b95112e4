import fc from 'fast-check';

import { amountOf } from '../../../fleet/plan/amount';

const percent = (value: number) => ({ kind: 'percent' as const, value });
const count = (value: number) => ({ kind: 'count' as const, value });

test.each([
  [count(3), 100, 3],
  [count(3), 0, 3],
  [percent(10), 9, 0],
  [percent(10), 10, 1],
  [percent(10), 19, 1],
  [percent(100), 7, 7],
  [percent(0), 1000, 0],
  // As floating point 28.999999999999996, 56.99999999999999 and 0.7 of one hundredth less.
  [percent(29), 100, 29],
  [percent(57), 100, 57],
  [percent(0.07), 10_000, 7],
])('%j of %i targets is %i', (amount, total, expected) => {
  expect(amountOf(amount, total)).toBe(expected);
});

test('a percentage rounds down: never more than its share, and less than one short of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 100_000 }), (hundredths, total) => {
      const amount = amountOf(percent(hundredths / 100), total);
      expect(amount * 10_000).toBeLessThanOrEqual(hundredths * total);
      expect((amount + 1) * 10_000).toBeGreaterThan(hundredths * total);
    }),
  );
});
