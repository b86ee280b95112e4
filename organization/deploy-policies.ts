import { policyDocument } from '../layer-kit/policy-document';
import type { KindPolicy } from './account-kinds';
import { guardStatements } from './deploy-guard';
import { deployPermissions } from './deploy-permissions';
import { grantsToStatements } from './grants-to-statements';
import { withinLimit } from './policy-limits';
import { policyGroups, resourceScopes, scopesOf } from './resource-scopes';
import type { RolePoliciesInput } from './role-policies-input';

/** The policies of `fleet/deploy` by name: exactly what the layers of a kind of account need, and a guard that no later grant can undo. */
export function deployPolicies(input: RolePoliciesInput): Readonly<Record<string, KindPolicy>> {
  const grants = Object.values(deployPermissions).flat();
  const scopes = resourceScopes(input);
  const groups = Object.entries(policyGroups).map(([name, kinds]) => {
    const statements = grantsToStatements(
      grants,
      scopesOf(scopes, ({ groups }) => groups.some((group) => group === name)),
    );
    return [`deploy-${name}`, { policy: withinLimit(`deploy-${name}`, policyDocument(...statements)), kinds }] as const;
  });
  const guard = withinLimit('deploy-guard', policyDocument(...guardStatements(input)));
  return { ...Object.fromEntries(groups), 'deploy-guard': { policy: guard, kinds: null } };
}
