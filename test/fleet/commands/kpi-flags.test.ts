import { parseKpiPeriod, refuseMixed } from '../../../fleet/commands/kpi-flags';

const TODAY = '2026-11-30';
const refused = (message: string) => expect.objectContaining({ code: 'user/invalid-flag', message: expect.stringContaining(message) as string }) as Error; // prettier-ignore

test.each([
  [{}, { from: '2026-11-01', to: TODAY }],
  [{ since: '30d' }, { from: '2026-11-01', to: TODAY }],
  [{ since: '1d' }, { from: TODAY, to: TODAY }],
  [{ since: '2026-10-15' }, { from: '2026-10-15', to: TODAY }],
  [{ until: '2026-10-31' }, { from: '2026-10-02', to: '2026-10-31' }],
  [
    { since: '7d', until: '2026-03-02' },
    { from: '2026-02-24', to: '2026-03-02' },
  ],
])('the period of %j is %j', (flags, period) => {
  expect(parseKpiPeriod(flags, TODAY)).toEqual(period);
});

test.each([
  [{ since: 'yesterday' }, '--since yesterday is not a day such as 2026-11-03 or a number of days such as 30d'],
  [{ since: '2026-02-30' }, '--since 2026-02-30 is not a day'],
  [{ since: '0d' }, '--since 0d is out of range: 1d to 3660d'],
  [{ since: '99999d' }, '--since 99999d is out of range'],
  [{ since: '4w' }, '--since 4w is not a day'],
  [{ since: '' }, '--since  is not a day'],
  [{ since: '2026-12-01' }, '--since 2026-12-01 is after today, 2026-11-30 in UTC'],
  [{ until: '2026-12-01' }, '--until 2026-12-01 is after today'],
  [{ until: '30d' }, '--until 30d is not a day such as 2026-11-03'],
  [{ since: '2026-11-05', until: '2026-11-04' }, '--since 2026-11-05 is after --until 2026-11-04: no day is left'],
])('the period of %j is refused: %s', (flags, message) => {
  expect(() => parseKpiPeriod(flags, TODAY)).toThrow(refused(message));
});

test('figures are of all rollouts, and only they have a period', () => {
  expect(() => refuseMixed({ kpi: true }, '2026')).toThrow(refused('--kpi is about all rollouts, 2026 is one'));
  expect(() => refuseMixed({ since: '30d' }, undefined)).toThrow(refused('--since 30d is the period of figures: add --kpi'));
  expect(() => refuseMixed({ until: '2026-11-03' }, '2026')).toThrow(refused('--until 2026-11-03 is the period of figures'));
  expect(() => refuseMixed({ kpi: true, since: '30d' }, undefined)).not.toThrow();
  expect(() => refuseMixed({}, '2026')).not.toThrow();
});
