import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { regionalNames } from '../../contracts/names';
import { resolveRegionalSettings, type OrderBlock } from '../../contracts/regional';
import { alarmDefinitions, type AlarmDefinition, type AlarmKind } from '../../regional/alarm-definitions';

const names = regionalNames('orders', { account: accountIdSchema.parse('333333333333'), region: regionSchema.parse('eu-west-1') });
const definitions = (order: OrderBlock = {}, limit: number | null = 1000) => alarmDefinitions(names, resolveRegionalSettings(order, limit));
const ofKind = (kind: AlarmKind, order: OrderBlock = {}, limit: number | null = 1000): AlarmDefinition => {
  const found = definitions(order, limit).find((definition) => definition.kind === kind);
  if (!found) throw new Error(`no alarm ${kind}`);
  return found;
};

describe('the alarms of a target', () => {
  test.each<[AlarmKind, Partial<AlarmDefinition>]>([
    [
      'order-failures',
      {
        severity: 'critical',
        namespace: 'fleet/orders',
        metric: 'OrderFailed',
        statistic: 'Average',
        threshold: 0.01,
        ofVersionOnTrial: false,
      },
    ],
    [
      'version-failures',
      {
        severity: 'critical',
        namespace: 'fleet/orders',
        metric: 'OrderFailed',
        statistic: 'Average',
        threshold: 0.01,
        ofVersionOnTrial: true,
      },
    ],
    ['slow-orders', { severity: 'warning', namespace: 'fleet/orders', metric: 'OrderSlow', statistic: 'Average', threshold: 0.05 }],
    ['errors', { severity: 'critical', namespace: 'AWS/Lambda', metric: 'Errors', statistic: 'Average', threshold: 0.01 }],
    [
      'throttles',
      {
        severity: 'warning',
        namespace: 'AWS/Lambda',
        metric: 'Throttles',
        statistic: 'Sum',
        threshold: 0,
        comparison: 'GreaterThanThreshold',
      },
    ],
    [
      'oldest-message',
      { severity: 'critical', metric: 'ApproximateAgeOfOldestMessage', dimensions: { QueueName: 'orders-order-queue' }, threshold: 900 },
    ],
    [
      'dead-letters',
      {
        severity: 'critical',
        metric: 'DeadLetters',
        dimensions: { FunctionName: 'orders-dead-letter' },
        threshold: 1,
        comparison: 'GreaterThanOrEqualToThreshold',
      },
    ],
    [
      'dlq-age',
      { severity: 'warning', metric: 'ApproximateAgeOfOldestMessage', dimensions: { QueueName: 'orders-order-dlq' }, threshold: 900 },
    ],
    ['concurrency', { severity: 'warning', metric: 'ConcurrentExecutions', statistic: 'Maximum', threshold: 40 }],
    [
      'unreserved-concurrency',
      {
        severity: 'warning',
        namespace: 'AWS/Lambda',
        metric: 'UnreservedConcurrentExecutions',
        dimensions: {},
        statistic: 'Maximum',
        threshold: 760,
        missingData: 'notBreaching',
      },
    ],
    [
      'heartbeat',
      { severity: 'critical', metric: 'SyntheticOrders', comparison: 'LessThanThreshold', threshold: 1, missingData: 'breaching' },
    ],
  ])('%s', (kind, expected) => {
    expect(ofKind(kind)).toMatchObject(expected);
  });

  test('every kind stands once, and tells which runbook to open', () => {
    const all = definitions();

    expect(new Set(all.map(({ kind }) => kind)).size).toBe(all.length);
    for (const { kind, description } of all) {
      expect(description).toMatch(new RegExp(`Runbook: docs/runbooks/${kind}\\.md$`));
      expect(description.length).toBeLessThanOrEqual(1024);
    }
  });

  test('only the heartbeat takes silence for a failure, and not before the first heartbeats are due', () => {
    expect(definitions().filter(({ missingData }) => missingData === 'breaching').map(({ kind }) => kind)).toEqual(['heartbeat']); // prettier-ignore
    expect(ofKind('heartbeat').warmUpMinutes).toBeGreaterThanOrEqual(
      (ofKind('heartbeat').windows * ofKind('heartbeat').periodSeconds) / 60,
    );
  });

  test('thresholds come from the settings', () => {
    const order: OrderBlock = { alarms: { errorRatePercent: 2, slowOrderPercent: 10, oldestMessage: 120, concurrencyPercent: 50 } };

    expect(ofKind('order-failures', order).threshold).toBe(0.02);
    expect(ofKind('version-failures', order).threshold).toBe(0.02);
    expect(ofKind('slow-orders', order).threshold).toBe(0.1);
    expect(ofKind('oldest-message', order).threshold).toBe(120);
    expect(ofKind('concurrency', order).threshold).toBe(25);
    expect(ofKind('unreserved-concurrency', order).threshold).toBe(475);
  });

  test('where nothing is reserved, concurrency is measured against the event source', () => {
    expect(ofKind('concurrency', {}, 10).threshold).toBe(1.6);
  });

  test('what the account has for functions without a reservation is its limit less ours; unknown, it has no alarm', () => {
    expect(ofKind('unreserved-concurrency', {}, 10).threshold).toBe(8);
    expect(definitions({}, null)).toEqual(
      definitions({ reservedConcurrencyPercent: 0 }).filter(({ kind }) => kind !== 'unreserved-concurrency'),
    );
  });

  test('without heartbeat the other alarms are the same', () => {
    expect(definitions({ heartbeat: false })).toEqual(definitions().filter(({ kind }) => kind !== 'heartbeat'));
  });

  test('every window fits what CloudWatch evaluates', () => {
    for (const { periodSeconds, windows } of definitions()) {
      expect(periodSeconds % 60).toBe(0);
      expect(periodSeconds * windows).toBeLessThanOrEqual(86_400);
    }
  });
});
