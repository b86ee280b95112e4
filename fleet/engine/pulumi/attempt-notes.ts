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

  /** Undefined where the stack was never run. */
  async read(target: Target): Promise<AttemptNote | undefined> {
    const key = keyOf(target);
    const found = await this.#objects.read(key);
    return found && openObject(noteKind, { key, body: found.body });
  }

  /** Durable when it resolves. Only ever one controller writes: it holds the fleet's lease. */
  async write(target: Target, note: AttemptNote): Promise<void> {
    const key = keyOf(target);
    for (;;) {
      const version = (await this.#objects.read(key))?.version ?? null;
      if ((await this.#objects.replace(key, sealObject(noteKind, { key, content: note }), version)) !== undefined) return;
    }
  }
}

function keyOf(target: Target): string {
  return `engine/${target.layer}/${stackName(target)}.json`;
}
