import { splitRoleName } from '../contracts/ids';
import { besideDeployRole, permissionsBoundaryArn } from '../contracts/names';
import { OWN_ACCOUNT } from './resource-scopes';

/** ARN of the boundary in the account that a policy is in. */
export function workloadBoundaryArn(deployRole: string): string {
  return permissionsBoundaryArn(OWN_ACCOUNT, deployRole);
}

/**
 * ARNs of what fleets themselves are: the roles and policies of every fleet under its usual path, and this one's wherever they are named. No
 * workload and no deployment may touch these.
 */
export function fleetIdentities(deployRole: string, roles: readonly string[]): readonly string[] {
  const arn = (kind: string) => `arn:aws:iam::${OWN_ACCOUNT}:${kind}`;
  const elsewhere = (path: string) => !path.startsWith('/fleet/');
  const { path } = splitRoleName(deployRole);
  return [
    ...[arn('role/fleet/*'), arn('policy/fleet/*')],
    ...(elsewhere(path) ? [arn(`policy${path}${besideDeployRole(deployRole, '*').name}`)] : []),
    ...[...new Set(roles)].filter((role) => elsewhere(`/${role}`)).map((role) => arn(`role/${role}`)),
  ];
}
