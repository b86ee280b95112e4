import fc from 'fast-check';

import type { HorizontalLine } from '../../../fleet/dashboards/dashboard-body';
import { limitPassed } from '../../../fleet/dashboards/limit-marks';

const asOf = new Date('2026-11-24T12:00:00Z');
const limit = (value: number, fill: HorizontalLine['fill']): HorizontalLine => ({ label: '', value, fill, until: null, axis: 'left' });
const latest = (value: number, secondsAgo = 300) => ({
  label: 'A',
  period: 300,
  points: [
    { at: asOf.getTime() - 3_600_000, value: 99 },
    { at: asOf.getTime() - secondsAgo * 1000, value },
  ],
});

describe('the limit that a line is past', () => {
  const [objective, alarm] = [limit(0.001, 'above'), limit(0.05, 'above')];

  test.each([
    ['at a limit', 0.001, null],
    ['above one', 0.03, objective],
    ['above both: the farthest', 0.3, alarm],
  ])('%s', (_, value, expected) => {
    expect(limitPassed(latest(value), [objective, alarm], asOf)).toBe(expected);
    expect(limitPassed(latest(value), [alarm, objective], asOf)).toBe(expected);
  });

  test('below one', () => {
    const silent = limit(1, 'below');

    expect([0, 1, 2].map((value) => limitPassed(latest(value), [silent], asOf))).toEqual([silent, null, null]);
  });

  test.each([
    ['of the last whole period', 599, alarm],
    ['of the past', 601, null],
  ])('a value %s', (_, secondsAgo, expected) => {
    expect(limitPassed(latest(0.3, secondsAgo), [alarm], asOf)).toBe(expected);
  });

  test('no data is past nothing', () => {
    expect(limitPassed({ label: 'A', period: 300, points: [] }, [limit(1, 'below')], asOf)).toBeNull();
  });

  test('a line or a band without a side is no limit', () => {
    expect(limitPassed(latest(9), [limit(1, null), { ...limit(1, 'above'), until: 10 }], asOf)).toBeNull();
  });

  test('is one that the value is past, and none of the others that it is past lies farther out', () => {
    const limits = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom('above', 'below', null)), { maxLength: 5 });
    fc.assert(
      fc.property(limits, fc.integer({ min: 0, max: 9 }), (all, value) => {
        const lines = all.map(([at, fill]) => limit(at, fill));
        const past = lines.filter(({ fill, value: at }) => (fill === 'above' && value > at) || (fill === 'below' && value < at));
        const found = limitPassed(latest(value), lines, asOf);

        expect(found === null).toBe(past.length === 0);
        if (found === null) return;
        expect(past).toContain(found);
        for (const other of past.filter(({ fill }) => fill === found.fill))
          expect(found.fill === 'above' ? other.value <= found.value : other.value >= found.value).toBe(true);
      }),
    );
  });
});
