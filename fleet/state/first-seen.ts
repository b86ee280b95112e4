import * as z from 'zod';

import type { ObjectStore, StoredObject } from '../ports';

import { checkedKind, openObject, sealObject } from './sealed';

const KEY = 'audit-seen.json';

/** When something was first seen, ISO 8601, by its key. */
type FirstSeen = Readonly<Record<string, string>>;

const firstSeenKind = checkedKind<FirstSeen>('first-seen', z.record(z.string(), z.string()));

/** When findings of audits were first seen; empty before the first audit. */
export async function loadFirstSeen(objects: ObjectStore): Promise<FirstSeen> {
  return seenIn(await objects.read(KEY));
}

/** Changes what is remembered, on top of what others have remembered meanwhile. */
export async function changeFirstSeen(objects: ObjectStore, change: (seen: FirstSeen) => FirstSeen): Promise<void> {
  for (;;) {
    const found = await objects.read(KEY);
    const body = sealObject(firstSeenKind, { key: KEY, content: change(seenIn(found)) });
    if (body === found?.body || (await objects.replace(KEY, body, found?.version ?? null)) !== undefined) return;
  }
}

function seenIn(found: StoredObject | undefined): FirstSeen {
  return found === undefined ? {} : openObject(firstSeenKind, { key: KEY, body: found.body });
}
