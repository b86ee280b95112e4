import { accountIdSchema, regionSchema } from '../../contracts/ids';
import type { MemberView } from '../../observability/member-view';
import { regionDashboardBody } from '../../observability/region-dashboard-body';
import { checkDashboardBody } from '../../sandbox/dashboard-body';

interface Widget {
  readonly type: string;
  readonly properties: { readonly markdown?: string; readonly metrics?: readonly (readonly unknown[])[] };
}

const region = regionSchema.parse('eu-west-1');
const identity = (index: number, name = `account ${index}`) => ({
  account: accountIdSchema.parse(String(300_000_000_000 + index)),
  name,
  region,
});
const present = (index: number, name?: string): MemberView => ({
  state: 'present',
  ...identity(index, name),
  functionName: 'orders-order',
  queueName: 'orders-order-queue',
  dashboard: 'd',
});
const missing = (index: number): MemberView => ({ state: 'missing', ...identity(index) });
const body = (members: readonly MemberView[]) =>
  regionDashboardBody({ fleet: 'orders', navigation: 'links', region, namespace: 'fleet/orders', members, alarmArns: [], alarmKinds: [] });
const widgets = (members: readonly MemberView[]) => (JSON.parse(body(members)) as { readonly widgets: readonly Widget[] }).widgets;

describe('the dashboard of a region', () => {
  test('draws one line for each member that has data, from its own account', () => {
    const graphs = widgets([present(1), present(2), missing(3)]).filter(({ type }) => type === 'metric');

    expect(graphs.length).toBeGreaterThan(0);
    for (const { properties } of graphs) {
      expect(properties.metrics?.map((row) => row.at(-1))).toEqual([
        { accountId: '300000000001', label: 'account 1' },
        { accountId: '300000000002', label: 'account 2' },
      ]);
    }
  });

  test('lists every member once, and the missing as missing', () => {
    const table = widgets([present(1), missing(2)]).map(({ properties }) => properties.markdown ?? '').join('\n'); // prettier-ignore

    expect(table).toContain('2 targets, 1 missing');
    expect(table).toMatch(/\| 300000000001 \| account 1 \| present/);
    expect(table).toMatch(/\| 300000000002 \| account 2 \| \*\*missing\*\*/);
  });

  test('a name from outside cannot break the table', () => {
    const [row] = /\| 300000000001[^\\]*/.exec(body([present(1, 'a|b](x)')])) ?? [];

    expect(row?.split('|')).toHaveLength(5);
  });

  test.each([0, 1, 200, 501])('%i members fit what CloudWatch takes', (count) => {
    expect(checkDashboardBody(body(Array.from({ length: count }, (_, index) => present(index))))).toEqual([]);
  });
});
