import type { ScopeName } from './resource-scopes';

/** Actions on one scope. */
export interface Grant {
  readonly scope: ScopeName;
  readonly actions: readonly string[];
}

const grant = (scope: ScopeName, service: string, actions: readonly string[]): Grant => ({
  scope,
  actions: actions.map((action) => `${service}:${action}`),
});

const TAG_ACTIONS = ['ListTagsForResource', 'TagResource', 'UntagResource'] as const;

const onAlarms = (actions: readonly string[]): readonly Grant[] =>
  (['TargetAlarms', 'FleetAlarms'] as const).map((scope) => grant(scope, 'cloudwatch', actions));

const onOwnKeys = (actions: readonly string[]): readonly Grant[] =>
  (['TaggedKeys', 'AliasedKeys'] as const).map((scope) => grant(scope, 'kms', actions));

const ALIAS_MOVES = ['CreateAlias', 'DeleteAlias', 'UpdateAlias'] as const;

const ALIAS_READS = grant('AnyAlias', 'kms', ['ListAliases']);

const BUCKET_READS = ['GetBucketLocation', 'ListBucket'] as const;

/**
 * What `fleet/deploy` must be allowed to make, read, change and delete each resource type of the layers, from the provider's source. A type
 * that a program uses and this table does not know fails a test: so does one that no program uses any more.
 */
