import * as z from 'zod';

import type { ObjectStore } from '../ports';

import { openObject, sealObject, type ObjectKind } from './sealed';

const KEY = 'lease';

const leaseSchema = z.looseObject({
  epoch: z.number().int().positive(),
  holder: z.looseObject({
    host: z.string(),
    pid: z.number().int(),
    processStart: z.string(),
    verb: z.string(),
    since: z.iso.datetime(),
    /** The rollout that it drives, and whose inbox it reads; null: it changes the fleet otherwise. */
    rollout: z.string().nullable().default(null),
  }),
  beatAt: z.iso.datetime(),
  released: z.boolean(),
});

/** The lease as kept. `epoch` grows with every holder, for ever; instants are ISO 8601, by the holder's clock. */
export type LeaseState = Readonly<z.output<typeof leaseSchema>>;

const leaseKind: ObjectKind<LeaseState> = { name: 'lease', read: (content) => leaseSchema.parse(content) };

/** Who has the lease, for which verb, since when. */
export type LeaseHolder = LeaseState['holder'];

/** The lease as it is kept, held or not; undefined before the first. */
export async function readLease(store: ObjectStore): Promise<LeaseState | undefined> {
  return (await readVersioned(store))?.lease;
}

/** {@link readLease} with the version to replace. Throws `user/state-damaged`. */
export async function readVersioned(store: ObjectStore): Promise<{ readonly lease: LeaseState; readonly version: string } | undefined> {
  const found = await store.read(KEY);
  if (!found) return undefined;
  return { lease: openObject(leaseKind, { key: KEY, body: found.body }), version: found.version };
}

/** Writes a lease in place of the version that was read; undefined where another one was quicker. */
export async function writeLease(store: ObjectStore, lease: LeaseState, version: string | null): Promise<string | undefined> {
  return store.replace(KEY, sealObject(leaseKind, { key: KEY, content: lease }), version);
}

/** How a person names a holder, as messages do: `4711@host`. */
export function holderName({ pid, host }: Pick<LeaseHolder, 'pid' | 'host'>): string {
  return `${pid}@${host}`;
}
