import { createHash } from 'node:crypto';

import type { ArchivedDeadLetter } from '../../contracts/archived-dead-letter';
import { archiveKeyOf, REDRIVES_ATTRIBUTE } from '../../contracts/dead-letter';
import { ORDER_SCHEMA_VERSION, type OrderMessage } from '../../contracts/order-message';

/** A letter of the simulated archive. */
export interface SimulatedLetter {
  readonly key: string;
  /** Real milliseconds. */
  readonly archivedAt: number;
  /** As the dead-letter function writes it. */
  readonly content: () => ArchivedDeadLetter;
}

/** How a letter came about; instants are real milliseconds. */
export interface LetterOrigin {
  /** What makes it this letter and no other: the same text gives the same letter. */
  readonly identity: string;
  readonly sentAt: number;
  readonly archivedAt: number;
  readonly receives: number;
  /** Sent again before this often, with this order; absent: an order of a customer. */
  readonly redriven?: { readonly redrives: number; readonly body: string } | undefined;
}

/** The letter of an order that failed every attempt. */
export function simulatedLetter({ identity, sentAt, archivedAt, receives, redriven }: LetterOrigin): SimulatedLetter {
  const messageId = uuidFrom(identity);
  const key = archiveKeyOf({ class: 'transient', day: new Date(sentAt).toISOString().slice(0, 10), messageId });
  const content = (): ArchivedDeadLetter => {
    const body = redriven?.body ?? JSON.stringify(orderOf(identity, sentAt));
    return {
      version: 1,
      messageId,
      class: 'transient',
      cause: `a readable order that was received ${receives} times: retries ran out`,
      body,
      payloads: [body],
      messageAttributes: redriven ? { [REDRIVES_ATTRIBUTE]: { dataType: 'Number', stringValue: String(redriven.redrives) } } : {},
      archivedAt: new Date(archivedAt).toISOString(),
    };
  };
  return { key, archivedAt, content };
}

function orderOf(identity: string, placedAt: number): OrderMessage {
  const digest = digestOf(identity);
  return {
    schemaVersion: ORDER_SCHEMA_VERSION,
    orderId: `sandbox-${digest.slice(0, 16)}`,
    customerId: `customer-${digest.slice(16, 20)}`,
    currency: 'EUR',
    items: [{ sku: `sku-${digest.slice(20, 23)}`, quantity: 1 + (Number.parseInt(digest.slice(23, 24), 16) % 3), unitPriceMinor: 1990 }],
    placedAt: new Date(placedAt).toISOString(),
  };
}

function uuidFrom(identity: string): string {
  const hex = digestOf(`message ${identity}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
