import * as z from 'zod';

import type { TargetRecord } from '../plan/target-record';
import type { RolloutEvent } from '../rollout/state';

import { recordShape } from './record-schema';

/** Who writes a rollout's journal from here on. */
export interface JournalController {
  readonly epoch: number;
  readonly host: string;
  readonly pid: number;
  readonly verb: string;
  /** ISO 8601. */
  readonly at: string;
}

/** One entry of a rollout's journal. */
export type JournalEntry =
  | { readonly event: RolloutEvent }
  /** What is known of a target from here on. */
  | { readonly record: TargetRecord }
  | { readonly controller: JournalController }
  /** The records as the rollout began: what it goes back to. */
  | { readonly goods: readonly TargetRecord[] };

const event = z.object({ event: z.object({ type: z.string(), at: z.string() }) });
const record = z.object({ record: recordShape });
const goods = z.object({ goods: z.array(recordShape) });
const controller = z.object({
  controller: z.object({ epoch: z.number(), host: z.string(), pid: z.number(), verb: z.string(), at: z.string() }),
});

/** Whether something that stands in a journal is an entry. One of a kind that is not known is: a later fleet may have more of them. */
export function isJournalEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if ('event' in value) return event.safeParse(value).success;
  if ('record' in value) return record.safeParse(value).success;
  if ('goods' in value) return goods.safeParse(value).success;
  return !('controller' in value) || controller.safeParse(value).success;
}
