import { oamResourceTypes } from '../../../layer-kit/oam-resource-types';
import { monitoring, shared, workload } from '../../layer-kit/render-layer';
import type { Attempt } from './attempt';

/** An attack on what is not the fleet's, from its deploy role: all of its ways are closed. */
export interface Attack {
  readonly name: string;
  /** The account that the role is in. */
  readonly from: string;
  readonly ways: readonly Attempt[];
}

const OUTSIDE = '666666666666';
const here = { 'aws:RequestedRegion': 'eu-west-1' };
const global = { 'aws:RequestedRegion': 'us-east-1' };
const boundaryArn = `arn:aws:iam::${workload}:policy/fleet/workload-boundary`;
const at = (service: string, rest: string, account: string = workload) => `arn:aws:${service}:eu-west-1:${account}:${rest}`;

/** A key of somebody else, as it may stand in an account: named, tagged as everybody's, another fleet's, or neither tagged nor named. */
const foreignKeys: readonly NonNullable<Attempt['victim']>[] = [
  { 'aws:ResourceTag/ManagedBy': 'Pulumi', 'kms:ResourceAliases': ['alias/payroll'] },
  { 'aws:ResourceTag/ManagedBy': 'Pulumi' },
  { 'aws:ResourceTag/Fleet': 'orders-eu', 'kms:ResourceAliases': ['alias/orders-eu-data'] },
  // Should an administrator have copied the tag.
  { 'aws:ResourceTag/Fleet': 'orders', 'kms:ResourceAliases': ['alias/payroll'] },
  {},
];
const foreignKey = at('kms', 'key/99999999-8888-7777-6666-555555555555');
const replicaKey = at('kms', 'key/mrk-99999999888877776666555555555555');

const tagChoices = {
  'aws:RequestTag/Fleet': ['orders', 'orders-eu'],
  'aws:RequestTag/ManagedBy': ['Pulumi'],
  'aws:TagKeys': [['Fleet'], ['Fleet', 'ManagedBy']],
};
const keyChoices = {
  'aws:RequestTag/Fleet': ['orders', 'orders-eu'],
  'aws:TagKeys': [['Fleet']],
  'kms:RequestAlias': ['alias/orders-data'],
  'kms:ViaService': ['dynamodb.eu-west-1.amazonaws.com'],
  'kms:GrantIsForAWSResource': ['true', 'false'],
  'kms:BypassPolicyLockoutSafetyCheck': ['true'],
};

const onForeignKeys = (...actions: readonly string[]): readonly Attempt[] =>
  actions.flatMap((action) =>
    [foreignKey, replicaKey].flatMap((resource) =>
      foreignKeys.map((victim) => ({ action: `kms:${action}`, resource, victim: { ...here, ...victim }, settable: keyChoices })),
    ),
  );

const roleChoices = {
  'aws:RequestTag/Fleet': ['orders'],
  'aws:SourceIdentity': ['root', 'fleet-control'],
};
/** Without a boundary, under one of the attacker's, and under another fleet's. */
const otherBoundaries: readonly NonNullable<Attempt['victim']>[] = [
  global,
  { ...global, 'iam:PermissionsBoundary': `arn:aws:iam::${workload}:policy/orders/wide` },
  { ...global, 'iam:PermissionsBoundary': `arn:aws:iam::${OUTSIDE}:policy/fleet/workload-boundary` },
  { ...global, 'iam:PermissionsBoundary': 'arn:aws:iam::aws:policy/AdministratorAccess' },
];
const ownRole = `arn:aws:iam::${workload}:role/orders/orders-order-eu-west-1`;
const unbounded = (...actions: readonly string[]): readonly Attempt[] =>
  actions.flatMap((action) =>
    otherBoundaries.map((victim) => ({
      action: `iam:${action}`,
      resource: ownRole,
      victim,
      settable: { ...roleChoices, ...(action === 'AttachRolePolicy' && { 'iam:PolicyARN': ['arn:aws:iam::aws:policy/AdministratorAccess', boundaryArn] }) },
    })),
  ); // prettier-ignore

const services = ['lambda.amazonaws.com', 'scheduler.amazonaws.com', 'ec2.amazonaws.com', 'states.amazonaws.com'];
const passing = (role: string, allowed: readonly string[] = services): Attempt => ({
  action: 'iam:PassRole',
  resource: `arn:aws:iam::${workload}:role/${role}`,
  victim: global,
  settable: {
    'iam:PassedToService': allowed,
    'iam:AssociatedResourceArn': [at('lambda', 'function:orders-order')],
    'iam:PermissionsBoundary': [boundaryArn],
  },
});

