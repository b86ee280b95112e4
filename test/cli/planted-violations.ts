/** The targets that violations are planted in. */
export const FIRST = 'regional/200000000001/eu-west-1';
const SHARED = 'foundation/100000000002/eu-west-1';

/** A policy document as text. */
const policy = (...statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

/** What is changed past a fleet of `init --sandbox --regions eu-west-1`, each with the finding that must name it beside the change itself. */
export const planted: readonly (readonly [target: string, on: string, set: Readonly<Record<string, unknown>>, finding: string])[] = [
  [FIRST, 'aws:dynamodb/table:Table', { tags: { Team: 'commerce' } }, 'tags-required orders-table'],
  [FIRST, 'aws:oam/link:Link', { tags: { Application: 'orders', Team: 'commerce', CostCenter: 'cc-101', Environment: 'production', ManagedBy: 'Pulumi', CreatedAt: '2026-01-01T00:00:00.000Z' } }, 'tags-values link'],
  [FIRST, 'aws:s3/bucket:Bucket', { tags: { Application: 'orders', Team: 'commerce', CostCenter: 'cc-999', Environment: 'prod', ManagedBy: 'Pulumi', CreatedAt: '2026-01-01T00:00:00.000Z' } }, 'tags-as-configured archive-bucket'],
  [FIRST, 'aws:sqs/queue:Queue', { sqsManagedSseEnabled: false }, 'queue-encrypted order-queue'],
  [FIRST, 'aws:sqs/queue:Queue', { messageRetentionSeconds: 60 }, 'dead-letter-retention dead-letter-queue'],
  [FIRST, 'aws:sqs/queue:Queue', { redrivePolicy: '' }, 'dead-letter-queue order-queue'],
  [SHARED, 'aws:sns/topic:Topic', { kmsMasterKeyId: '' }, 'topic-encrypted critical-topic'],
  [SHARED, 'aws:kms/key:Key', { enableKeyRotation: false }, 'key-rotation alerts-key'],
  [SHARED, 'aws:kms/key:Key', { isEnabled: false }, 'key-kept alerts-key'],
  [SHARED, 'aws:sns/topicPolicy:TopicPolicy', { policy: policy({ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' }) }, 'policy-public critical-policy'],
  [FIRST, 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration', { rules: [] }, 'bucket-encrypted archive-bucket'],
  [FIRST, 'aws:s3/bucketPolicy:BucketPolicy', { policy: policy({ Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: '*' }) }, 'bucket-tls archive-bucket'],
  [FIRST, 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', { restrictPublicBuckets: false }, 'bucket-public archive-bucket'],
  [FIRST, 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', { rules: [] }, 'bucket-lifecycle archive-bucket'],
  [FIRST, 'aws:cloudwatch/logGroup:LogGroup', { retentionInDays: 0 }, 'log-retention order-logs'],
  [FIRST, 'aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy', { policyDocument: '{}' }, 'log-masking order-logs'],
  [FIRST, 'aws:dynamodb/table:Table', { pointInTimeRecovery: { enabled: false } }, 'table-recovery orders-table'],
  [FIRST, 'aws:dynamodb/table:Table', { deletionProtectionEnabled: false }, 'table-deletion orders-table'],
  [FIRST, 'aws:dynamodb/table:Table', { ttl: { enabled: false, attributeName: 'expiresAt' } }, 'table-expiry orders-table'],
  [FIRST, 'aws:lambda/function:Function', { runtime: 'nodejs16.x' }, 'runtime-supported order-function'],
  [FIRST, 'aws:lambda/function:Function', { loggingConfig: { logFormat: 'Text', logGroup: '/orders/orders-order' } }, 'function-logs order-function'],
  [FIRST, 'aws:lambda/function:Function', { tracingConfig: { mode: 'PassThrough' } }, 'function-tracing order-function'],
  [FIRST, 'aws:lambda/function:Function', { environment: { variables: { DATABASE_PASSWORD: 'hunter2' } } }, 'function-secrets order-function'],
  [FIRST, 'aws:lambda/eventSourceMapping:EventSourceMapping', { enabled: false }, 'event-source-enabled order-source'],
  [FIRST, 'aws:lambda/eventSourceMapping:EventSourceMapping', { functionResponseTypes: [] }, 'event-source-partial order-source'],
  [FIRST, 'aws:scheduler/schedule:Schedule', { state: 'DISABLED' }, 'schedule-enabled heartbeat-schedule'],
  [FIRST, 'aws:iam/role:Role', { permissionsBoundary: '' }, 'role-boundary order-role'],
  [FIRST, 'aws:iam/role:Role', { managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }, 'role-admin order-role'],
  [FIRST, 'aws:iam/role:Role', { assumeRolePolicy: policy({ Effect: 'Allow', Principal: { AWS: '999999999999' }, Action: 'sts:AssumeRole' }) }, 'policy-foreign-account order-role'],
  [FIRST, 'aws:iam/rolePolicy:RolePolicy', { policy: policy({ Effect: 'Allow', Action: 'dynamodb:*', Resource: 'arn:aws:dynamodb:eu-west-1:200000000001:table/x' }) }, 'policy-wildcard-action order-policy'],
  [FIRST, 'aws:iam/rolePolicy:RolePolicy', { policy: policy({ Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: '*' }) }, 'policy-wildcard-resource order-policy'],
  [FIRST, 'aws:cloudwatch/compositeAlarm:CompositeAlarm', { actionsEnabled: false }, 'alarm-silenced critical'],
  [FIRST, 'aws:cloudwatch/compositeAlarm:CompositeAlarm', { alarmRule: 'ALARM("orders-errors")' }, 'alarm-unheard dead-letters'],
  [FIRST, 'aws:cloudwatch/metricAlarm:MetricAlarm', { threshold: 1_000_000 }, 'alarm-changed errors'],
  [FIRST, 'aws:cloudwatch/dashboard:Dashboard', { dashboardBody: '{"widgets":[]}' }, 'drift dashboard'],
]; // prettier-ignore
