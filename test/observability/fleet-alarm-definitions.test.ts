import { fleetAlarmDefinitions, fleetComposites } from '../../observability/fleet-alarm-definitions';
import { LONGEST_WINDOW_SECONDS } from '../../observability/service-objectives';
import { compositeRule } from '../../observability/fleet-alarms';

const definitions = fleetAlarmDefinitions({
  namespace: 'fleet/orders',
  orderFunction: 'orders-order',
  deadLetterFunction: 'orders-dead-letter',
});
const byKind = new Map(definitions.map((definition) => [definition.kind, definition]));

describe('the alarms over a region', () => {
  const failed = `SELECT AVG(OrderFailed) FROM "fleet/orders" WHERE FunctionName = 'orders-order'`;
  const slow = `SELECT AVG(OrderSlow) FROM "fleet/orders" WHERE FunctionName = 'orders-order'`;
  const deadLetters = `SELECT SUM(DeadLetters) FROM "fleet/orders" WHERE FunctionName = 'orders-dead-letter'`;

  test.each([
    [
      'order-failures',
      { query: `${failed} GROUP BY AWS.AccountId ORDER BY AVG() DESC`, threshold: 0.05, periodSeconds: 300, windows: 3, breaching: 2 },
    ],
    [
      'slow-orders',
      { query: `${slow} GROUP BY AWS.AccountId ORDER BY AVG() DESC`, threshold: 0.01, periodSeconds: 300, windows: 3, breaching: 2 },
    ],
    ['dead-letters', { query: `${deadLetters} GROUP BY AWS.AccountId ORDER BY SUM() DESC`, threshold: 0, periodSeconds: 300 }],
    ['burn-fast-long', { query: failed, threshold: expect.closeTo(0.0144, 10) as number, periodSeconds: 3600 }],
    ['burn-fast-short', { query: failed, threshold: expect.closeTo(0.0144, 10) as number, periodSeconds: 300 }],
    ['burn-slow-long', { query: failed, threshold: expect.closeTo(0.006, 10) as number, periodSeconds: 10_800 }],
    ['burn-slow-short', { query: failed, threshold: expect.closeTo(0.006, 10) as number, periodSeconds: 900 }],
  ])('%s', (kind, expected) => {
    expect(byKind.get(kind)).toMatchObject(expected);
  });

  test('none looks further back than an alarm of a query can', () => {
    for (const { periodSeconds, windows } of definitions) expect(periodSeconds * windows).toBeLessThanOrEqual(LONGEST_WINDOW_SECONDS);
  });

  test('every alarm is in exactly one composite', () => {
    const watched = fleetComposites.flatMap(({ anyOf }) => anyOf.flat());

    expect([...watched].sort()).toEqual([...byKind.keys()].sort());
  });
});

describe('the rule of a composite', () => {
  test.each([
    [[['a']], 'ALARM("x-a")'],
    [[['a'], ['b']], 'ALARM("x-a") OR ALARM("x-b")'],
    [[['a'], ['b', 'c']], 'ALARM("x-a") OR (ALARM("x-b") AND ALARM("x-c"))'],
  ])('%j', (anyOf, rule) => {
    expect(compositeRule(anyOf, (kind) => `x-${kind}`)).toBe(rule);
  });
});
