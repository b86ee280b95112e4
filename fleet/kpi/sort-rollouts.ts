import { dayOf, type Period } from '../cost/days';

import type { RolloutFacts } from './rollout-facts';

/** A rollout that has ended. */
export interface EndedRollout extends RolloutFacts {
  readonly endedAt: string;
  readonly outcome: NonNullable<RolloutFacts['outcome']>;
}

/** Rollouts of a period by what they count as. Each is in just one list, oldest first. */
export interface SortedRollouts {
  /** Changes: went forward, began to deploy on at least one target, and ended in the period. */
  readonly changes: readonly EndedRollout[];
  /** Took another rollout back and ended in the period: a repair, not a change. */
  readonly rollbacks: readonly EndedRollout[];
  /** Ended in the period and deployed nothing. */
  readonly idle: readonly EndedRollout[];
  /** Not ended, whenever they began: in no figure. */
  readonly unfinished: readonly RolloutFacts[];
}

/** Sorts rollouts by what they count as. A rollout belongs to the day (UTC) on which it ended. */
export function sortRollouts(rollouts: readonly RolloutFacts[], period: Period): SortedRollouts {
  const oldestFirst = byAge(rollouts);
  const ended = oldestFirst.filter(hasEnded).filter(({ endedAt }) => isWithin(endedAt, period));
  return {
    changes: ended.filter(isChange),
    rollbacks: ended.filter(({ takesBack }) => takesBack !== null),
    idle: ended.filter((rollout) => rollout.takesBack === null && !isChange(rollout)),
    unfinished: oldestFirst.filter((rollout) => !hasEnded(rollout)),
  };
}

/** Oldest first: ids sort by time. */
export function byAge<Rollout extends { readonly id: string }>(rollouts: readonly Rollout[]): readonly Rollout[] {
  return [...rollouts].sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
}

/** Whether a rollout has ended. */
export function hasEnded(rollout: RolloutFacts): rollout is EndedRollout {
  return rollout.outcome !== null && rollout.endedAt !== null;
}

/** Whether a rollout goes forward and began to deploy on at least one target. */
export function isChange({ takesBack, targets }: RolloutFacts): boolean {
  return takesBack === null && [...targets.values()].some(({ changed }) => changed);
}

/** Whether an instant (ISO 8601) is on a day (UTC) of the period. */
export function isWithin(instant: string, { from, to }: Period): boolean {
  const day = dayOf(new Date(instant));
  return from <= day && day <= to;
}
