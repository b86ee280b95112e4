import { addDays, daysBetween, daysOf, endOfMonth, periodBefore, readDay, runsOf } from '../../../fleet/cost/days';

test('days that there are not are not read', () => {
  expect(readDay('2028-02-29')).toBe('2028-02-29');
  for (const text of ['2027-02-29', '2026-13-01', '2026-1-1', '2026-11-03T00:00:00Z', '', '0000-00-00']) expect(readDay(text)).toBeUndefined(); // prettier-ignore
});

test('days are counted over ends of months, years and summer time', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysOf({ from: '2026-10-24', to: '2026-10-26' })).toEqual(['2026-10-24', '2026-10-25', '2026-10-26']);
  expect([endOfMonth('2026-02'), endOfMonth('2028-02'), endOfMonth('2026-12')]).toEqual(['2026-02-28', '2028-02-29', '2026-12-31']);
});

test('the period before is as long, and ends where this one begins', () => {
  expect(periodBefore({ from: '2026-11-01', to: '2026-11-29' })).toEqual({ from: '2026-10-03', to: '2026-10-31' });
  expect(periodBefore({ from: '2026-11-05', to: '2026-11-05' })).toEqual({ from: '2026-11-04', to: '2026-11-04' });
});

test('days without gaps are asked for together', () => {
  expect(runsOf([])).toEqual([]);
  expect(runsOf(['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-03'])).toEqual([
    { from: '2026-10-30', to: '2026-11-01' },
    { from: '2026-11-03', to: '2026-11-03' },
  ]);
});
