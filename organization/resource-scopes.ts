import { MANAGED_BY } from '../contracts/tags';
import type { PolicyStatement } from '../layer-kit/policy-document';

/** Stands for the account that a policy is in, until CloudFormation puts it there. */
export const OWN_ACCOUNT = '${AWS::AccountId}';

/** Groups of actions that end in one managed policy: a single one would be over AWS's 6,144 characters (AWS.md E2). */
export const policyGroups = ['compute', 'data', 'telemetry'] as const;

/** Name of one of the policies of the deploy role. */
export type PolicyGroup = (typeof policyGroups)[number];

/** What a grant may be used on. */
export interface Scope {
  readonly group: PolicyGroup;
  readonly resources: readonly string[];
  readonly condition?: NonNullable<PolicyStatement['Condition']>;
}

/** Name of a {@link Scope}. */
export type ScopeName =
  | 'Functions'
  | 'NewEventSources'
  | 'EventSources'
  | 'Roles'
  | 'BoundedRoles'
  | 'PassedRoles'
  | 'Schedules'
  | 'Queues'
  | 'Tables'
  | 'Buckets'
  | 'LogGroups'
  | 'AnyLogGroup'
  | 'NewKeys'
  | 'OwnKeys'
  | 'DataKeys'
  | 'Grants'
  | 'Aliases'
  | 'AnyAlias'
  | 'Alarms'
  | 'AnyAlarm'
  | 'Dashboards'
  | 'AnySink'
  | 'OwnSinks'
  | 'Links'
  | 'SharedTelemetry'
  | 'Topics'
  | 'AnySubscription';

/** Scopes of a fleet: its names and its path, wherever AWS lets a policy name a resource; `*` only where it does not. */
export function resourceScopes(fleet: string, boundaryArn: string) {
  const arn = (service: string, rest: string) => `arn:aws:${service}:*:${OWN_ACCOUNT}:${rest}`;
  const functions = arn('lambda', `function:${fleet}-*`);
  const roles = `arn:aws:iam::${OWN_ACCOUNT}:role/${fleet}/*`;
  const keys = arn('kms', 'key/*');
  const ownKeys = { StringEquals: { 'aws:ResourceTag/ManagedBy': MANAGED_BY } };
  return {
    Functions: { group: 'compute', resources: [functions] },
    NewEventSources: { group: 'compute', resources: ['*'], condition: { ArnLike: { 'lambda:FunctionArn': functions } } },
    EventSources: { group: 'compute', resources: [arn('lambda', 'event-source-mapping:*')] },
    Roles: { group: 'compute', resources: [roles] },
    BoundedRoles: { group: 'compute', resources: [roles], condition: { StringEquals: { 'iam:PermissionsBoundary': boundaryArn } } },
    PassedRoles: {
      group: 'compute',
      resources: [roles],
      condition: { StringEquals: { 'iam:PassedToService': ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] } },
    },
    Schedules: { group: 'compute', resources: [arn('scheduler', `schedule/default/${fleet}-*`)] },
    Queues: { group: 'data', resources: [arn('sqs', `${fleet}-*`)] },
    Tables: { group: 'data', resources: [arn('dynamodb', `table/${fleet}-*`)] },
    Buckets: { group: 'data', resources: [`arn:aws:s3:::${fleet}-*`] },
    // With and without the suffix: the actions of CloudWatch Logs do not agree on which they check.
    LogGroups: { group: 'data', resources: [arn('logs', `log-group:/${fleet}/*`)] },
    AnyLogGroup: { group: 'data', resources: [arn('logs', 'log-group:*')] },
    // A key has no name of the fleet's choosing: what it carries is the tag it is made with.
    NewKeys: { group: 'data', resources: ['*'], condition: { StringEquals: { 'aws:RequestTag/ManagedBy': MANAGED_BY } } },
    OwnKeys: { group: 'data', resources: [keys], condition: ownKeys },
    DataKeys: {
      group: 'data',
      resources: [keys],
      condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/${fleet}-data` } },
    },
    Grants: { group: 'data', resources: [keys], condition: { ...ownKeys, Bool: { 'kms:GrantIsForAWSResource': 'true' } } },
    Aliases: { group: 'data', resources: [arn('kms', `alias/${fleet}-*`), keys] },
    AnyAlias: { group: 'data', resources: ['*'] },
    Alarms: { group: 'telemetry', resources: [arn('cloudwatch', `alarm:${fleet}-*`)] },
    AnyAlarm: { group: 'telemetry', resources: ['*'] },
    Dashboards: { group: 'telemetry', resources: [`arn:aws:cloudwatch::${OWN_ACCOUNT}:dashboard/${fleet}-*`] },
    // A link is made to the sink of another account.
    AnySink: { group: 'telemetry', resources: ['*'] },
    OwnSinks: { group: 'telemetry', resources: [arn('oam', 'sink/*')] },
    Links: { group: 'telemetry', resources: [arn('oam', 'link/*'), 'arn:aws:oam:*:*:sink/*'] },
    SharedTelemetry: { group: 'telemetry', resources: ['*'] },
    Topics: { group: 'telemetry', resources: [arn('sns', `${fleet}-*`)] },
    AnySubscription: { group: 'telemetry', resources: ['*'] },
  } as const satisfies Readonly<Record<ScopeName, Scope>>;
}
