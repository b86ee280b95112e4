import fc from 'fast-check';

import type { OrderMessage } from '../../../contracts/order-message';
import { orderContentHash } from '../../../lambda/order/content-hash';
import { order } from '../fixtures/records';

/** The same JSON value with the keys of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  );
}

test('the hash is SHA-256 in hexadecimal', () => {
  expect(orderContentHash(order())).toMatch(/^[0-9a-f]{64}$/);
});

test('stored hashes stay comparable from release to release', () => {
  expect(orderContentHash(order())).toBe('092e21ca3c69a13403efbfc3ded63501614fbacf83619f0856e23e9dce60291f');
});

test('the order of keys makes no difference', () => {
  expect(orderContentHash(reordered(order()) as OrderMessage)).toBe(orderContentHash(order()));
});

test('another correlation id is still the same order', () => {
  expect(orderContentHash(order({ correlationId: 'corr-43' }))).toBe(orderContentHash(order()));
});

test('an order that is said not to be synthetic is the one that says nothing', () => {
  expect(orderContentHash(order({ synthetic: false }))).toBe(orderContentHash(order()));
});

test.each<Partial<OrderMessage>>([
  { orderId: 'order-0002' },
  { customerId: 'somebody-else' },
  { currency: 'USD' },
  { placedAt: '2026-03-04T09:59:59Z' },
  { synthetic: true },
  { items: [...order().items].reverse() },
  { items: order().items.slice(1) },
])('the change %j is another content', (change) => {
  expect(orderContentHash(order(change))).not.toBe(orderContentHash(order()));
});

test('any two different item lists have different hashes', () => {
  const item = fc.record({ sku: fc.string({ minLength: 1 }), quantity: fc.nat(), unitPriceMinor: fc.nat() });
  const items = fc.array(item, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(items, items, (a, b) => {
      const isSame = JSON.stringify(a) === JSON.stringify(b);
      return (orderContentHash(order({ items: a })) === orderContentHash(order({ items: b }))) === isSame;
    }),
  );
});
