import { awsRates } from '../../contracts/aws-rates';
import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { layers } from '../../contracts/layers';
import { emittedMetrics, METRICS_READ_PER_MEMBER, monthlyDollars, targetAlarms } from '../../contracts/monthly-cost';
import { regionalNames } from '../../contracts/names';
import { resolveRegionalSettings, type OrderBlock } from '../../contracts/regional';
import { targetAt, type TargetId } from '../../contracts/target';
import type { TargetConfig } from '../../contracts/target-config';
import { orderMetrics } from '../../contracts/telemetry';
import { orderMetricLine } from '../../lambda/order/order-metrics';
import { fleetAlarmDefinitions } from '../../observability/fleet-alarm-definitions';
import { alarmDefinitions } from '../../regional/alarm-definitions';
import { renderRegional } from '../regional/render-regional';

const account = accountIdSchema.parse('333333333333');
const region = regionSchema.parse('eu-west-1');
const names = regionalNames('orders', { account, region });

function costOf(layer: string, config: Partial<TargetConfig>): Readonly<Record<string, number>> | null {
  const row = layers.find(({ name }) => name === layer);
  const items = row?.monthlyCost({ part: 1, upstream: [], settings: {}, ...config } as TargetConfig);
  return items ? Object.fromEntries(items.map((item) => [item.item, Number(monthlyDollars(item).toFixed(4))])) : null;
}
const regional = (order: OrderBlock, limit: number | null = 1000) =>
  costOf('regional', { settings: resolveRegionalSettings(order, limit) });
const sum = (costs: Readonly<Record<string, number>> | null) => Object.values(costs ?? {}).reduce((total, cost) => total + cost, 0);

describe('what a target costs by itself', () => {
  test('with the defaults: dashboard, six metrics, eleven alarms, two composites, two polled queues', () => {
    expect(regional({})).toEqual({
      dashboard: 3,
      'metrics of the functions': 1.8,
      alarms: 1.1,
      'composite alarms': 1,
      'polling of two queues': 0.5256,
    });
  });

  test.each<[string, OrderBlock, number | null, number]>([
    ['no dashboard', { dashboard: 'none' }, 1000, -3],
    ['a shared dashboard', { dashboard: 'shared' }, 1000, -3],
    ['a key of its own', { encryption: 'customer' }, 1000, 1],
    ['no heartbeat: one metric and one alarm less', { heartbeat: false }, 1000, -0.4],
    ['an unknown limit: one alarm less', {}, null, -0.1],
  ])('with %s', (_what, order, limit, difference) => {
    expect(sum(regional(order, limit)) - sum(regional({}))).toBeCloseTo(difference, 9);
  });

  test('of foundation and observability', () => {
    const upstream = [
      ...['333333333333', '444444444444'].map((id) => targetAt({ layer: 'regional', account: accountIdSchema.parse(id), region })),
      targetAt({ layer: 'foundation', account, region }),
    ].map(({ id }) => ({ target: id, accountName: '' }));

    expect(costOf('foundation', {})).toEqual({ 'key of the alert topics': 1 });
    expect(costOf('observability', { upstream, settings: { fleetWide: true } })).toEqual({
      dashboards: 12,
      'alarms over all members': 2.6,
      'composite alarms': 1,
    });
    expect(costOf('observability', { settings: { fleetWide: true, sharedDashboard: true } })).toMatchObject({ dashboards: 15 });
    expect(costOf('observability', { upstream, part: 2, settings: { fleetWide: false } })).toEqual({
      dashboards: 3,
      'alarms over all members': 2.6,
    });
  });

  test('is not known of settings that another version wrote', () => {
    expect(costOf('regional', { settings: { memoryMb: 1 } })).toBeNull();
    expect(costOf('observability', { settings: {} })).toBeNull();
  });
});

describe('the counts are those of the programs', () => {
  const cases: readonly (readonly [OrderBlock, number | null])[] = [true, false].flatMap((heartbeat) =>
    [1000, 10, null].map((limit) => [{ heartbeat }, limit] as const),
  );

  test.each(cases)('alarms of %j with the limit %j', (order, limit) => {
    const settings = resolveRegionalSettings(order, limit);

    expect(targetAlarms(settings)).toBe(alarmDefinitions(names, settings).length);
  });

  test('metrics: every series that the functions write', () => {
    const place = { namespace: 'n', functionName: 'f', functionVersion: '7', epochMs: 0 };
    const series = (line: string | undefined) =>
      (
        JSON.parse(line ?? '') as { _aws: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: unknown[] }[] } }
      )._aws.CloudWatchMetrics.reduce((total, { Dimensions, Metrics }) => total + Dimensions.length * Metrics.length, 0);
    const ofOrders = series(orderMetricLine({ synthetic: false, failed: false, slow: false }, place));
    const ofHeartbeats = series(orderMetricLine({ synthetic: true, failed: false, slow: false }, place));

    // Dead letters are one series of the dead-letter function.
    expect(emittedMetrics({ heartbeat: true })).toBe(ofOrders + ofHeartbeats + 1);
    expect(emittedMetrics({ heartbeat: false })).toBe(ofOrders + 1);
  });

  test('metrics that the alarms over all members read: a query that names a function finds its versions too', () => {
    const alarms = fleetAlarmDefinitions({ namespace: 'n', orderFunction: 'f', deadLetterFunction: 'd' });
    const byVersion = new RegExp(`\\((${orderMetrics.failed}|${orderMetrics.slow})\\)`);

    expect(METRICS_READ_PER_MEMBER).toBe(alarms.reduce((total, { query }) => total + (byVersion.test(query) ? 2 : 1), 0));
  });

  test.each<[OrderBlock]>([[{}], [{ dashboard: 'none', encryption: 'customer', heartbeat: false }]])(
    'resources of %j that are paid for by the piece',
    async (order) => {
      const { resources } = await renderRegional({ order });
      const count = (type: string) => resources.filter((resource) => resource.type.endsWith(`:${type}`)).length;
      const costs = regional(order) ?? {};

      expect({
        dashboard: costs.dashboard ?? 0,
        alarms: costs.alarms,
        composites: costs['composite alarms'],
        keys: costs['key for its data'] ?? 0,
      }).toEqual({
        dashboard: count('Dashboard') * awsRates.dashboard.dollars,
        alarms: Number((count('MetricAlarm') * awsRates.metricAlarm.dollars).toFixed(4)),
        composites: count('CompositeAlarm') * awsRates.compositeAlarm.dollars,
        keys: count('Key') * awsRates.customerKey.dollars,
      });
    },
  );
});

test('an id of a target of another layer is no member', () => {
  const upstream = [{ target: 'regional-two/333333333333/eu-west-1' as TargetId, accountName: '' }];

  expect(costOf('observability', { upstream, settings: { fleetWide: false } })).toMatchObject({ 'alarms over all members': 0 });
});
