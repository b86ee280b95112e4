import { statisticOf, mergeDatapoints, sampleShape } from '../../../sandbox/metrics/datapoint';
import { emissionsOf, seriesKey } from '../../../sandbox/metrics/emissions';
import { loadOf } from '../../../sandbox/metrics/load';
import type { OrderPath } from '../../../sandbox/metrics/order-path';
import type { Segment } from '../../../sandbox/metrics/segments';

const alone = [{ version: '7', share: 1, onTrial: false, newest: true }];
const shared = [
  { version: '7', share: 0.9, onTrial: false, newest: false },
  { version: '8', share: 0.1, onTrial: true, newest: true },
];

const path: OrderPath = {
  target: 'regional/333333333333/eu-west-1',
  functionName: 'orders-order',
  namespace: 'fleet/orders',
  slowOrderMs: 1000,
  batchSize: 10,
  reserved: true,
  versions: alone,
  orderQueue: 'orders-queue',
  deadLetterQueue: 'orders-dlq',
  deadLetters: { functionName: 'orders-dead-letter', namespace: 'fleet/dead' },
  heartbeat: { everySeconds: 300, since: 0 },
  madeAt: 0,
  changedAt: 0,
};

interface Given {
  readonly path?: Partial<OrderPath>;
  readonly traffic?: Omit<Parameters<typeof loadOf>[0][number], 'target'>;
  readonly segment?: Partial<Segment>;
}

/** Every series of five minutes by name: samples, average and maximum. */
function emitted({ path: changes, traffic, segment }: Given = {}): Readonly<Record<string, readonly (number | undefined)[]>> {
  const load = loadOf([{ target: '**', ...traffic }], path.target);
  const emissions = emissionsOf({ ...path, ...changes }, { from: 0, until: Infinity, load, struck: 'nobody', known: true, ...segment });
  return Object.fromEntries(
    [...emissions].flatMap(([key, { shapes }]) => {
      const [namespace, metric, dimensions] = JSON.parse(key) as [string, string, [string, string][]];
      const point = mergeDatapoints(shapes.flatMap((shape) => sampleShape(shape, 300, 600) ?? []));
      const name = [namespace, metric, ...dimensions.map(([, value]) => value)].join(' ');
      return point ? [[name, (['SampleCount', 'Average', 'Maximum'] as const).map((one) => statisticOf(point, one))]] : [];
    }),
  );
}

