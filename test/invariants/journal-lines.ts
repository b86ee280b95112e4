import type { TargetId } from '../../contracts/target';
import type { RolloutPlan } from '../../fleet/plan/rollout-plan';
import type { JournalEntry } from '../../fleet/state/journal-entry';

/** One durable write of a rollout's journal. */
export interface CheckedSegment {
  readonly seq: number;
  readonly epoch: number;
  readonly entries: readonly unknown[];
}

/** A rollout and its journal, as it is kept. */
export interface CheckedRollout {
  readonly id: string;
  readonly plan: RolloutPlan;
  readonly segments: readonly CheckedSegment[];
  /** The rollout has an outcome: nothing may be under way any more. */
  readonly ended: boolean;
  /** Targets in which an engine was seen to begin an operation of it that goes forward. @default nobody watched it */
  readonly operated?: ReadonlySet<TargetId>;
}

/** Something that must never be, and where in the journal it shows. */
export interface Violation {
  readonly invariant: string;
  /** `<rollout> <segment>#<entry>`. */
  readonly at: string;
  readonly message: string;
}

/** One entry and where it stands. */
export interface JournalLine {
  readonly entry: JournalEntry;
  readonly epoch: number;
  readonly seq: number;
  readonly at: string;
}

/** The entries of a journal, each with its place. */
export function linesOf({ id, segments }: Pick<CheckedRollout, 'id' | 'segments'>): readonly JournalLine[] {
  return segments.flatMap(({ seq, epoch, entries }) =>
    entries.map((entry, index) => ({ entry: entry as JournalEntry, epoch, seq, at: `${id} ${seq}#${index}` })),
  );
}
