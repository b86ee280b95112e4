import * as z from 'zod';

import { stackName, type Target } from '../../../contracts/target';
import type { ObjectStore } from '../../ports';
import { checkedKind, openObject, sealObject } from '../../state/sealed';

const changesSchema = z.object({
  create: z.number(),
  update: z.number(),
  replace: z.number(),
  delete: z.number(),
  same: z.number(),
});

const processSchema = z.object({ host: z.string(), pid: z.number(), processStart: z.string() });

const noteSchema = z.object({
  id: z.string(),
  action: z.enum(['up', 'destroy']),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  result: z.enum(['succeeded', 'failed']).nullable(),
  changes: changesSchema,
  error: z.object({ code: z.string(), message: z.string(), resource: z.string().nullable() }).nullable(),
  /** Who runs it: the target's process. */
  process: processSchema,
  /** The manager that started it. */
  controller: processSchema,
});

/** What the manager notes of a stack's last attempt, before it begins and after it ended. */
export type AttemptNote = z.infer<typeof noteSchema>;

/** A note as kept; undefined where the stack was never run. */
export interface KeptNote {
  readonly note: AttemptNote | undefined;
  readonly version: string | null;
}

const noteKind = checkedKind<AttemptNote>('attempt', noteSchema);

/**
 * Notes of the last attempt of each stack, in the fleet's state. Pulumi's own history is written when an update ends: of one whose process
 * died it tells nothing, and of whose it was neither.
 */
export class AttemptNotes {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** The last one, with what another one has to replace. */
  async look(target: Target): Promise<KeptNote> {
    const key = keyOf(target);
    const found = await this.#objects.read(key);
    return { note: found && openObject(noteKind, { key, body: found.body }), version: found?.version ?? null };
  }

  /**
   * Durable when it resolves. Replaces the note that was looked at, or that this wrote; undefined where another one is there by now: a controller
   * that slept writes over nobody's.
   */
  async replace(target: Target, note: AttemptNote, version: string | null): Promise<string | undefined> {
    const key = keyOf(target);
    return this.#objects.replace(key, sealObject(noteKind, { key, content: note }), version);
  }
}

function keyOf(target: Target): string {
  return `engine/${target.layer}/${stackName(target)}.json`;
}