describe('what a path emits', () => {
  test('a healthy one: orders by function and by version, invocations, the queue in use, heartbeats', () => {
    expect(emitted()).toEqual({
      'fleet/orders SyntheticOrders orders-order': [1, 1, 1],
      'fleet/orders OrderFailed orders-order': [3000, 0, 0],
      'fleet/orders OrderFailed orders-order 7': [3000, 0, 0],
      'fleet/orders OrderSlow orders-order': [3000, 0.001, 1],
      'fleet/orders OrderSlow orders-order 7': [3000, 0.001, 1],
      'AWS/Lambda Invocations orders-order': [expect.closeTo(301, 6), 1, 1],
      'AWS/Lambda Duration orders-order': [expect.closeTo(301, 6), expect.closeTo(200 + 1300 * (1 - 0.999 ** 10), 6), 1500],
      'AWS/Lambda Errors orders-order': [expect.closeTo(301, 6), 0, 0],
      'AWS/Lambda Throttles orders-order': [expect.closeTo(301, 6), 0, 0],
      'AWS/Lambda ConcurrentExecutions orders-order': [5, 0.5, 1],
      'AWS/SQS ApproximateAgeOfOldestMessage orders-queue': [5, 0.5, 1],
    });
  });

  test('before the last deployment only the heartbeat is known', () => {
    expect(Object.keys(emitted({ segment: { known: false } }))).toEqual(['fleet/orders SyntheticOrders orders-order']);
  });

  test('two versions share the orders by the weights of the alias', () => {
    const series = emitted({ path: { versions: shared }, traffic: { failPercent: 2, versionOnTrialFailPercent: 12 } });

    expect(series['fleet/orders OrderFailed orders-order']).toEqual([3000, expect.closeTo(0.03, 9), 1]);
    expect(series['fleet/orders OrderFailed orders-order 7']).toEqual([2700, 0.02, 1]);
    expect(series['fleet/orders OrderFailed orders-order 8']).toEqual([expect.closeTo(300, 6), 0.12, 1]);
  });

  test('what is said of the version on trial counts only while two versions share the orders', () => {
    expect(emitted({ traffic: { versionOnTrialFailPercent: 12 } })['fleet/orders OrderFailed orders-order']).toEqual([3000, 0, 0]);
  });

  test('struck code fails six of a hundred orders, just over the highest threshold there is; the rest none', () => {
    expect(emitted({ segment: { struck: 'newest' } })['fleet/orders OrderFailed orders-order']).toEqual([3000, 0.06, 1]);
    const shifting = emitted({ path: { versions: shared }, segment: { struck: 'everybody' } });

    expect(shifting['fleet/orders OrderFailed orders-order 7']).toEqual([2700, 0, 0]);
    expect(shifting['fleet/orders OrderFailed orders-order 8']?.[1]).toBe(0.06);
    expect(shifting['fleet/orders OrderFailed orders-order']?.[1]).toBeCloseTo(0.006, 9);
  });

  test('struck code does not fail less than what is planted anyway', () => {
    expect(emitted({ traffic: { failPercent: 50 }, segment: { struck: 'everybody' } })['fleet/orders OrderFailed orders-order']?.[1]).toBe(
      0.5,
    );
  });

  test.each([
    [1500, 0.1],
    [1501, 0],
    [200, 1],
  ])('with the limit at %d ms the function counts a share of %d as slow', (slowOrderMs, share) => {
    expect(emitted({ path: { slowOrderMs }, traffic: { slowPercent: 10 } })['fleet/orders OrderSlow orders-order']?.[1]).toBeCloseTo(
      share,
      9,
    );
  });

  test.each([
    ['the others alone where the order function has its own', true, 600, 7],
    ['the order function too where it has none', false, 600, 12],
    ['the others where no order comes', false, 0, 7],
  ])('of the executions that the account shares: %s', (_which, reserved, ordersPerMinute, most) => {
    const traffic = { ordersPerMinute, heartbeat: false, concurrency: 5, unreservedConcurrency: 7 };

    expect(emitted({ path: { reserved }, traffic })['AWS/Lambda UnreservedConcurrentExecutions']).toEqual([5, most / 2, most]);
  });

  test('without orders and heartbeat nothing is heard', () => {
    expect(emitted({ traffic: { ordersPerMinute: 0, heartbeat: false } })).toEqual({});
    expect(emitted({ path: { heartbeat: null }, traffic: { ordersPerMinute: 0 } })).toEqual({});
  });

  test('without orders the heartbeat still invokes the function and uses the queue', () => {
    expect(Object.keys(emitted({ traffic: { ordersPerMinute: 0 } }))).toEqual([
      'fleet/orders SyntheticOrders orders-order',
      'AWS/Lambda Invocations orders-order',
      'AWS/Lambda Duration orders-order',
      'AWS/Lambda Errors orders-order',
      'AWS/Lambda ConcurrentExecutions orders-order',
      'AWS/Lambda Throttles orders-order',
      'AWS/SQS ApproximateAgeOfOldestMessage orders-queue',
    ]);
  });

  test('dead letters are counted by the function that archives them, and their queue is heard of only when they wait', () => {
    const series = emitted({ traffic: { deadLetters: 3, deadLetterAgeSeconds: 1000 } });

    expect(series['fleet/dead DeadLetters orders-dead-letter']).toEqual([3, 1, 1]);
    expect(series['AWS/SQS ApproximateAgeOfOldestMessage orders-dlq']).toEqual([5, 500, 1000]);
  });

  test('without a way for dead letters nothing is heard of them', () => {
    const series = emitted({ path: { deadLetters: null, deadLetterQueue: null }, traffic: { deadLetters: 3, deadLetterAgeSeconds: 1000 } });

    expect(Object.keys(series).filter((name) => /dead|dlq/.test(name))).toEqual([]);
  });
});

test('the order of dimensions makes no difference to a series', () => {
  const key = (dimensions: Readonly<Record<string, string>>) => seriesKey({ namespace: 'n', metric: 'm', dimensions });

  expect(key({ a: '1', b: '2' })).toBe(key({ b: '2', a: '1' }));
  expect(key({ a: '1' })).not.toBe(key({ a: '1', b: '2' }));
});
