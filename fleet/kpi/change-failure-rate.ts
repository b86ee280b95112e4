import type { TargetId } from '../../contracts/target';
import type { RolloutOutcome } from '../rollout/state';

import type { RolloutFacts, TargetFacts } from './rollout-facts';
import type { EndedRollout } from './sort-rollouts';
import { share } from './statistics';

/** A change that failed. */
export interface FailedChange {
  readonly rollout: string;
  readonly endedAt: string;
  readonly outcome: RolloutOutcome;
  /** Rollouts that took it back later, oldest first. */
  readonly takenBackBy: readonly string[];
}

/** How many changes of one target failed. */
export interface TargetChanges {
  readonly target: TargetId;
  /** Changes of this target. */
  readonly samples: number;
  readonly failed: number;
  /** `failed / samples`, 0 to 1. */
  readonly rate: number;
}

/** Share of changes that failed. */
export interface ChangeFailureRate {
  /** Changes that ended in the period. */
  readonly samples: number;
  readonly failed: number;
  /** Aborted with nothing that failed or went back: among the samples, not among the failed. */
  readonly aborted: number;
  /** `failed / samples`, 0 to 1; null without samples. */
  readonly rate: number | null;
  /** Oldest first. */
  readonly failures: readonly FailedChange[];
  readonly targets: {
    /** Target changes: each target that a change began to deploy on, once a rollout. */
    readonly samples: number;
    /** Those that ended failed, rolled_back or rollback_failed, or that a later rollback took back. */
    readonly failed: number;
    /** `failed / samples`, 0 to 1; null without samples. */
    readonly rate: number | null;
    /** Every target that was changed; those that failed most often first, then by id. */
    readonly byTarget: readonly TargetChanges[];
  };
}

/**
 * Share of changes that failed: those that ended failed, rolled_back or rollback_failed, those aborted with a target that failed or went
 * back, and those that a later rollback took back, by all changes. `all` are the rollouts that may have taken them back.
 */
export function changeFailureRate(changes: readonly EndedRollout[], all: readonly RolloutFacts[]): ChangeFailureRate {
  const rollbacks = rollbacksOf(all);
  const failures = changes.flatMap((change): readonly FailedChange[] => {
    const back = rollbacks.get(change.id) ?? [];
    const { id: rollout, endedAt, outcome } = change;
    return back.length > 0 || hasFailed(change) ? [{ rollout, endedAt, outcome, takenBackBy: back.map(({ id }) => id) }] : [];
  });
  const failed = new Set(failures.map(({ rollout }) => rollout));
  return {
    samples: changes.length,
    failed: failures.length,
    aborted: changes.filter(({ id, outcome }) => outcome === 'aborted' && !failed.has(id)).length,
    rate: share(failures.length, changes.length),
    failures,
    targets: targetRate(changes, rollbacks),
  };
}

/** Rollouts that take others back, by what they take back. */
export function rollbacksOf<Rollout extends Pick<RolloutFacts, 'takesBack'>>(
  all: readonly Rollout[],
): ReadonlyMap<string, readonly Rollout[]> {
  const found = new Map<string, Rollout[]>();
  for (const rollout of all)
    if (rollout.takesBack !== null) found.set(rollout.takesBack, [...(found.get(rollout.takesBack) ?? []), rollout]);
  return found;
}

/** Whether a target change failed by itself: what stood there was not what was wanted, or went back. */
export function isFailedChange({ changed, outcome }: TargetFacts): boolean {
  return changed && (outcome === 'failed' || outcome === 'rolled_back' || outcome === 'rollback_failed');
}

/** Targets that a rollback has to bring back: all but those that stood there already. */
export function takenBack({ targets }: RolloutFacts): readonly TargetId[] {
  return [...targets].flatMap(([id, { outcome }]) => (outcome === 'unchanged' ? [] : [id]));
}

function hasFailed({ outcome, targets }: EndedRollout): boolean {
  switch (outcome) {
    case 'succeeded':
      return false;
    case 'failed':
    case 'rolled_back':
    case 'rollback_failed':
      return true;
    case 'aborted':
      return [...targets.values()].some(isFailedChange);
    default:
      throw new Error(`unknown outcome ${String(outcome satisfies never)}`);
  }
}

function targetRate(
  changes: readonly EndedRollout[],
  rollbacks: ReadonlyMap<string, readonly RolloutFacts[]>,
): ChangeFailureRate['targets'] {
  const counts = new Map<TargetId, { samples: number; failed: number }>();
  for (const { id, targets } of changes) {
    const back = new Set((rollbacks.get(id) ?? []).flatMap(takenBack));
    for (const [target, facts] of targets) {
      if (!facts.changed) continue;
      const count = counts.get(target) ?? { samples: 0, failed: 0 };
      count.samples += 1;
      if (isFailedChange(facts) || back.has(target)) count.failed += 1;
      counts.set(target, count);
    }
  }
  const byTarget = [...counts]
    .map(([target, { samples, failed }]): TargetChanges => ({ target, samples, failed, rate: share(failed, samples) ?? 0 }))
    .sort((left, right) => right.failed - left.failed || (left.target < right.target ? -1 : 1));
  const samples = byTarget.reduce((sum, one) => sum + one.samples, 0);
  const failed = byTarget.reduce((sum, one) => sum + one.failed, 0);
  return { samples, failed, rate: share(failed, samples), byTarget };
}
