import { roleTrust, trustCharacters, TRUST_POLICY_CHARACTERS, type TrustPolicy } from '../contracts/role-trust';
import type { ControlPrincipals } from '../contracts/control-principals';

export type { TrustPolicy } from '../contracts/role-trust';

/** Who may assume a role of the fleet. Throws where IAM would not take it. */
export function roleTrustPolicy(principals: ControlPrincipals, roles: readonly string[], organizationId: string): TrustPolicy {
  const policy = roleTrust({ root: principals.root, roles, organizationId });
  const size = trustCharacters(policy);
  if (size <= TRUST_POLICY_CHARACTERS) return policy;
  throw new Error(
    `a trust policy of the fleet's roles has ${size} characters, IAM takes ${TRUST_POLICY_CHARACTERS}: name fewer control roles, or one path with a * for many`,
  );
}
