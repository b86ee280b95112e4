import * as z from 'zod';

/** The only schema version this release reads. A later one adds a member here before any producer sends it. */
export const ORDER_SCHEMA_VERSION = 1;

/** SQS accepts up to 1 MiB; an order is far smaller, and a body over this is refused as malformed before it is parsed. */
export const MAX_ORDER_BYTES = 64 * 1024;

/** One order as it travels on the order queue. Amounts are whole minor units (cents) to keep sums exact. */
export const orderMessageSchema = z.strictObject({
  schemaVersion: z.literal(ORDER_SCHEMA_VERSION),
  orderId: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{7,63}$/),
  customerId: z.string().min(1).max(64),
  currency: z.string().regex(/^[A-Z]{3}$/),
  items: z
    .array(
      z.strictObject({
        sku: z.string().min(1).max(64),
        quantity: z.int().min(1).max(10_000),
        unitPriceMinor: z.int().min(0).max(100_000_000),
      }),
    )
    .min(1)
    .max(100),
  placedAt: z.iso.datetime({ offset: true }),
  correlationId: z.string().min(1).max(128).optional(),
  /** Heartbeat orders: processed like any other, kept out of business metrics. */
  synthetic: z.boolean().optional(),
});

/** One order. */
export type OrderMessage = z.infer<typeof orderMessageSchema>;

/** As ids are written: no blanks, no `@`, letters and digits both. A name, an address or the number of a card is none. */
const CORRELATION_ID = /^(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9][A-Za-z0-9._:;=/+-]*$/;

/** The correlation id of an order where it reads as an id; undefined where there is none, or free text: that is personal data in logs and traces. */
export function correlationIdOf({ correlationId }: Pick<OrderMessage, 'correlationId'>): string | undefined {
  return correlationId !== undefined && CORRELATION_ID.test(correlationId) ? correlationId : undefined;
}

/** Attribute of a stored item by which DynamoDB deletes it: seconds since 1970. Orders of customers have none, and stay. */
export const EXPIRY_ATTRIBUTE = 'expiresAt';

/** Days for which a synthetic order is kept: long enough to look at a silent target, short enough not to fill the table with heartbeats. */
export const SYNTHETIC_ORDER_DAYS = 7;

/** Sum of an order in minor units. */
export function orderTotalMinor(order: OrderMessage): number {
  return order.items.reduce((total, item) => total + item.quantity * item.unitPriceMinor, 0);
}

/** Why a message is a dead letter. */
export const deadLetterClasses = ['malformed', 'rejected', 'transient', 'unknown'] as const;

/** Why a message is a dead letter: it cannot be read, a rule refused it, retries ran out, or none of these can be told. */
export type DeadLetterClass = (typeof deadLetterClasses)[number];
