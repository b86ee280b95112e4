import { policyDocument, type PolicyDocument } from '../layer-kit/policy-document';
import { deployPermissions } from './deploy-permissions';
import { workloadBoundaryArn } from './fleet-identities';
import { grantsToStatements, readsOf } from './grants-to-statements';
import { withinLimit } from './policy-limits';
import { OWN_ACCOUNT, resourceScopes } from './resource-scopes';
import type { RolePoliciesInput } from './role-policies-input';

/**
 * What `fleet/preview` may do: read what the deploy role deploys, ask the gate's questions, and see the account's limits. It reads
 * configuration and metrics, never orders, messages or log events.
 */
export function previewPolicy(input: Pick<RolePoliciesInput, 'fleet' | 'deployRole'>): PolicyDocument {
  const boundaryArn = workloadBoundaryArn(input.deployRole);
  const scopes = resourceScopes(input.fleet, boundaryArn);
  const { DataKeys } = scopes;
  return withinLimit(
    'preview',
    policyDocument(
      ...grantsToStatements(readsOf(Object.values(deployPermissions).flat()), scopes),
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
      { Sid: 'Boundary', Effect: 'Allow', Action: 'iam:GetPolicy', Resource: boundaryArn },
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
        Resource: DataKeys.resources,
        Condition: DataKeys.condition,
      },
    ),
  );
}
