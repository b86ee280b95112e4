import type { Departure } from '../discovery/departures';
import type { RolloutPlan } from '../plan/rollout-plan';

import type { DepartedTarget, RolloutEvent, RolloutState } from './state';

type Departed = Extract<RolloutEvent, { readonly type: 'targets-departed' }>;

/**
 * What to write down of the targets that left since a rollout was planned, before it goes on; null: nothing that is not known already. What is
 * destroyed is none of it: that an account left is no reason to leave anything in it. Pure.
 */
export function departedTargets(
  { targets }: RolloutPlan,
  { state, departed, at }: { readonly state: RolloutState; readonly departed: Departure; readonly at: string },
): Departed | null {
  const left = targets.flatMap(({ target, purpose }): readonly DepartedTarget[] => {
    if (purpose === 'destroy' || state.states.get(target.id)?.state === 'done') return [];
    const reason = departed(target);
    return reason === null ? [] : [{ target: target.id, reason }];
  });
  const known = left.length === state.departed.size && left.every(({ target, reason }) => state.departed.get(target) === reason);
  return known ? null : { type: 'targets-departed', at, departed: left };
}

/** Whether anything of a rollout is still to be deployed: else nobody need look where it would go. */
export function mayStillDeploy({ targets }: RolloutPlan, { states }: RolloutState): boolean {
  return targets.some(({ target, purpose }) => purpose !== 'destroy' && states.get(target.id)?.state !== 'done');
}
