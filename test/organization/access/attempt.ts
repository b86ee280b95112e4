import type { ConditionContext } from '../../../sandbox/types/common/policy-condition';
import { decideAccess, type Policies, type RoleRequest } from './decide-access';

/** A request as an attacker makes it. */
export interface Attempt {
  readonly action: string;
  readonly resource: string;
  /** What the attacker cannot choose: what the victim carries, and where it is. */
  readonly victim?: ConditionContext;
  /** What he can, with every value worth trying; each may be left out as well. */
  readonly settable?: Readonly<Record<string, readonly (string | readonly string[])[]>>;
}

/** Every choice of the keys that an attacker can set: each value of each, and without it. */
export function choices(settable: NonNullable<Attempt['settable']>): readonly ConditionContext[] {
  return Object.entries(settable).reduce<readonly ConditionContext[]>(
    (all, [key, values]) => all.flatMap((context) => [context, ...values.map((value) => ({ ...context, [key]: value }))]),
    [{}],
  );
}

/** The choices of an attempt that get through: none, where the policies hold. */
export function waysThrough(policies: Policies, attempt: Attempt, role: RoleRequest['role']): readonly ConditionContext[] {
  const { action, resource, victim = {}, settable = {} } = attempt;
  return choices(settable).filter((chosen) => {
    const context = { ...chosen, ...victim };
    return decideAccess(policies, { action, resource, role, context }) === 'allowed';
  });
}
