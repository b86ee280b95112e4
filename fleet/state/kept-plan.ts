import * as z from 'zod';

import { planDigest, type RolloutPlan } from '../plan/rollout-plan';
import { otherwiseText } from '../plan/told-config';

import type { JournalEnd } from './journal';
import { planShape } from './plan-schema';
import { checkedKind, openObject, sealObject, unseal, type ObjectKind } from './sealed';
import { stateDamaged } from './state-damaged';

/** The rollout that began before another one: a chain from which no beginning can be taken without a trace. */
export interface EarlierRollout {
  readonly id: string;
  /** The seal of its beginning: that of {@link beginningDigest}. */
  readonly digest: string;
  /** Where its journal ended. Null: it had none. @default that was not said yet */
  readonly journal?: JournalEnd | null | undefined;
}

/** How a rollout began. */
export interface Beginning {
  readonly plan: RolloutPlan;
  /** Null: it was the first one. Undefined: it began before there was a chain. */
  readonly prev?: EarlierRollout | null | undefined;
}

const earlierShape = z.object({
  id: z.string(),
  digest: z.string(),
  journal: z.object({ seq: z.number(), checksum: z.string() }).nullish(),
});
const PLAN = checkedKind<RolloutPlan>('plan', planShape);
const BEGINNING: ObjectKind<Beginning> = beginningKind();

/** A plan as it is kept under its digest. */
export function planBody(key: string, plan: RolloutPlan): string {
  return sealObject(PLAN, { key, content: plan });
}

/**
 * A plan as kept. Throws `user/state-damaged` where it is not what was written, or its digest, which approvals bind to, is not that of
 * what it says or not the expected one.
 */
export function planFrom(body: string, { key, digest }: { readonly key: string; readonly digest: string }): RolloutPlan {
  const plan = checkedDigest(openObject(PLAN, { key, body }), key);
  if (plan.digest !== digest) throw stateDamaged(key, `it is plan ${plan.digest}`);
  const otherwise = otherwiseText(plan);
  if (otherwise !== null) throw stateDamaged(key, otherwise);
  return plan;
}

/** The beginning of a rollout as it is kept. */
export function beginningBody(key: string, beginning: Beginning): string {
  return sealObject(BEGINNING, { key, content: beginning });
}

/** A rollout's beginning as kept. Errors as {@link planFrom}'s. */
export function beginningFrom(body: string, key: string): Beginning {
  const beginning = openObject(BEGINNING, { key, body });
  return { ...beginning, plan: checkedDigest(beginning.plan, key) };
}

/** What the next rollout says of a beginning that is kept. Throws `user/state-damaged` where its seal does not fit. */
export function beginningDigest(body: string, key: string): string {
  const unsealed = unseal(body);
  if (!unsealed) throw stateDamaged(key, 'a byte in it is not as it was written');
  return unsealed.checksum;
}

/** Until there was a chain, a beginning was a plan alone. */
function beginningKind(): ObjectKind<Beginning> {
  const chained = checkedKind<Beginning>('begun', z.object({ plan: planShape, prev: earlierShape.nullish() }));
  const read = (content: unknown): Beginning =>
    typeof content === 'object' && content !== null && 'plan' in content ? chained.read(content) : { plan: PLAN.read(content) };
  return { ...chained, read };
}

function checkedDigest(plan: EarlierPlan, key: string): RolloutPlan {
  if (planDigest(plan as RolloutPlan) !== plan.digest) throw stateDamaged(key, `its digest ${plan.digest} is not that of what it says`);
  return { ...plan, purpose: plan.purpose ?? (plan.rollsBack === null ? 'rollout' : 'rollback') };
}

/** Before plans had a purpose there were two. */
type EarlierPlan = Omit<RolloutPlan, 'purpose'> & Partial<Pick<RolloutPlan, 'purpose'>>;
