import type { TargetRecord } from '../plan/target-record';
import type { RolloutEvent } from '../rollout/state';

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
