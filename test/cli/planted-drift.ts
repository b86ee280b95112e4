/** The targets that drift is planted in: one of each stage, of a fleet of `init --sandbox --regions eu-west-1`. */
export const DRIFTED_REGIONAL = 'regional/200000000001/eu-west-1';
export const DRIFTED_SHARED = 'foundation/100000000002/eu-west-1';

/** One thing that somebody does by hand, and what must be told of it. */
export interface PlantedDrift {
  readonly what: string;
  /** As organization.yaml plants it. */
  readonly entry: { readonly target: string; readonly on: string; readonly name: string } & (
    { readonly set: Readonly<Record<string, unknown>> } | { readonly gone: true }
  );
  /** None: the resource is gone. */
  readonly differences: readonly { readonly path: string; readonly deployed: unknown; readonly found: unknown }[];
}

const queue = 'arn:aws:sqs:eu-west-1:200000000001:orders-order-queue';
const purge = { Sid: 'SendSyntheticOrder', Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:PurgeQueue'], Resource: queue };

const changed = (
  what: string,
  on: string,
  name: string,
  set: Readonly<Record<string, unknown>>,
  ...[path, deployed, found]: readonly [path: string, deployed: unknown, found: unknown]
): PlantedDrift => ({ what, entry: { target: DRIFTED_REGIONAL, on, name, set }, differences: [{ path, deployed, found }] });

const deleted = (what: string, on: string, name: string): PlantedDrift => ({
  what,
  entry: { target: DRIFTED_REGIONAL, on, name, gone: true },
  differences: [],
});

const inShared = (drift: PlantedDrift): PlantedDrift => ({ ...drift, entry: { ...drift.entry, target: DRIFTED_SHARED } });

/** Kinds of drift that a repair brings back: nothing that holds data is gone. */
export const plantedDrift: readonly PlantedDrift[] = [
  changed('a setting of a function', 'aws:lambda/function:Function', 'order-function', { memorySize: 512 }, 'memorySize', 1024, 512),
  changed('the threshold of an alarm', 'aws:cloudwatch/metricAlarm:MetricAlarm', 'errors', { threshold: 99 }, 'threshold', 0.01, 99),
  deleted('an alarm that is gone', 'aws:cloudwatch/metricAlarm:MetricAlarm', 'dlq-age'),
  changed('a tag', 'aws:dynamodb/table:Table', 'orders-table', { 'tags.CostCenter': 'cc-666' }, 'tags.CostCenter', 'cc-101', 'cc-666'),
  changed('a tag that is gone', 'aws:s3/bucket:Bucket', 'archive-bucket', { 'tags.Team': null }, 'tags.Team', 'commerce', null),
  changed('an attribute of a queue', 'aws:sqs/queue:Queue', 'order-queue', { 'redrivePolicy.maxReceiveCount': 2 }, 'redrivePolicy.maxReceiveCount', 5, 2),
  changed('the inline policy of a role', 'aws:iam/rolePolicy:RolePolicy', 'heartbeat-policy', { 'policy.Statement': [purge] }, 'policy.Statement[0].Action[1]', null, 'sqs:PurgeQueue'),
  changed('the body of a dashboard', 'aws:cloudwatch/dashboard:Dashboard', 'dashboard', { 'dashboardBody.periodOverride': 'inherit' }, 'dashboardBody.periodOverride', null, 'inherit'),
  changed('the retention of logs', 'aws:cloudwatch/logGroup:LogGroup', 'order-logs', { retentionInDays: 1 }, 'retentionInDays', 30, 1),
  changed('an event source that is off', 'aws:lambda/eventSourceMapping:EventSourceMapping', 'order-source', { enabled: false }, 'enabled', null, false),
  changed('the public access of a bucket', 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', 'archive-public-access', { restrictPublicBuckets: false }, 'restrictPublicBuckets', true, false),
  deleted('a schedule that is gone', 'aws:scheduler/schedule:Schedule', 'heartbeat-schedule'),
  inShared(changed('the policy of a topic', 'aws:sns/topicPolicy:TopicPolicy', 'critical-policy', { 'policy.Id': 'by-hand' }, 'policy.Id', null, 'by-hand')),
  inShared(changed('the rotation of a key', 'aws:kms/key:Key', 'alerts-key', { enableKeyRotation: false }, 'enableKeyRotation', true, false)),
]; // prettier-ignore
