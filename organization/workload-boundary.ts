import { policyDocument, type PolicyDocument, type PolicyStatement } from '../layer-kit/policy-document';
import { fleetIdentities } from './fleet-identities';
import { withinLimit } from './policy-limits';
import { resourceScopes, type ScopesInput } from './resource-scopes';
import type { RolePoliciesInput } from './role-policies-input';

/**
 * The most that any role made by the fleet can ever do, whatever its own policies say: use the fleet's queues, tables, archive, logs and
 * keys, and send traces. It can neither become nor change a role of the fleet.
 */
export function workloadBoundaryPolicy(input: ScopesInput & Pick<RolePoliciesInput, 'fleetRoles'>): PolicyDocument {
  const scopes = resourceScopes(input);
  const allow = (sid: string, actions: readonly string[], resources: readonly string[]): PolicyStatement => ({
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
  });
  return withinLimit(
    'workload-boundary',
    policyDocument(
      allow(
        'Messages',
        ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'],
        scopes.Queues.resources,
      ),
      allow('Orders', ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'], scopes.Tables.resources),
      allow(
        'Archive',
        ['s3:GetObject', 's3:PutObject'],
        scopes.Buckets.resources.map((bucket) => `${bucket}/*`),
      ),
      allow('Logs', ['logs:CreateLogStream', 'logs:PutLogEvents'], scopes.LogGroups.resources),
      // X-Ray has no resource to name for these.
      allow('Traces', ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], ['*']),
      // By tag: an alias takes minutes to be seen, and a new target decrypts at once. By alias: a key that stood before there was the tag gets
      // it with the next rollout only. Each role's own policy names its key.
      ...([scopes.TaggedKeys, scopes.AliasedKeys] as const).map(({ resources, condition }, index) => ({
        ...allow(index === 0 ? 'TaggedKeys' : 'AliasedKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], resources),
        Condition: condition,
      })),
      {
        Sid: 'FleetRolesAreOutOfReach',
        Effect: 'Deny',
        Action: ['iam:*', 'sts:AssumeRole'],
        Resource: fleetIdentities(input.deployRole, input.fleetRoles),
      },
      { Sid: 'NoIdentities', Effect: 'Deny', Action: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
    ),
  );
}
