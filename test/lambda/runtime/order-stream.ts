import { MAX_ORDER_BYTES, type DeadLetterClass, type OrderMessage } from '../../../contracts/order-message';
import { Random } from '../../simulation/random';

/** One message on its way, and what must become of it. */
export interface Sent {
  readonly messageId: string;
  readonly body: string;
  readonly fate: Fate;
}

/**
 * `stored`: its order is in the table in the end. `contended`: another order was sent under its id too; whichever came first stands, the other
 * is archived. `archived`: it is in the archive under its class.
 */
export type Fate =
  { readonly kind: 'stored' | 'contended'; readonly order: OrderMessage } | { readonly kind: 'archived'; readonly class: DeadLetterClass };

/** What every order has in it that no log may show. */
export const PERSONAL = /customer-canary|sku-canary/;

/** True of an order that the table never takes. */
export const isCursed = (orderId: string): boolean => orderId.startsWith('cursed-');

/**
 * `count` messages: about seven in ten are orders of their own, the others repeat one, change one under its id, are no order at all, or are one
 * that the table never takes.
 */
export function orderStream(seed: number, count: number): readonly Sent[] {
  const random = new Random(seed);
  const plain: OrderMessage[] = [];
  return Array.from({ length: count }, (_, index): Sent => {
    const number = String(index).padStart(4, '0');
    const messageId = `message-${number}`;
    const draw = random.next();
    if (draw < 0.08) return { messageId, body: noOrder(random), fate: { kind: 'archived', class: 'malformed' } };
    if (draw < 0.1) {
      const cursed = anOrder(random, `cursed-${number}`);
      return { messageId, body: JSON.stringify(cursed), fate: { kind: 'archived', class: 'transient' } };
    }
    if (draw < 0.13) {
      const place = random.int(1, 10);
      const order = { ...anOrder(new Random(place), `contended-${place}`), currency: random.pick(['EUR', 'USD', 'SEK']) };
      return { messageId, body: retold(order, random), fate: { kind: 'contended', order } };
    }
    if (draw < 0.28 && plain.length > 0) {
      const order = random.pick(plain);
      return { messageId, body: retold(order, random), fate: { kind: 'stored', order } };
    }
    const order = anOrder(random, `order-${number}`);
    plain.push(order);
    return { messageId, body: JSON.stringify(order), fate: { kind: 'stored', order } };
  });
}

function anOrder(random: Random, orderId: string): OrderMessage {
  return {
    schemaVersion: 1,
    orderId,
    customerId: `customer-canary-${orderId}`,
    currency: random.pick(['EUR', 'USD', 'SEK', 'GBP']),
    items: Array.from({ length: random.int(1, 5) }, (_, line) => ({
      sku: `sku-canary-${line}`,
      quantity: random.int(1, 20),
      unitPriceMinor: random.int(0, 100_000),
    })),
    placedAt: '2026-03-04T09:59:58Z',
    ...(random.chance(0.02) ? { synthetic: true } : {}),
  };
}

/** The same order as a producer sends it again: its JSON in another order, from another request. */
function retold(order: OrderMessage, random: Random): string {
  const entries = Object.entries({ ...order, correlationId: `request-${random.int(1, 1_000_000)}` });
  return JSON.stringify(Object.fromEntries(random.chance(0.5) ? entries.reverse() : entries));
}

/** Something that is no order of this release. */
function noOrder(random: Random): string {
  const order = anOrder(random, 'malformed-order');
  const whole = JSON.stringify(order);
  return random.pick([
    whole.slice(0, random.int(1, whole.length - 1)),
    JSON.stringify({ ...order, schemaVersion: random.int(2, 9) }),
    JSON.stringify({ ...order, items: [] }),
    JSON.stringify({ ...order, placedAt: 'customer-canary yesterday' }),
    JSON.stringify({ ...order, 'customer-canary-key': 1 }),
    JSON.stringify({ ...order, items: [{ ...order.items[0], quantity: 0 }] }),
    JSON.stringify({ ...order, customerId: null }),
    `${whole.slice(0, -1)},"padding":"${'x'.repeat(MAX_ORDER_BYTES)}"}`,
    '[]',
    ' ',
    'customer-canary: please call',
  ]);
}
