import type { RolloutPlan } from '../plan/rollout-plan';
import type { TargetRecords } from '../plan/target-record';

import { setupOf } from './core-setup';
import { decideAll, initialState } from './decide';
import type { RolloutEvent, RolloutState } from './state';

/** What a journal gives a rollout's state again from. */
export interface RolloutHistory {
  readonly plan: RolloutPlan;
  /** Records as the rollout began. */
  readonly goods: TargetRecords;
  /** Oldest first. */
  readonly events: readonly RolloutEvent[];
}

/** A rollout's state from its plan, the records as it began, and its events. */
export function replayRollout({ plan, goods, events }: RolloutHistory): RolloutState {
  return decideAll(initialState(setupOf(plan, goods)), events).state;
}
