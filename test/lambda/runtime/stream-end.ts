import type { ArchivedDeadLetter } from '../../../lambda/dead-letter/dead-letter-archive';
import { orderContentHash } from '../../../lambda/order/content-hash';
import type { Sent } from './order-stream';
import { directLetters } from './run-stream';

/** Content hashes by order id of what stands in the table. */
export type StoredOrders = ReadonlyMap<string, string | undefined>;

/** What must stand in the end of a stream: hashes that an order may have, by id. */
export function expectedOrders(sent: readonly Sent[]): ReadonlyMap<string, ReadonlySet<string>> {
  const expected = new Map<string, Set<string>>();
  for (const { fate } of sent) {
    if (fate.kind === 'archived') continue;
    const { orderId } = fate.order;
    expected.set(orderId, (expected.get(orderId) ?? new Set()).add(orderContentHash(fate.order)));
  }
  return expected;
}

/** True of a message whose content another one kept out of the table. */
export function wasBeaten({ fate }: Sent, stored: StoredOrders): boolean {
  return fate.kind === 'contended' && stored.get(fate.order.orderId) !== orderContentHash(fate.order);
}

/** A dead letter as far as it is known in advance. */
export type KnownLetter = Pick<ArchivedDeadLetter, 'messageId' | 'body' | 'class'>;

/** What the archive must hold in the end, by message id. */
export function expectedLetters(sent: readonly Sent[], stored: StoredOrders): readonly KnownLetter[] {
  return byMessage(
    [...sent, ...directLetters]
      .filter((message) => message.fate.kind === 'archived' || wasBeaten(message, stored))
      // Its queue tells nothing of why an order was refused: one that another kept out reads as transient.
      .map(({ messageId, body, fate }) => ({ messageId, body, class: fate.kind === 'archived' ? fate.class : 'transient' })),
  );
}

/** What the archive holds, by message id, from its objects by key. Throws where a key is not that of its letter. */
export function archivedLetters(objects: Iterable<readonly [string, string]>): readonly KnownLetter[] {
  return byMessage(
    [...objects].map(([key, content]) => {
      const { messageId, body, class: name } = JSON.parse(content) as ArchivedDeadLetter;
      if (key !== `dead-letters/${name}/2026/03/04/${messageId}.json`) throw new Error(`${key} is not the place of ${messageId} (${name})`);
      return { messageId, body, class: name };
    }),
  );
}

function byMessage(letters: readonly KnownLetter[]): readonly KnownLetter[] {
  return [...letters].sort((one, other) => (one.messageId < other.messageId ? -1 : 1));
}
