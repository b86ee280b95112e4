import { createHash } from 'node:crypto';

import type { OrderMessage } from '../../contracts/order-message';

/**
 * SHA-256 of what was ordered, in hexadecimal: equal for the same order however its JSON was written. The correlation id is left out,
 * since it belongs to the request and a producer that repeats an order may send another.
 */
export function orderContentHash(order: OrderMessage): string {
  return createHash('sha256')
    .update(stableJson({ ...order, correlationId: undefined, synthetic: order.synthetic ?? false }))
    .digest('hex');
}

/** JSON with sorted keys. */
function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
