import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { knownRegions } from '../../contracts/regions';
import { quietestQuery } from '../../observability/fleet-queries';
import { overviewBody, type RegionPart } from '../../observability/overview-body';
import { checkDashboardBody } from '../../sandbox/dashboard-body';

const part = (region: string, members: number, missing: number): RegionPart => ({
  region: regionSchema.parse(region),
  part: 1,
  dashboard: `orders-region-${region}`,
  members: Array.from({ length: members }, (_, index) => ({
    account: accountIdSchema.parse(String(300_000_000_000 + index)),
    name: `account ${index}`,
    region: regionSchema.parse(region),
    present: index >= missing,
  })),
});
const names = { fleet: 'orders', navigation: 'links', namespace: 'fleet/orders', orderFunction: 'orders-order', deadLetterFunction: 'orders-dead-letter' }; // prettier-ignore
const body = (parts: readonly RegionPart[]) => overviewBody({ ...names, parts });

describe('the overview', () => {
  test('counts every region, and names who is missing', () => {
    const text = body([part('eu-west-1', 3, 1), part('us-east-1', 2, 0)]);

    expect(text).toContain('5 targets, 1 missing');
    expect(text).toContain('| eu-west-1 | 3 | 1 |');
    expect(text).toContain('| 300000000000 | account 0 | **missing** | ● |');
  });

  test('says when a region did not report', () => {
    expect(body([part('eu-west-1', 1, 0), { ...part('us-east-1', 0, 0), members: null }])).toContain('1 region view did not report');
  });

  test('asks each region for its own data, scoped to the function', () => {
    const { widgets } = JSON.parse(body([part('eu-west-1', 1, 0), part('us-east-1', 1, 0)])) as {
      readonly widgets: readonly { readonly type: string; readonly properties: { readonly region: string } }[];
    };
    const graphs = widgets.filter(({ type }) => type === 'metric');

    expect([...new Set(graphs.map(({ properties }) => properties.region))]).toEqual(['eu-west-1', 'us-east-1']);
    for (const graph of graphs)
      expect(JSON.stringify(graph)).toMatch(/WHERE FunctionName = 'orders-(order|dead-letter)'|FunctionName=\\"orders-order\\"/);
  });

  test('lists who does worst in each region, with the limit of each list and its runbook', () => {
    const { widgets } = JSON.parse(body([part('eu-west-1', 1, 0), part('us-east-1', 1, 0)])) as {
      readonly widgets: readonly {
        readonly properties: { readonly view?: string; readonly region: string; readonly annotations: { readonly horizontal: unknown } };
      }[];
    };
    const lists = widgets.filter(({ properties }) => properties.view === 'bar').map(({ properties }) => properties);

    expect(lists.map(({ region }) => region)).toEqual([...Array<string>(4).fill('eu-west-1'), ...Array<string>(4).fill('us-east-1')]);
    expect(lists.slice(0, 4).map(({ annotations }) => annotations.horizontal)).toEqual([
      [
        { label: 'over the objective: docs/runbooks/order-failures.md', value: expect.closeTo(0.001) as number, fill: 'above' },
        { label: 'failing: docs/runbooks/fleet-order-failures.md', value: 0.05, fill: 'above' },
      ],
      [{ label: 'silent: docs/runbooks/heartbeat.md', value: 1, fill: 'below' }],
      [{ label: 'slow: docs/runbooks/fleet-slow-orders.md', value: 0.01, fill: 'above' }],
      [{ label: 'dead letters: docs/runbooks/fleet-dead-letters.md', value: 0, fill: 'above' }],
    ]);
  });

  test('finds who fell silent by a search, which does not forget them at once, and counts what is missing as none', () => {
    const query = quietestQuery({ namespace: 'fleet/orders', functionName: 'orders-order', quietest: 10 });

    expect(query).toBe(
      `SORT(RUNNING_SUM(FILL(SEARCH('{"fleet/orders",FunctionName} MetricName="SyntheticOrders" FunctionName="orders-order"', 'Sum', 300), 0)), MAX, ASC, 10)`,
    );
  });

  test('a fleet of every region with thousands of missing targets still fits', () => {
    const text = body([...knownRegions.keys()].map((region) => part(region, 200, 200)));

    expect(checkDashboardBody(text)).toEqual([]);
    expect(text.length).toBeLessThan(400_000);
  });
});
