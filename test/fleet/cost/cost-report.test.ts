import { costReport, UNEXPLAINED, type CostReportInput } from '../../../fleet/cost/cost-report';
import type { CutName } from '../../../fleet/cost/cost-cut';
import type { CostDay } from '../../../fleet/cost/cost-source';
import { parseMoney } from '../../../fleet/cost/money';

const FIRST = '200000000001';
const SECOND = '200000000002';

const day = (name: string, items: readonly (readonly [account: string, value: string, amount: string])[], estimated = false): CostDay => ({
  day: name,
  estimated,
  items: items.map(([account, value, amount]) => ({ account, value, amount: parseMoney(amount) })),
});

/** Two days against two; usage of two accounts on the last of them. */
function reportOf(cuts: Partial<Record<CutName, readonly CostDay[]>>, of: Partial<CostReportInput> = {}) {
  const quiet = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'].map((name) => day(name, []));
  const all = new Map<CutName, readonly CostDay[]>([['type', quiet], ['untagged', quiet], ...(Object.entries(cuts) as [CutName, readonly CostDay[]][])]); // prettier-ignore
  const period = { from: '2026-11-03', to: '2026-11-04' };
  return costReport({ today: '2026-11-06', period, cuts: all, by: ['account'], currency: 'USD', accounts: [{ id: FIRST, name: 'one' }], takes: () => true, orders: null, ...of }); // prettier-ignore
}

const usage = [
  day('2026-11-01', [[FIRST, 'Usage', '4']]),
  day('2026-11-02', []),
  day('2026-11-03', [[FIRST, 'Usage', '5']]),
  day('2026-11-04', [[SECOND, 'Usage', '1'], [SECOND, 'SavingsPlanCoveredUsage', '2'], [SECOND, 'EDP Discount', '-1']], true), // prettier-ignore
];

test('accounts have their names, and are compared with the period before', () => {
  const { tables, total, types } = reportOf({ type: usage });
  expect(total).toEqual({ amount: '7.00', exact: '7', previous: '4.00', change: '3.00', changePercent: '75.0' });
  expect(types.map(({ type, amount }) => [type, amount])).toEqual([['usage', '8.00'], ['other', '-1.00']]); // prettier-ignore
  expect(tables[0]?.rows).toMatchObject([
    { key: FIRST, name: 'one', amount: '5.00', previous: '4.00', changePercent: '25.0', sharePercent: '71.4' },
    { key: SECOND, name: null, amount: '2.00', previous: '0.00', changePercent: null, sharePercent: '28.6' },
  ]);
});

