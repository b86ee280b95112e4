import { policyDocument, type PolicyDocument } from '../layer-kit/policy-document';
import type { AccountKind, KindPolicy } from './account-kinds';
import { deployPermissions } from './deploy-permissions';
import { workloadBoundaryArn } from './fleet-identities';
import { grantsToStatements, readsOf } from './grants-to-statements';
import { withinLimit } from './policy-limits';
import { OWN_ACCOUNT, policyGroups, resourceScopes, scopesOf, type Scope, type ScopeName, type ScopesInput } from './resource-scopes';

/**
 * What `fleet/preview` may do, by name: read what the deploy role deploys in an account of its kind, ask the gate's questions, and see the
 * account's limits. It reads configuration and metrics, never orders, messages or log events.
 */
export function previewPolicies(input: ScopesInput): Readonly<Record<string, KindPolicy>> {
  const scopes = resourceScopes(input);
  const reads = readsOf(Object.values(deployPermissions).flat());
  const isFor = (kind: AccountKind) => (scope: Scope) => scope.groups.some((group) => policyGroups[group].some((one) => one === kind));
  const layers = (name: string, kind: AccountKind): Readonly<Record<string, KindPolicy>> => ({
    [name]: {
      policy: withinLimit(name, policyDocument(...grantsToStatements(reads, readScopes(scopesOf(scopes, isFor(kind)))))),
      kinds: [kind],
    },
  });
  return {
    preview: { policy: previewPolicy(input, scopes), kinds: null },
    ...layers('preview-shared', 'shared'),
    ...layers('preview-workload', 'workload'),
    ...layers('preview-monitoring', 'monitoring'),
  };
}

function readScopes(scopes: Readonly<Partial<Record<ScopeName, Scope>>>): Readonly<Partial<Record<ScopeName, Scope>>> {
  return Object.fromEntries(Object.entries(scopes).map(([name, scope]) => [name, { ...scope, resources: scope.reads ?? scope.resources }]));
}

function previewPolicy(input: ScopesInput, { AliasedKeys }: ReturnType<typeof resourceScopes>): PolicyDocument {
  return withinLimit(
    'preview',
    policyDocument(
      {
        Sid: 'Gate',
        Effect: 'Allow',
        // None of these can be held to names.
        Action: ['cloudwatch:DescribeAlarmHistory', 'cloudwatch:GetMetricData', 'cloudwatch:GetMetricStatistics', 'cloudwatch:ListMetrics'],
        Resource: '*',
      },
      {
        Sid: 'Limits',
        Effect: 'Allow',
        Action: [
          'dynamodb:ListTables',
          'iam:GetAccountSummary',
          'lambda:GetAccountSettings',
          'lambda:ListEventSourceMappings',
          'servicequotas:GetAWSDefaultServiceQuota',
          'servicequotas:GetServiceQuota',
          'tag:ListRequiredTags',
        ],
        Resource: '*',
      },
      { Sid: 'Boundary', Effect: 'Allow', Action: 'iam:GetPolicy', Resource: workloadBoundaryArn(input.deployRole) },
      // A role of the fleet's name that is not there, or under another path, is no role of the fleet's path: IAM would refuse to say so.
      {
        Sid: 'OwnNames',
        Effect: 'Allow',
        Action: 'iam:GetRole',
        Resource: [`arn:aws:iam::${OWN_ACCOUNT}:role/${input.fleet}-*`, `arn:aws:iam::${OWN_ACCOUNT}:role/*/${input.fleet}-*`],
      },
      // Without it the environment of a function under a customer key reads as changed (AWS.md D2).
      {
        Sid: 'ReadEncryptedEnvironment',
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: AliasedKeys.resources,
        Condition: AliasedKeys.condition,
      },
    ),
  );
}
