import { FleetError } from '../errors';
import { planDigest, type RolloutPlan } from '../plan/rollout-plan';

import { sealJson, unsealJson } from './sealed';

const VERSION = 1;

/** A plan as it is kept. */
export function planBody(plan: RolloutPlan): string {
  return sealJson(VERSION, plan);
}

/**
 * A plan as kept. Throws `user/state-damaged` where it is not what was written, or its digest, which approvals bind to, is not that of
 * what it says or not the expected one.
 */
export function planFrom(body: string, expected: { readonly key: string; readonly digest?: string }): RolloutPlan {
  const { key, digest } = expected;
  const plan = unsealJson(body, { key, version: VERSION }) as Omit<RolloutPlan, 'purpose'> & Partial<Pick<RolloutPlan, 'purpose'>>;
  if (planDigest(plan as RolloutPlan) !== plan.digest) throw damaged(key, `its digest ${plan.digest} is not that of what it says`);
  if (digest !== undefined && plan.digest !== digest) throw damaged(key, `it is plan ${plan.digest}`);
  // Before plans had a purpose there were two.
  return { ...plan, purpose: plan.purpose ?? (plan.rollsBack === null ? 'rollout' : 'rollback') };
}

function damaged(key: string, what: string): FleetError {
  return new FleetError('user/state-damaged', `${key} is damaged: ${what}; restore it`);
}
