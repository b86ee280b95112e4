import { policyDocument, type PolicyDocument, type PolicyStatement } from '../layer-kit/policy-document';
import { withinLimit } from './policy-limits';
import { resourceScopes, type ScopesInput } from './resource-scopes';

/** What `fleet/operate` may do: send a synthetic order and follow it, read dead letters and their archive, and put them on the queue again. */
export function operatePolicy(input: ScopesInput): PolicyDocument {
  const { Queues, Tables, Buckets, LogGroups, AliasedKeys } = resourceScopes(input);
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
        Queues.resources.filter((queue) => queue.endsWith('-dlq')),
      ),
      allow('FollowOrders', ['dynamodb:GetItem'], Tables.resources),
      allow('ListArchive', ['s3:GetBucketLocation', 's3:ListBucket'], Buckets.resources),
      // A dead letter that was put on the queue again is marked, never removed.
      allow(
        'ReadArchive',
        ['s3:GetObject', 's3:GetObjectTagging', 's3:PutObjectTagging'],
        Buckets.resources.map((bucket) => `${bucket}/*`),
      ),
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
      { ...allow('UseDataKey', ['kms:Decrypt', 'kms:GenerateDataKey'], AliasedKeys.resources), Condition: AliasedKeys.condition },
    ),
  );
}
