import { targetSchema, type Target } from '../../contracts/target';
import type { RolloutPlan } from '../plan/rollout-plan';

import type { DepartedTarget, RolloutEvent, RolloutState } from './state';

type Departed = Extract<RolloutEvent, { readonly type: 'targets-departed' }>;

/**
 * What to write down of the targets that left since a rollout was planned, before it goes on, and of those whose alarms its gates would go by;
 * null: nothing that is not known already. What is destroyed is none of it: that an account left is no reason to leave anything in it. Pure.
 */
export function departedTargets(
  { targets, waves }: RolloutPlan,
  { state, departed, at }: { readonly state: RolloutState; readonly departed: (target: Target) => string | null; readonly at: string },
): Departed | null {
  const pending = targets.filter(({ target, purpose }) => purpose !== 'destroy' && state.states.get(target.id)?.state !== 'done');
  const ids = new Set([...pending.map(({ target }) => target.id), ...waves.flatMap(({ watches }) => watches)]);
  const left = [...ids].flatMap((id): readonly DepartedTarget[] => {
    const reason = departed(targetSchema.parse(id));
    return reason === null ? [] : [{ target: id, reason }];
  });
  const known = left.length === state.departed.size && left.every(({ target, reason }) => state.departed.get(target) === reason);
  return known ? null : { type: 'targets-departed', at, departed: left };
}

/** Whether anything of a rollout is still to be deployed: else nobody need look where it would go. */
export function mayStillDeploy({ targets }: RolloutPlan, { states }: RolloutState): boolean {
  return targets.some(({ target, purpose }) => purpose !== 'destroy' && states.get(target.id)?.state !== 'done');
}
