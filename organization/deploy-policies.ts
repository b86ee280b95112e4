import { policyDocument, type PolicyDocument, type PolicyStatement } from '../layer-kit/policy-document';
import { deployPermissions } from './deploy-permissions';
import { fleetIdentities, workloadBoundaryArn } from './fleet-identities';
import { grantsToStatements } from './grants-to-statements';
import { withinLimit } from './policy-limits';
import { policyGroups, resourceScopes, type PolicyGroup } from './resource-scopes';
import type { RolePoliciesInput } from './role-policies-input';

/** The policies of `fleet/deploy` by name: exactly what the layers need, and a guard that no later grant can undo. */
export function deployPolicies(input: RolePoliciesInput): Readonly<Record<PolicyGroup | 'guard', PolicyDocument>> {
  const grants = Object.values(deployPermissions).flat();
  const scopes = Object.entries(resourceScopes(input.fleet, workloadBoundaryArn(input.deployRole)));
  const group = (name: PolicyGroup) =>
    withinLimit(
      `deploy-${name}`,
      policyDocument(...grantsToStatements(grants, Object.fromEntries(scopes.filter(([, scope]) => scope.group === name)))),
    );
  const [compute, data, telemetry] = policyGroups;
  return {
    [compute]: group(compute),
    [data]: group(data),
    [telemetry]: group(telemetry),
    guard: withinLimit('deploy-guard', policyDocument(...guardStatements(input))),
  };
}

/** Services whose resources stand in a region, of those that the deploy role may use. */
const REGIONAL_SERVICES = ['cloudwatch', 'dynamodb', 'kms', 'lambda', 'logs', 'oam', 'scheduler', 'sns', 'sqs'] as const;

function guardStatements(input: RolePoliciesInput): readonly PolicyStatement[] {
  const boundary = { 'iam:PermissionsBoundary': workloadBoundaryArn(input.deployRole) };
  return [
    { Sid: 'FleetRolesStayAsTheyAre', Effect: 'Deny', Action: 'iam:*', Resource: fleetIdentities(input.deployRole, input.fleetRoles) },
    { Sid: 'BoundaryStaysOn', Effect: 'Deny', Action: 'iam:DeleteRolePermissionsBoundary', Resource: '*' },
    {
      Sid: 'RolesCarryTheBoundary',
      Effect: 'Deny',
      Action: ['iam:AttachRolePolicy', 'iam:CreateRole', 'iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy'],
      Resource: '*',
      Condition: { StringNotEquals: boundary },
    },
    // State and its key stand in the shared-services account, and may be named like what the fleet deploys there.
    {
      Sid: 'StateIsNoWorkload',
      Effect: 'Deny',
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${input.stateBucket}`, `arn:aws:s3:::${input.stateBucket}/*`],
    },
    {
      Sid: 'StateKeyIsNoWorkload',
      Effect: 'Deny',
      Action: 'kms:*',
      Resource: '*',
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': input.stateKeyAlias } },
    },
    {
      Sid: 'OnlyRegionsOfTheFleet',
      Effect: 'Deny',
      Action: REGIONAL_SERVICES.map((service) => `${service}:*`),
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': [...new Set(input.regions)].sort() } },
    },
  ];
}