test('is plain data', () => {
  const report = reportOf({ type: usage });
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test('the age of the data is that of the newest day that every cut calls final', () => {
  expect(reportOf({ type: usage }).data).toEqual({ newestFinalDay: '2026-11-03', ageDays: 3, estimatedDays: ['2026-11-04'], missingDays: [] }); // prettier-ignore
  const untagged = [day('2026-11-01', []), day('2026-11-02', [], true), day('2026-11-04', [])];
  expect(reportOf({ type: usage, untagged }).data).toEqual({
    newestFinalDay: '2026-11-01',
    ageDays: 5,
    estimatedDays: ['2026-11-02', '2026-11-04'],
    missingDays: ['2026-11-03'],
  });
  expect(reportOf({ type: [], untagged: [] }).data).toMatchObject({ newestFinalDay: null, ageDays: null, missingDays: { length: 4 } });
});

test('what another cut does not tell is a row of its own: no table falls short of the total', () => {
  const region = usage.map(({ day: name, items, estimated }) => day(name, items.filter(({ value }) => value === 'Usage').map(({ account }) => [account, 'eu-west-1', '1']), estimated)); // prettier-ignore
  const { tables } = reportOf({ type: usage, region }, { by: ['region'] });
  expect(tables[0]?.rows.map(({ key, amount, previous }) => [key, amount, previous])).toEqual([
    [UNEXPLAINED, '5.00', '3.00'],
    ['eu-west-1', '2.00', '1.00'],
  ]);
});

test('usage without a tag is a share of usage, not of what credits leave of it', () => {
  const untagged = [day('2026-11-03', [[FIRST, 'Usage', '2'], [FIRST, 'Credit', '-50'], [FIRST, 'Tax', '9']])]; // prettier-ignore
  expect(reportOf({ type: usage, untagged }).untagged).toEqual({ amount: '2.00', ofUsagePercent: '25.0' });
  expect(reportOf({}).untagged).toEqual({ amount: '0.00', ofUsagePercent: null });
});

describe('orders', () => {
  const places = [
    { account: FIRST, region: 'eu-west-1', orders: 1500 },
    { account: FIRST, region: 'us-east-1', orders: 500 },
    { account: SECOND, region: 'eu-west-1', orders: 0 },
  ];

  test('give the price of a thousand, in all and of each account', () => {
    const report = reportOf({ type: usage }, { orders: { places, notRead: 0 } });
    expect([report.orders, report.perThousandOrders]).toEqual([2000, '3.5000']);
    expect(report.tables[0]?.rows.map(({ orders, perThousandOrders }) => [orders, perThousandOrders])).toEqual([[2000, '2.5000'], [0, null]]); // prettier-ignore
  });

  test('of accounts that are not asked about do not count', () => {
    const report = reportOf({ type: usage }, { orders: { places, notRead: 0 }, takes: (account) => account === SECOND });
    expect([report.total.amount, report.orders, report.perThousandOrders]).toEqual(['2.00', 0, null]);
  });

  test('that could not all be counted give no price: a part of them would make it too high', () => {
    const report = reportOf({ type: usage }, { orders: { places, notRead: 1 } });
    expect([report.orders, report.perThousandOrders, report.ordersNotRead]).toEqual([null, null, 1]);
    expect(report.tables[0]?.rows[0]?.orders).toBeNull();
  });
});

describe('days that billing tells by a tag are not compared with those that it does not', () => {
  const team = (...values: readonly string[]) =>
    values.map((value, index) => day(`2026-11-0${index + 1}`, value === '-' ? [] : [[FIRST, value, '4'], [FIRST, '', '1']])); // prettier-ignore
  const teamOf = (days: readonly CostDay[]) => reportOf({ type: usage, team: days }, { by: ['account', 'team'] });

  test.each([
    ['the period before had none', team('', '', 'shop', 'shop'), ['2026-11-01', '2026-11-02']],
    ['it began in mid-period', team('', '', '', 'shop'), ['2026-11-01', '2026-11-02', '2026-11-03']],
    ['old days were kept while others were asked for again', team('shop', '', '', 'shop'), ['2026-11-02', '2026-11-03']],
  ])('%s', (_, days, untold) => {
    const report = teamOf(days);
    expect(report.notCompared).toEqual([{ of: 'team', days: untold }]);
    expect(report.tables.map(({ by, rows }) => [by, rows.some(({ changePercent }) => changePercent !== null)])).toEqual([
      ['account', true],
      ['team', false],
    ]);
  });

  test.each([
    ['all days have it', team('shop', 'shop', 'web', 'web')],
    ['no day has it', team('', '', '', '')],
    ['a day without any cost is between them', team('shop', '-', 'shop', 'shop')],
  ])('unlike where %s', (_, days) => {
    expect(teamOf(days).notCompared).toEqual([]);
  });

  test('a bill that is filtered by tag has no comparison with days on which nothing carries it', () => {
    const filtered = [day('2026-11-01', []), day('2026-11-02', [[FIRST, 'Usage', '2']]), day('2026-11-03', [[FIRST, 'Usage', '5']]), day('2026-11-04', [])]; // prettier-ignore
    const report = reportOf({ type: filtered }, { byTag: true });
    expect(report.notCompared).toEqual([{ of: 'total', days: ['2026-11-01'] }]);
    expect(report.total).toMatchObject({ amount: '5.00', previous: '2.00', changePercent: null });
    expect(reportOf({ type: filtered }).notCompared).toEqual([]);
  });

  test('the share of what is untagged says which of its days were so as a whole', () => {
    const days = (amounts: readonly string[]) => amounts.map((amount, index) => day(`2026-11-0${index + 1}`, [[FIRST, 'Usage', amount]]));
    expect(reportOf({ type: days(['4', '4', '4', '4']), untagged: days(['4', '4', '4', '1']) }).notCompared).toEqual([
      { of: 'untagged', days: ['2026-11-03'] },
    ]);
    expect(reportOf({ type: days(['4', '4', '4', '4']), untagged: days(['4', '4', '4', '4']) }).notCompared).toEqual([]);
  });
});
