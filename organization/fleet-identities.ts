import { OWN_ACCOUNT } from './resource-scopes';

/** Path and name of the boundary policy, as `permissionsBoundaryArn` of the contracts gives them. */
export const workloadBoundary = { path: '/fleet/', name: 'workload-boundary' } as const;

/** ARN of the boundary in the account that a policy is in. */
export const workloadBoundaryArn = `arn:aws:iam::${OWN_ACCOUNT}:policy${workloadBoundary.path}${workloadBoundary.name}`;

/** ARNs of what the fleet itself is: its roles wherever they are named, and its policies. No workload and no deployment may touch these. */
export function fleetIdentities(roles: readonly string[]): readonly string[] {
  const arn = (kind: string) => `arn:aws:iam::${OWN_ACCOUNT}:${kind}`;
  const elsewhere = roles.filter((role) => !role.startsWith('fleet/'));
  return [arn('role/fleet/*'), arn('policy/fleet/*'), ...[...new Set(elsewhere)].map((role) => arn(`role/${role}`))];
}