const oamChoices = {
  ...tagChoices,
  'oam:ResourceTypes': [[...oamResourceTypes], ['AWS::Logs::LogGroup'], [], ['AWS::ApplicationSignals::Service']],
};
const foreignSink = at('oam', 'sink/99999999-8888-7777-6666-555555555555', OUTSIDE);
const othersSink = (name: string, ...actions: readonly string[]): readonly Attempt[] =>
  actions.flatMap((action) =>
    [{ 'aws:ResourceTag/ManagedBy': 'Pulumi' }, { 'aws:ResourceTag/Fleet': 'orders-eu' }, { 'aws:ResourceTag/Name': 'central' }].map(
      (victim) => ({ action: `oam:${action}`, resource: name, victim: { ...here, ...victim }, settable: oamChoices }),
    ),
  );
const monitoringSink = at('oam', 'sink/99999999-8888-7777-6666-555555555555', monitoring);
const foreignLink = at('oam', 'link/99999999-8888-7777-6666-555555555555');

const onOthers = (resource: string, ...actions: readonly string[]): readonly Attempt[] =>
  actions.map((action) => ({ action, resource, victim: here, settable: { ...tagChoices, 'aws:SourceIdentity': ['root'] } }));

const alarm = (name: string) => at('cloudwatch', `alarm:${name}`);

