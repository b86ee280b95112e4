import { randomBytes } from 'node:crypto';

import { FleetError, messageOf } from '../errors';
import type { ObjectStore } from '../ports';

/** What every message has: an id that names it for ever, as {@link messageId} makes them. */
export interface InboxMessage {
  readonly id: string;
  /** Below which name of the inbox it is. @default none: it is anybody's */
  readonly from?: string | undefined;
}

/** A message, or one that cannot be read, which is passed over and said so. */
export type InboxItem<Message> =
  | { readonly kind: 'message'; readonly key: string; readonly message: Message }
  | { readonly kind: 'unreadable'; readonly key: string; readonly reason: string };

/** What is read of an inbox. */
export interface ReadInboxOptions<Message> {
  /** Ids of messages that are known already, readable or not: not read again. */
  readonly known?: ReadonlySet<string>;
  /** Checks what a message says; a throw makes it unreadable. Without it, only the id is checked. */
  readonly parse?: (value: unknown) => Message;
}

/** An id for a message made now: they sort by time, by the clocks of those who made them, and do not meet. */
export function messageId(now: Date, random: () => string = () => randomBytes(6).toString('hex')): string {
  return `${now.toISOString().replace(/[-:]/g, '')}-${random()}`;
}

/** Puts a message into an inbox; durable when it resolves. Throws `fleet/message-exists` where one of its id is there. */
export async function postMessage(store: ObjectStore, prefix: string, message: InboxMessage): Promise<void> {
  const key = inboxKey(prefix, message);
  if (!(await store.create(key, `${JSON.stringify({ ...message, key })}\n`)))
    throw new FleetError(
      'fleet/message-exists',
      `inbox ${prefix} has a message ${message.id} already: every message needs an id of its own`,
    );
}

/**
 * The messages of an inbox by id. Messages stay for ever: who acts on one notes its id with what came of it. One that was written for another
 * place is unreadable: a copy of what somebody said of another rollout, or of somebody else, says nothing.
 */
export async function readInbox<Message extends InboxMessage>(
  store: ObjectStore,
  prefix: string,
  options: ReadInboxOptions<Message> = {},
): Promise<readonly InboxItem<Message>[]> {
  const { known, parse = (value) => value as Message } = options;
  const keys = (await store.list(`${prefix}/inbox/`)).filter((key) => known?.has(idOf(key)) !== true);
  const byId = [...keys].sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
  return Promise.all(byId.map((key) => readItem(store, { key, prefix }, parse)));
}

/** The id in a message's key, also of one that cannot be read. */
export function idOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1).replace(/\.json$/, '');
}

async function readItem<Message>(
  store: ObjectStore,
  { key, prefix }: { readonly key: string; readonly prefix: string },
  parse: (value: unknown) => Message,
): Promise<InboxItem<Message>> {
  try {
    const { key: written, ...message } = JSON.parse((await store.read(key))?.body ?? '') as InboxMessage & { readonly key?: unknown };
    if (message.id !== idOf(key)) throw new TypeError(`its id is not ${idOf(key)}`);
    if (written !== key || inboxKey(prefix, message) !== key)
      throw new TypeError(`it was written for ${typeof written === 'string' ? written : 'no place'}`);
    return { kind: 'message', key, message: parse(message) };
  } catch (error) {
    return { kind: 'unreadable', key, reason: messageOf(error) };
  }
}

function inboxKey(prefix: string, { id, from }: InboxMessage): string {
  return `${prefix}/inbox/${from === undefined ? '' : `${from}/`}${id}.json`;
}
