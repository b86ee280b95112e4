import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { fleetAlarmDefinitions } from '../../../observability/fleet-alarm-definitions';
import type { OrganizationMetrics } from '../../../sandbox/metrics/data/organization-metrics';
import { loadOf } from '../../../sandbox/metrics/load';
import { PlaceMetrics } from '../../../sandbox/metrics/metric-view';
import { SimulatedCloudWatch } from '../../../sandbox/metrics/simulated-cloudwatch';
import { simulatedClock } from '../../../sandbox/simulated-clock';
import { monitoringTokens } from '../../../sandbox/types/common/monitoring-tokens';
import type { World } from '../../../sandbox/world';

const monitoring = accountIdSchema.parse('100000000003');
const accounts = ['200000000001', '200000000002', '200000000009'].map((id) => accountIdSchema.parse(id));
const [first, second, stranger] = accounts;
const region = regionSchema.parse('eu-west-1');
const place = { account: monitoring, region, organizationId: 'o-sandbox0001' };
const input = { namespace: 'fleet/orders', orderFunction: 'orders-order', deadLetterFunction: 'orders-dead-letter' };
const [WELL, ILL] = [0, 30];
const WINDOW = 300;

/** One account whose orders fail in these percentages, window by window from instant 0 on; the last one stays. */
function placeOf(failPercents: readonly number[]): PlaceMetrics {
  const path = {
    ...{
      target: 'regional/a/b',
      functionName: 'orders-order',
      namespace: 'fleet/orders',
      slowOrderMs: 1000,
      batchSize: 10,
      reserved: true,
    },
    versions: [{ version: '1', share: 1, onTrial: false, newest: true }],
    ...{ orderQueue: 'queue', deadLetterQueue: null, deadLetters: null, heartbeat: null, madeAt: 0, changedAt: 0 },
  };
  const segments = failPercents.map((failPercent, index) => ({
    ...{ from: index * WINDOW, until: index === failPercents.length - 1 ? Infinity : (index + 1) * WINDOW, struck: 'nobody', known: true } as const,
    load: loadOf([{ target: '**', failPercent }], path.target),
  })); // prettier-ignore
  return new PlaceMetrics([{ path, segments }]);
}

interface Asked {
  readonly query: string;
  readonly period?: number;
  readonly rule?: object;
  readonly metrics: ReadonlyMap<unknown, PlaceMetrics>;
  readonly windows: number;
}

/** The state of an alarm of the monitoring account after so many windows; two accounts share their metrics with it. */
function stateOf({ query, period = WINDOW, rule, metrics, windows }: Asked) {
  const outputs = {
    ...{ comparisonOperator: 'GreaterThanThreshold', threshold: 0.05, evaluationPeriods: 3, datapointsToAlarm: 2, treatMissingData: 'notBreaching' },
    ...{ metricQueries: [{ id: 'fleet', expression: query, period, returnData: true }], ...rule },
  }; // prettier-ignore
  const found = { key: 'fleet', outputs, inputs: outputs, madeAt: 0, changedAt: 0 };
  const world = {
    list: () => [],
    find: (type: string) => (type === monitoringTokens.metricAlarm ? found : undefined),
  } as unknown as World;
  const watch = new SimulatedCloudWatch(place, {
    world,
    log: undefined as never,
    clock: simulatedClock({ now: () => new Date(windows * 1000), sleep: () => Promise.resolve() }, WINDOW),
    organization: () => ({ accounts: [] }),
    metrics: {
      at: (account: unknown) => metrics.get(account) ?? new PlaceMetrics([]),
      visibleFrom: () => [monitoring, first, second],
    } as unknown as OrganizationMetrics,
  });
  return watch.alarm('fleet')?.phases.at(-1)?.state;
}

const queryOf = (kind: string) => fleetAlarmDefinitions(input).find((one) => one.kind === kind)?.query ?? '';

describe('an alarm of the monitoring account on a query', () => {
  const failures = queryOf('order-failures');
  const metrics = new Map([
    [first, placeOf([WELL])],
    [second, placeOf([WELL, ILL, ILL, WELL])],
  ]);

  test.each([
    [2, 'OK'],
    [3, 'ALARM'],
    [4, 'ALARM'],
    [5, 'OK'],
  ])('after %d windows, of which the second and the third of one account fail: %s', (windows, state) => {
    expect(stateOf({ query: failures, metrics, windows })).toBe(state);
  });

  test('without groups is about all accounts together', () => {
    const half = { query: queryOf('burn-fast-short'), metrics, windows: 3 };

    expect(stateOf({ ...half, rule: { threshold: 0.14 } })).toBe('ALARM');
    expect(stateOf({ ...half, rule: { threshold: 0.16 } })).toBe('OK');
  });

  test('does not see an account that shares nothing', () => {
    expect(stateOf({ query: failures, metrics: new Map([[stranger, placeOf([ILL])]]), windows: 5 })).toBe('OK');
  });

  test.each([
    ['that leaves groups out', `${failures} LIMIT 1`, /looks at 1 of 2 groups/],
    ['over what is not simulated', 'SELECT AVG(Nothing) FROM "AWS/SQS"', /does not simulate AWS\/SQS Nothing/],
  ])('%s is not evaluated', (_, query, why) => {
    expect(() => stateOf({ query, metrics, windows: 5 })).toThrow(why);
  });

  test('of more accounts than there are is evaluated', () => {
    expect(stateOf({ query: `${failures} LIMIT 2`, metrics, windows: 3 })).toBe('ALARM');
  });
});