/** Attacks from a deploy role that is in wrong hands. */
export const attacks: readonly Attack[] = [
  {
    name: 'a foreign key is tagged as the fleet’s own',
    from: workload,
    ways: onForeignKeys('TagResource', 'UntagResource'),
  },
  {
    name: 'a foreign key gets a policy of the attacker’s',
    from: workload,
    ways: onForeignKeys(
      'PutKeyPolicy',
      'CreateGrant',
      'RetireGrant',
      'RevokeGrant',
      'ReplicateKey',
      'UpdatePrimaryRegion',
      'ImportKeyMaterial',
    ),
  },
  {
    name: 'a foreign key is deleted or disabled',
    from: workload,
    ways: onForeignKeys('ScheduleKeyDeletion', 'DisableKey', 'DeleteImportedKeyMaterial', 'DisableKeyRotation'),
  },
  {
    name: 'an alias of the fleet is moved onto a foreign key',
    from: workload,
    ways: onForeignKeys('CreateAlias', 'UpdateAlias', 'DeleteAlias'),
  },
  {
    name: 'the alias of somebody else is moved onto the fleet’s key',
    from: workload,
    ways: ['payroll', 'orders-eu-data', 'orders-dat', 'orders-state', 'orders-data-2'].flatMap((alias) =>
      onOthers(at('kms', `alias/${alias}`), 'kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias'),
    ),
  },
  {
    name: 'a foreign key decrypts for the fleet',
    from: workload,
    ways: foreignKeys
      .filter((key) => key['aws:ResourceTag/Fleet'] !== 'orders')
      .flatMap((victim) =>
        ['Decrypt', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'Sign', 'GenerateMac'].map((action) => ({
          action: `kms:${action}`,
          resource: foreignKey,
          victim: { ...here, ...victim },
          settable: keyChoices,
        })),
      ),
  },
  {
    name: 'the key of the state is taken, whatever it is tagged as',
    from: shared,
    ways: ['PutKeyPolicy', 'CreateGrant', 'ScheduleKeyDeletion', 'Decrypt', 'TagResource', 'UpdateAlias', 'DeleteAlias'].flatMap((action) =>
      [{}, { 'aws:ResourceTag/Fleet': 'orders' }].map((tags) => ({
        action: `kms:${action}`,
        resource: at('kms', 'key/99999999-8888-7777-6666-555555555555', shared),
        victim: { ...here, ...tags, 'kms:ResourceAliases': ['alias/orders-fleet-state'] },
        settable: keyChoices,
      })),
    ),
  },
  {
    name: 'a key is made that is nobody’s',
    from: workload,
    ways: [
      { action: 'kms:CreateKey', resource: '*', victim: { ...here, 'aws:RequestTag/Fleet': 'orders-eu' }, settable: { 'aws:RequestTag/ManagedBy': ['Pulumi'] } },
      { action: 'kms:CreateKey', resource: '*', victim: here, settable: { 'aws:RequestTag/ManagedBy': ['Pulumi'], 'kms:BypassPolicyLockoutSafetyCheck': ['true'] } },
    ], // prettier-ignore
  },
  {
    name: 'telemetry is linked to a sink outside',
    from: workload,
    ways: ['oam:CreateLink', 'oam:UpdateLink'].flatMap((action) =>
      [foreignSink, at('oam', `sink/1`, workload), at('oam', 'sink/1', shared)].map((resource) => ({
        action,
        resource,
        victim: here,
        settable: oamChoices,
      })),
    ),
  },
  {
    name: 'more is linked to the fleet’s sink than the product shares, or nobody says what',
    from: workload,
    ways: ['oam:CreateLink', 'oam:UpdateLink'].flatMap((action) =>
      [['AWS::ApplicationSignals::Service'], [...oamResourceTypes, 'AWS::InternetMonitor::Monitor'], []].map((types) => ({
        action,
        resource: monitoringSink,
        victim: { ...here, 'oam:ResourceTypes': types },
        settable: tagChoices,
      })),
    ),
  },
  {
    name: 'the sink of somebody else is opened or deleted',
    from: monitoring,
    ways: othersSink(monitoringSink, 'PutSinkPolicy', 'DeleteSink', 'UntagResource'),
  },
  {
    name: 'a tagged sink or link of somebody else is taken by its tags',
    from: monitoring,
    ways: othersSink(monitoringSink, 'TagResource'),
  },
  {
    name: 'the link of somebody else is deleted or taken by its tags',
    from: workload,
    ways: othersSink(foreignLink, 'DeleteLink', 'TagResource', 'UntagResource'),
  },
  {
    name: 'sinks and their policies from an account that has none to make',
    from: workload,
    ways: [monitoringSink, at('oam', 'sink/1'), '*'].flatMap((resource) =>
      ['oam:CreateSink', 'oam:PutSinkPolicy', 'oam:DeleteSink'].map((action) => ({ action, resource, victim: { ...here, 'aws:ResourceTag/Fleet': 'orders' }, settable: tagChoices })),
    ),
  }, // prettier-ignore
  ...[workload, monitoring].map((from) => ({
    name: `subscriptions are ended or turned elsewhere from ${from === workload ? 'a workload' : 'the monitoring'} account, which has no topics`,
    from,
    ways: ['sns:Unsubscribe', 'sns:SetSubscriptionAttributes', 'sns:Subscribe', 'sns:SetTopicAttributes', 'sns:DeleteTopic'].flatMap(
      (action) =>
        ['*', at('sns', 'payments', from), at('sns', 'orders-alerts-critical', from)].map((resource) => ({
          action,
          resource,
          victim: here,
          settable: { 'sns:Protocol': ['https', 'email'], 'sns:Endpoint': ['https://attacker.example'] },
        })),
    ),
  })),
  {
    name: 'a receiver of another kind subscribes to the alerts, or one to a topic of somebody else',
    from: shared,
    ways: [
      ...['sqs', 'sms', 'firehose', 'http', 'application'].map((protocol) => ({
        action: 'sns:Subscribe',
        resource: at('sns', 'orders-alerts-critical', shared),
        victim: { ...here, 'sns:Protocol': protocol },
        settable: { 'sns:Endpoint': [`arn:aws:sqs:eu-west-1:${OUTSIDE}:q`] },
      })),
      ...['orders-eu-alerts-critical', 'payments', 'orders-alerts-critical-2'].map((topic) => ({
        action: 'sns:Subscribe',
        resource: at('sns', topic, shared),
        victim: here,
        settable: { 'sns:Protocol': ['https', 'email', 'lambda'], 'sns:Endpoint': ['https://attacker.example'] },
      })),
    ],
  },
  {
    name: 'a role is made without the boundary, or under another one',
    from: workload,
    ways: unbounded('CreateRole', 'PutRolePermissionsBoundary'),
  },
  {
    name: 'a role without the boundary gets rights or another trust',
    from: workload,
    ways: unbounded('PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy', 'UpdateRole', 'UpdateRoleDescription'),
  },
  {
    name: 'a role without the boundary loses its policies, or goes',
    from: workload,
    ways: unbounded('DeleteRole', 'DeleteRolePolicy', 'DetachRolePolicy'),
  },
  {
    name: 'the boundary is taken off, attached as rights, or loosened',
    from: workload,
    ways: [
      ...['DeleteRolePermissionsBoundary', 'AttachRolePolicy'].map((action) => ({
        action: `iam:${action}`,
        resource: ownRole,
        victim: { ...global, 'iam:PermissionsBoundary': boundaryArn },
        settable: { 'iam:PolicyARN': ['arn:aws:iam::aws:policy/AdministratorAccess', boundaryArn] },
      })),
      ...['CreatePolicyVersion', 'SetDefaultPolicyVersion', 'DeletePolicy', 'DeletePolicyVersion', 'TagPolicy'].map((action) => ({
        action: `iam:${action}`,
        resource: boundaryArn,
        victim: global,
        settable: tagChoices,
      })),
    ],
  },
  {
    name: 'a foreign role is handed over, or one of the fleet’s to another service',
    from: workload,
    ways: [
      ...['admin', 'fleet/deploy', 'fleet/operate', 'platform/cost', 'orders/admin', 'orders/orders-admin', 'orders-eu/orders-eu-order-eu-west-1'].map((role) => passing(role)),
      passing('orders/orders-order-eu-west-1', services.slice(1)),
      passing('orders/orders-scheduler-eu-west-1', services.filter((service) => !service.startsWith('scheduler'))),
    ], // prettier-ignore
  },
  {
    name: 'the fleet’s own roles and policies are changed or assumed',
    from: workload,
    ways: [
      ...['UpdateAssumeRolePolicy', 'PutRolePolicy', 'AttachRolePolicy', 'DetachRolePolicy', 'DeleteRole', 'UpdateRole', 'PassRole', 'TagRole'].flatMap((action) =>
        ['fleet/deploy', 'fleet/preview', 'fleet/operate', 'platform/cost'].map((role) => ({
          action: `iam:${action}`,
          resource: `arn:aws:iam::${workload}:role/${role}`,
          victim: { ...global, 'iam:PermissionsBoundary': boundaryArn },
          settable: { 'iam:PassedToService': services },
        })),
      ),
      ...['fleet/operate', 'OrganizationAccountAccessRole', 'orders/orders-order-eu-west-1'].map((role) => ({
        action: 'sts:AssumeRole',
        resource: `arn:aws:iam::${workload}:role/${role}`,
        victim: global,
        settable: { 'sts:RoleSessionName': ['fleet'], 'sts:SourceIdentity': ['root'], 'sts:ExternalId': ['x'] },
      })),
    ], // prettier-ignore
  },
  {
    name: 'new identities are made',
    from: workload,
    ways: ['CreateUser', 'CreateAccessKey', 'CreateLoginProfile', 'CreatePolicy', 'CreateInstanceProfile', 'CreateOpenIDConnectProvider', 'CreateServiceLinkedRole'].map(
      (action) => ({ action: `iam:${action}`, resource: `arn:aws:iam::${workload}:user/orders`, victim: global, settable: { 'iam:PermissionsBoundary': [boundaryArn] } }),
    ), // prettier-ignore
  },
  {
    name: 'code of a function that is not the fleet’s is replaced, or it is invoked',
    from: workload,
    ways: ['payments', 'orders-eu-order', 'orders-order-2', 'orders'].flatMap((name) =>
      onOthers(
        at('lambda', `function:${name}`),
        ...['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:CreateFunction', 'lambda:DeleteFunction'],
        ...['lambda:UpdateAlias', 'lambda:PublishVersion', 'lambda:PutFunctionConcurrency', 'lambda:TagResource', 'lambda:InvokeFunction'],
      ),
    ),
  },
  {
    name: 'a function of the fleet is opened to others, by policy, address or layer',
    from: workload,
    ways: onOthers(
      at('lambda', 'function:orders-order'),
      ...['lambda:AddPermission', 'lambda:CreateFunctionUrlConfig', 'lambda:UpdateFunctionUrlConfig', 'lambda:PutResourcePolicy'],
      ...['lambda:AddLayerVersionPermission', 'lambda:PutFunctionCodeSigningConfig', 'lambda:DeleteFunctionCodeSigningConfig'],
    ),
  },
  {
    name: 'a foreign function is fed, or cut off from its queue',
    from: workload,
    ways: ['CreateEventSourceMapping', 'UpdateEventSourceMapping', 'DeleteEventSourceMapping'].flatMap((action) =>
      ['payments', 'orders-eu-order', 'orders-order-2:live'].map((name) => ({
        action: `lambda:${action}`,
        resource: action.startsWith('Create') ? '*' : at('lambda', 'event-source-mapping:1'),
        victim: { ...here, 'lambda:FunctionArn': at('lambda', `function:${name}`) },
        settable: tagChoices,
      })),
    ),
  },
  {
    name: 'logs are sent elsewhere, or read',
    from: workload,
    ways: [at('logs', 'log-group:/orders/orders-order'), at('logs', 'log-group:/orders/orders-order:*'), at('logs', 'destination:d')].flatMap((resource) =>
      onOthers(
        resource,
        ...['logs:PutSubscriptionFilter', 'logs:PutResourcePolicy', 'logs:PutDestination', 'logs:PutDestinationPolicy', 'logs:CreateExportTask'],
        ...['logs:PutDeliverySource', 'logs:PutDeliveryDestinationPolicy', 'logs:GetLogEvents', 'logs:FilterLogEvents', 'logs:StartQuery'],
      ),
    ),
  }, // prettier-ignore
  {
    name: 'log groups of somebody else lose their logs or their protection',
    from: workload,
    ways: ['/payments/api', '/orders-eu/orders-eu-order', '/aws/lambda/orders-order', '/ordersx/a'].flatMap((group) =>
      onOthers(
        at('logs', `log-group:${group}`),
        ...['logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:DisassociateKmsKey', 'logs:DeleteDataProtectionPolicy'],
      ),
    ),
  },
  {
    name: 'orders leave by the table: read, exported, shared or copied',
    from: workload,
    ways: onOthers(
      at('dynamodb', 'table/orders-order-table'),
      ...['dynamodb:GetItem', 'dynamodb:Scan', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:PutResourcePolicy', 'dynamodb:CreateBackup'],
      ...['dynamodb:ExportTableToPointInTime', 'dynamodb:RestoreTableToPointInTime', 'dynamodb:CreateGlobalTable', 'dynamodb:EnableKinesisStreamingDestination'],
    ),
  }, // prettier-ignore
  {
    name: 'tables, queues and topics of somebody else are deleted or opened',
    from: workload,
    ways: [
      ...['payments', 'orders-eu-order-table', 'orders-order-table-2'].flatMap((name) => onOthers(at('dynamodb', `table/${name}`), 'dynamodb:DeleteTable', 'dynamodb:UpdateTable', 'dynamodb:UpdateContinuousBackups')),
      ...['payments', 'orders-eu-order-queue', 'orders-order-queue-2', 'orders-order'].flatMap((name) => onOthers(at('sqs', name), 'sqs:DeleteQueue', 'sqs:SetQueueAttributes', 'sqs:AddPermission', 'sqs:PurgeQueue')),
      ...onOthers(at('sqs', 'orders-order-queue', OUTSIDE), 'sqs:SetQueueAttributes', 'sqs:SendMessage'),
      ...onOthers(at('sqs', 'orders-order-queue'), 'sqs:AddPermission', 'sqs:ReceiveMessage', 'sqs:PurgeQueue', 'sqs:StartMessageMoveTask'),
    ], // prettier-ignore
  },
  {
    name: 'buckets of somebody else, the state’s among them, are opened; the archive is read or copied away',
    from: shared,
    ways: [
      ...['orders-fleet-state', 'orders-fleet-state/orders/lease.json', 'payments', 'orders-eu-archive-1', 'orders-archive', `orders-archive-${OUTSIDE}-eu-west-1-an`].flatMap((bucket) =>
        onOthers(`arn:aws:s3:::${bucket}`, 's3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutBucketPublicAccessBlock', 's3:PutLifecycleConfiguration', 's3:DeleteBucket', 's3:PutEncryptionConfiguration', 's3:GetObject', 's3:PutObject'),
      ),
    ], // prettier-ignore
  },
  {
    name: 'dead letters are read, copied away or deleted',
    from: workload,
    ways: onOthers(
      `arn:aws:s3:::orders-archive-${workload}-eu-west-1-an/dead-letters/1`,
      ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:PutObjectAcl', 's3:ReplicateObject'],
    ).concat(
      onOthers(
        `arn:aws:s3:::orders-archive-${workload}-eu-west-1-an`,
        ...[
          's3:PutReplicationConfiguration',
          's3:PutBucketNotification',
          's3:PutBucketAcl',
          's3:PutInventoryConfiguration',
          's3:PutBucketLogging',
        ],
      ),
    ),
  },
  {
    name: 'an alarm acts on what is not the fleet’s: another topic, a function, a machine',
    from: workload,
    ways: ['PutMetricAlarm', 'PutCompositeAlarm'].flatMap((action) =>
      [
        at('sns', 'orders-alerts-critical', OUTSIDE),
        at('sns', 'orders-eu-alerts-critical', shared),
        at('lambda', 'function:payments'),
        'arn:aws:automate:eu-west-1:ec2:terminate',
        `arn:aws:ssm:eu-west-1:${workload}:opsitem:1`,
      ].map((target) => ({
        action: `cloudwatch:${action}`,
        resource: action === 'PutCompositeAlarm' ? '*' : alarm('orders-errors'),
        victim: { ...here, 'cloudwatch:AlarmActions': [at('sns', 'orders-alerts-critical', shared), target] },
        settable: tagChoices,
      })),
    ),
  },
  {
    name: 'alarms and dashboards of somebody else are silenced, deleted or drawn over',
    from: workload,
    ways: [
      ...['payments', 'orders-eu-critical', 'orders-critical-2', 'orders-fleet-critical'].flatMap((name) =>
        onOthers(alarm(name), 'cloudwatch:DeleteAlarms', 'cloudwatch:DisableAlarmActions', 'cloudwatch:PutMetricAlarm', 'cloudwatch:SetAlarmState'),
      ),
      ...['payments', 'orders-eu-target-eu-west-1', 'orders-overview', 'orders-target-eu-west-1-2'].flatMap((name) =>
        onOthers(`arn:aws:cloudwatch::${workload}:dashboard/${name}`, 'cloudwatch:PutDashboard', 'cloudwatch:DeleteDashboards'),
      ),
      ...onOthers(alarm('orders-errors'), 'cloudwatch:SetAlarmState'),
    ], // prettier-ignore
  },
  {
    name: 'schedules and rules act in the attacker’s name, or those of somebody else are changed',
    from: workload,
    ways: [
      ...['default/payments', 'default/orders-eu-heartbeat', 'other/orders-heartbeat', 'default/orders-heartbeat-2'].flatMap((name) =>
        onOthers(at('scheduler', `schedule/${name}`), 'scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule'),
      ),
      ...onOthers(at('events', 'rule/orders-rule'), 'events:PutRule', 'events:PutTargets', 'events:PutPermission'),
    ],
  },
  {
    name: 'the order system is deployed into the shared and the monitoring account',
    from: monitoring,
    ways: [
      ...onOthers(at('lambda', 'function:orders-order', monitoring), 'lambda:CreateFunction', 'lambda:UpdateFunctionCode'),
      ...onOthers(at('sqs', 'orders-order-queue', monitoring), 'sqs:CreateQueue', 'sqs:SetQueueAttributes'),
      ...onOthers(`arn:aws:iam::${monitoring}:role/orders/orders-order-eu-west-1`, 'iam:CreateRole', 'iam:PutRolePolicy').map((way) => ({
        ...way,
        settable: { 'iam:PermissionsBoundary': [`arn:aws:iam::${monitoring}:policy/fleet/workload-boundary`] },
      })),
      { action: 'kms:CreateKey', resource: '*', victim: here, settable: tagChoices },
      { action: 'oam:CreateLink', resource: at('oam', 'sink/1', shared), victim: here, settable: oamChoices },
    ],
  },
  {
    name: 'anything regional in a region that the fleet is not in',
    from: workload,
    ways: [
      ['sqs:CreateQueue', `arn:aws:sqs:ap-south-1:${workload}:orders-order-queue`],
      ['lambda:CreateFunction', `arn:aws:lambda:ap-south-1:${workload}:function:orders-order`],
      ['kms:CreateKey', '*'],
      ['dynamodb:CreateTable', `arn:aws:dynamodb:ap-south-1:${workload}:table/orders-order-table`],
      ['oam:CreateLink', `arn:aws:oam:ap-south-1:${monitoring}:sink/1`],
    ].map(([action = '', resource = '']) => ({
      action,
      resource,
      victim: { 'aws:RequestedRegion': 'ap-south-1' },
      settable: { ...tagChoices, ...oamChoices },
    })),
  },
  {
    name: 'the organisation, its accounts and the trail',
    from: workload,
    ways: ['organizations:LeaveOrganization', 'organizations:DetachPolicy', 'account:DisableRegion', 'cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'config:StopConfigurationRecorder', 'cloudformation:UpdateStack', 'cloudformation:CreateStackInstances', 'sts:GetFederationToken'].map((action) => ({
      action,
      resource: '*',
      victim: here,
      settable: { 'aws:SourceIdentity': ['root'] },
    })), // prettier-ignore
  },
];