export const deployPermissions: Readonly<Record<string, readonly Grant[]>> = {
  'aws:cloudwatch/compositeAlarm:CompositeAlarm': [
    // Composite alarms are not checked by name, neither when made nor when read.
    grant('AnyAlarm', 'cloudwatch', ['DescribeAlarms', 'PutCompositeAlarm']),
    ...onAlarms(['DeleteAlarms', 'DisableAlarmActions', 'EnableAlarmActions', ...TAG_ACTIONS]),
  ],
  'aws:cloudwatch/dashboard:Dashboard': (['TargetDashboards', 'FleetDashboards'] as const).map((scope) =>
    grant(scope, 'cloudwatch', ['DeleteDashboards', 'GetDashboard', 'PutDashboard']),
  ),
  'aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy': [
    grant('LogGroups', 'logs', ['DeleteDataProtectionPolicy', 'GetDataProtectionPolicy', 'PutDataProtectionPolicy']),
  ],
  'aws:cloudwatch/logGroup:LogGroup': [
    grant('LogGroups', 'logs', [
      'AssociateKmsKey',
      'CreateLogGroup',
      'DeleteLogGroup',
      'DeleteRetentionPolicy',
      'DisassociateKmsKey',
      'PutRetentionPolicy',
      ...TAG_ACTIONS,
    ]),
    grant('AnyLogGroup', 'logs', ['DescribeLogGroups']),
  ],
  'aws:cloudwatch/metricAlarm:MetricAlarm': [
    grant('AnyAlarm', 'cloudwatch', ['DescribeAlarms']),
    ...onAlarms(['DeleteAlarms', 'PutMetricAlarm', ...TAG_ACTIONS]),
  ],
  'aws:dynamodb/table:Table': [
    grant('Tables', 'dynamodb', [
      'CreateTable',
      'DeleteTable',
      'DescribeContinuousBackups',
      'DescribeTable',
      'DescribeTimeToLive',
      'ListTagsOfResource',
      'TagResource',
      'UntagResource',
      'UpdateContinuousBackups',
      'UpdateTable',
      'UpdateTimeToLive',
    ]),
  ],
  'aws:iam/role:Role': [
    // A role without the boundary can neither be made nor changed, and the boundary cannot be taken off (AWS.md E2).
    grant('BoundedRoles', 'iam', [
      'CreateRole',
      'DeleteRole',
      'PutRolePermissionsBoundary',
      'UpdateAssumeRolePolicy',
      'UpdateRole',
      'UpdateRoleDescription',
    ]),
    grant('Roles', 'iam', [
      'GetRole',
      'ListAttachedRolePolicies',
      'ListInstanceProfilesForRole',
      'ListRolePolicies',
      'ListRoleTags',
      'TagRole',
      'UntagRole',
    ]),
  ],
  'aws:iam/rolePolicy:RolePolicy': [
    grant('BoundedRoles', 'iam', ['DeleteRolePolicy', 'PutRolePolicy']),
    grant('Roles', 'iam', ['GetRole', 'GetRolePolicy']),
  ],
  // A move asks for the alias, and for each key that it is taken from or given to: no alias of the fleet gets onto a key that is not its own.
  'aws:kms/alias:Alias': [grant('Aliases', 'kms', ALIAS_MOVES), ...onOwnKeys(ALIAS_MOVES), ALIAS_READS],
  'aws:kms/key:Key': [
    grant('NewKeys', 'kms', ['CreateKey', 'TagResource']),
    grant('AnyKey', 'kms', ['DescribeKey', 'GetKeyPolicy', 'GetKeyRotationStatus', 'ListResourceTags']),
    grant('UnnamedKeys', 'kms', ['EnableKeyRotation']),
    ...onOwnKeys([
      'Decrypt',
      'DisableKeyRotation',
      'EnableKeyRotation',
      'Encrypt',
      'GenerateDataKey',
      // DynamoDB asks for these of whoever makes a table under a customer's key.
      'GenerateDataKeyWithoutPlaintext',
      'ReEncryptFrom',
      'ReEncryptTo',
      // By tag as well: when a key goes, its alias has gone before it.
      'ScheduleKeyDeletion',
      'TagResource',
      'UntagResource',
      'UpdateKeyDescription',
    ]),
    // What gives a key away waits for the alias.
    grant('AliasedKeys', 'kms', ['PutKeyPolicy']),
    // Tables and functions take a grant on the key they are encrypted with, at once.
    grant('TaggedKeyGrants', 'kms', ['CreateGrant']),
    grant('AliasedKeyGrants', 'kms', ['CreateGrant']),
  ],
  'aws:lambda/alias:Alias': [grant('Functions', 'lambda', ['CreateAlias', 'DeleteAlias', 'GetAlias', 'UpdateAlias'])],
  'aws:lambda/eventSourceMapping:EventSourceMapping': [
    grant('NewEventSources', 'lambda', ['CreateEventSourceMapping', 'DeleteEventSourceMapping', 'UpdateEventSourceMapping']),
    grant('EventSources', 'lambda', ['GetEventSourceMapping', 'ListTags', 'TagResource', 'UntagResource']),
  ],
  'aws:lambda/function:Function': [
    grant('Functions', 'lambda', [
      'CreateFunction',
      'DeleteFunction',
      'DeleteFunctionConcurrency',
      'GetFunction',
      'GetFunctionCodeSigningConfig',
      'GetFunctionConcurrency',
      'GetFunctionConfiguration',
      // Not the provider but `fleet prune` asks for these, and deletes versions with DeleteFunction.
      'ListAliases',
      'ListTags',
      'ListVersionsByFunction',
      'PublishVersion',
      'PutFunctionConcurrency',
      'TagResource',
      'UntagResource',
      'UpdateFunctionCode',
      'UpdateFunctionConfiguration',
    ]),
    grant('FunctionRoles', 'iam', ['PassRole']),
  ],
  'aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig': [
    grant('Functions', 'lambda', [
      'DeleteFunctionEventInvokeConfig',
      'GetFunctionEventInvokeConfig',
      'PutFunctionEventInvokeConfig',
      'UpdateFunctionEventInvokeConfig',
    ]),
  ],
  'aws:oam/link:Link': [
    grant('NewLinks', 'oam', ['CreateLink', 'UpdateLink']),
    grant('OwnLinks', 'oam', ['DeleteLink', 'TagResource', 'UntagResource']),
    grant('UntaggedLinks', 'oam', ['TagResource']),
    grant('AnyLink', 'oam', ['GetLink', 'ListTagsForResource']),
    grant('SharedTelemetry', 'cloudwatch', ['Link']),
    grant('SharedTelemetry', 'logs', ['Link']),
    grant('SharedTelemetry', 'xray', ['Link']),
  ],
  'aws:oam/sink:Sink': [
    grant('NewSinks', 'oam', ['CreateSink']),
    grant('OwnSinks', 'oam', ['DeleteSink', 'TagResource', 'UntagResource']),
    grant('UntaggedSinks', 'oam', ['TagResource']),
    grant('AnySink', 'oam', ['GetSink', 'ListTagsForResource']),
  ],
  'aws:oam/sinkPolicy:SinkPolicy': [grant('AnySink', 'oam', ['GetSink', 'GetSinkPolicy']), grant('OwnSinks', 'oam', ['PutSinkPolicy'])],
  'aws:s3/bucket:Bucket': [
    grant('Buckets', 's3', [
      ...BUCKET_READS,
      ...TAG_ACTIONS,
      'CreateBucket',
      'DeleteBucket',
      'GetAccelerateConfiguration',
      'GetBucketAcl',
      'GetBucketCORS',
      'GetBucketLogging',
      'GetBucketObjectLockConfiguration',
      'GetBucketPolicy',
      'GetBucketRequestPayment',
      'GetBucketTagging',
      'GetBucketVersioning',
      'GetBucketWebsite',
      'GetEncryptionConfiguration',
      'GetLifecycleConfiguration',
      'GetReplicationConfiguration',
      'PutBucketTagging',
    ]),
  ],
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': [
    grant('Buckets', 's3', [...BUCKET_READS, 'GetLifecycleConfiguration', 'PutLifecycleConfiguration']),
  ],
  'aws:s3/bucketPolicy:BucketPolicy': [
    grant('Buckets', 's3', [...BUCKET_READS, 'DeleteBucketPolicy', 'GetBucketPolicy', 'PutBucketPolicy']),
  ],
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock': [
    grant('Buckets', 's3', [...BUCKET_READS, 'GetBucketPublicAccessBlock', 'PutBucketPublicAccessBlock']),
  ],
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': [
    grant('Buckets', 's3', [...BUCKET_READS, 'GetEncryptionConfiguration', 'PutEncryptionConfiguration']),
  ],
  'aws:scheduler/schedule:Schedule': [
    grant('Schedules', 'scheduler', ['CreateSchedule', 'DeleteSchedule', 'GetSchedule', 'UpdateSchedule']),
    grant('ScheduleRoles', 'iam', ['PassRole']),
  ],
  'aws:sns/topic:Topic': [
    grant('Topics', 'sns', ['CreateTopic', 'DeleteTopic', 'GetTopicAttributes', 'SetTopicAttributes', ...TAG_ACTIONS]),
  ],
  'aws:sns/topicPolicy:TopicPolicy': [grant('Topics', 'sns', ['GetTopicAttributes', 'SetTopicAttributes'])],
  'aws:sns/topicSubscription:TopicSubscription': [
    grant('Topics', 'sns', ['ConfirmSubscription', 'ListSubscriptionsByTopic']),
    grant('NewSubscriptions', 'sns', ['Subscribe']),
    // AWS holds these to nothing: they are for the account that the topics are in.
    grant('AnySubscription', 'sns', ['GetSubscriptionAttributes', 'SetSubscriptionAttributes', 'Unsubscribe']),
  ],
  'aws:sqs/queue:Queue': [
    grant('Queues', 'sqs', [
      'CreateQueue',
      'DeleteQueue',
      'GetQueueAttributes',
      'GetQueueUrl',
      'ListQueueTags',
      'SetQueueAttributes',
      'TagQueue',
      'UntagQueue',
    ]),
  ],
  'aws:sqs/redriveAllowPolicy:RedriveAllowPolicy': [grant('Queues', 'sqs', ['GetQueueAttributes', 'SetQueueAttributes'])],
};
