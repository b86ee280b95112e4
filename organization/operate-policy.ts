import { policyDocument, type PolicyDocument, type PolicyStatement } from '../layer-kit/policy-document';
import { workloadBoundaryArn } from './fleet-identities';
import { withinLimit } from './policy-limits';
import { resourceScopes } from './resource-scopes';
import type { RolePoliciesInput } from './role-policies-input';

/** What `fleet/operate` may do: send a synthetic order and follow it, read dead letters and their archive, and put them on the queue again. */
export function operatePolicy(input: Pick<RolePoliciesInput, 'fleet' | 'deployRole'>): PolicyDocument {
  const { fleet } = input;
  const { Queues, Tables, LogGroups, DataKeys } = resourceScopes(fleet, workloadBoundaryArn(input.deployRole));
  const archive = `arn:aws:s3:::${fleet}-archive-*`;
  const allow = (sid: string, actions: readonly string[], resources: readonly string[]): PolicyStatement => ({
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
  });
  return withinLimit(
    'operate',
    policyDocument(
      allow('SendOrders', ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'], Queues.resources),
      // Taken and let go again; deleting is the dead-letter function's.
      allow(
        'LookAtDeadLetters',
        ['sqs:ChangeMessageVisibility', 'sqs:ReceiveMessage'],
        Queues.resources.map((queue) => queue.replace(/\*$/, '*-dlq')),
      ),
      allow('FollowOrders', ['dynamodb:GetItem'], Tables.resources),
      allow('ListArchive', ['s3:GetBucketLocation', 's3:ListBucket'], [archive]),
      // A dead letter that was put on the queue again is marked, never removed.
      allow('ReadArchive', ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObjectTagging'], [`${archive}/*`]),
      allow('ReadLogs', ['logs:FilterLogEvents', 'logs:StartQuery'], LogGroups.resources),
      // None of these can be held to names.
      allow(
        'FollowTraces',
        [
          'cloudwatch:DescribeAlarmHistory',
          'cloudwatch:DescribeAlarms',
          'cloudwatch:GetMetricData',
          'logs:GetQueryResults',
          'logs:StopQuery',
          'xray:BatchGetTraces',
          'xray:GetTraceSummaries',
        ],
        ['*'],
      ),
      { ...allow('UseDataKey', ['kms:Decrypt', 'kms:GenerateDataKey'], DataKeys.resources), Condition: DataKeys.condition },
    ),
  );
}
