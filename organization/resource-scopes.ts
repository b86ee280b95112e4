import { foundationNames, observabilityNames, permissionsBoundaryArn, regionalNames } from '../contracts/names';
import { fleetAlarmKinds } from '../contracts/observability';
import { regionalAlarmSeverity } from '../contracts/regional-signals';
import { FLEET_TAG, requiredTagKeys } from '../contracts/tags';
import { oamResourceTypes } from '../layer-kit/oam-resource-types';
import type { PolicyStatement } from '../layer-kit/policy-document';
import type { AccountKind } from './account-kinds';
import type { RolePoliciesInput } from './role-policies-input';

/** Stands for the account that a policy is in, until CloudFormation puts it there. */
export const OWN_ACCOUNT = '${AWS::AccountId}';

/** Groups of actions that end in one managed policy each: a single one would be over AWS's 6,144 characters (AWS.md E2). The kinds of account that get it. */
export const policyGroups = {
  compute: ['workload'],
  data: ['workload'],
  telemetry: ['workload'],
  keys: ['shared', 'workload'],
  alerts: ['shared'],
  monitoring: ['monitoring'],
  overviews: ['monitoring'],
} as const satisfies Readonly<Record<string, readonly AccountKind[]>>;

/** Name of one of the policies of the deploy role. */
export type PolicyGroup = keyof typeof policyGroups;

/** What a grant may be used on. */
export interface Scope {
  readonly groups: readonly PolicyGroup[];
  readonly resources: readonly string[];
  /** What reads may be used on, where names one by one would fill a policy that only reads. */
  readonly reads?: readonly string[];
  readonly condition?: NonNullable<PolicyStatement['Condition']>;
}

/** What scopes are made of. */
export type ScopesInput = Pick<RolePoliciesInput, 'fleet' | 'regions' | 'accounts' | 'deployRole'>;

/** Name of a {@link Scope}. */
export type ScopeName = keyof ReturnType<typeof resourceScopes>;

/** The scopes of these, of which a test holds. */
export function scopesOf(
  scopes: Readonly<Record<ScopeName, Scope>>,
  holds: (scope: Scope) => boolean,
): Readonly<Partial<Record<ScopeName, Scope>>> {
  return Object.fromEntries(Object.entries(scopes).filter(([, scope]) => holds(scope)));
}

const arn = (service: string, rest: string) => `arn:aws:${service}:*:${OWN_ACCOUNT}:${rest}`;

/** Tags by which a resource is known to stand already: the standard's, and the name that a person gives. */
const TAGS_OF_OTHERS = [...requiredTagKeys, FLEET_TAG, 'Name'] as const;

/** ARNs of the keys of an account that are there: of a key that is being made there is none yet. */
export const standingKeys: readonly string[] = [arn('kms', `key/${'????????-????-????-????-????????????'}`), arn('kms', 'key/mrk-*')];

/** Aliases of the fleet's keys. No other one begins with them: a fleet's name may be the beginning of another's. */
export function keyAliases(fleet: string): readonly string[] {
  return [regionalNames(fleet, { account: OWN_ACCOUNT, region: '*' }).keyAlias, foundationNames(fleet).keyAlias];
}

/** ARNs of the topics that alarms of a fleet tell. */
export function alertTopics({ fleet, accounts }: ScopesInput): readonly string[] {
  const { topic } = foundationNames(fleet);
  return (['critical', 'warning'] as const).map((severity) => `arn:aws:sns:*:${accounts.shared}:${topic(severity)}`);
}

/** ARNs of the sinks that a link may be made to: those of the monitoring account, and those that fleet.yaml names. */
export function linkedSinks({ accounts }: ScopesInput): readonly string[] {
  const made = `arn:aws:oam:*:${accounts.monitoring}:sink/*`;
  return [made, ...accounts.sinks.filter((sink) => sink.split(':')[4] !== accounts.monitoring)];
}

/** ARNs of the roles that the layers make: by path and name, in every region. */
export function workloadRoles(fleet: string) {
  const { rolePath, orderRole, deadLetterRole, schedulerRole } = regionalNames(fleet, { account: OWN_ACCOUNT, region: '*' });
  const role = (name: string) => `arn:aws:iam::${OWN_ACCOUNT}:role${rolePath}${name}`;
  return { functions: [role(orderRole), role(deadLetterRole)], schedules: [role(schedulerRole)] } as const;
}

/**
 * Scopes of a fleet: its own names one by one, wherever AWS lets a policy name a resource; `*` only where it does not. Never a beginning of a
 * name: `orders-*` would be the fleet `orders-eu` as well.
 */
export function resourceScopes(input: ScopesInput) {
  const { fleet } = input;
  const regions = [...new Set(input.regions)].sort();
  const names = regionalNames(fleet, { account: OWN_ACCOUNT, region: '*' });
  const topics = foundationNames(fleet);
  const functions = [names.orderFunction, names.deadLetterFunction].flatMap((name) => {
    const whole = arn('lambda', `function:${name}`);
    return [whole, `${whole}:*`];
  });
  const { functions: functionRoles, schedules: scheduleRoles } = workloadRoles(fleet);
  const roles = [...functionRoles, ...scheduleRoles];
  const keys = [arn('kms', 'key/*')];
  const tagged = { StringEquals: { [`aws:ResourceTag/${FLEET_TAG}`]: fleet } };
  const requested = { StringEquals: { [`aws:RequestTag/${FLEET_TAG}`]: fleet } };
  // What is being made has no tags yet; what somebody else made has some of these.
  const untagged = { ...requested, Null: Object.fromEntries(TAGS_OF_OTHERS.map((key) => [`aws:ResourceTag/${key}`, 'true'])) };
  const aliased = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': keyAliases(fleet) } };
  const forService = { Bool: { 'kms:GrantIsForAWSResource': 'true' } };
  const alarm = (name: string) => arn('cloudwatch', `alarm:${name}`);
  const dashboard = (name: string) => `arn:aws:cloudwatch::${OWN_ACCOUNT}:dashboard/${name}`;
  // A part has one or two digits: a star would be whatever begins like it.
  const parts = [1, '?', '??'] as const;
  const overall = observabilityNames(fleet, { region: '*', part: 1 });
  const { overviewDashboard, accountDashboard, costDashboard, targetsDashboard } = overall;
  return {
    Functions: { groups: ['compute'], resources: functions },
    NewEventSources: { groups: ['compute'], resources: ['*'], condition: { ArnLike: { 'lambda:FunctionArn': functions } } },
    EventSources: { groups: ['compute'], resources: [arn('lambda', 'event-source-mapping:*')] },
    Roles: { groups: ['compute'], resources: roles },
    BoundedRoles: {
      groups: ['compute'],
      resources: roles,
      condition: { StringEquals: { 'iam:PermissionsBoundary': permissionsBoundaryArn(OWN_ACCOUNT, input.deployRole) } },
    },
    FunctionRoles: {
      groups: ['compute'],
      resources: functionRoles,
      condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    },
    ScheduleRoles: {
      groups: ['compute'],
      resources: scheduleRoles,
      condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    },
    Schedules: { groups: ['compute'], resources: [arn('scheduler', `schedule/default/${names.heartbeatSchedule}`)] },
    Queues: { groups: ['data'], resources: [arn('sqs', names.orderQueue), arn('sqs', names.deadLetterQueue)] },
    Tables: { groups: ['data'], resources: [arn('dynamodb', `table/${names.ordersTable}`)] },
    Buckets: { groups: ['data'], resources: [`arn:aws:s3:::${names.archiveBucket}`] },
    // With and without the suffix: the actions of CloudWatch Logs do not agree on which they check.
    LogGroups: { groups: ['data'], resources: [arn('logs', `log-group:/${fleet}/*`)] },
    AnyLogGroup: { groups: ['data'], resources: [arn('logs', 'log-group:*')] },
    // A key has no name of the fleet's choosing: what it carries is the tag it is made with, and later the alias.
    NewKeys: { groups: ['keys'], resources: ['*'], condition: requested },
    AnyKey: { groups: ['keys'], resources: keys },
    // A tag may take minutes to be seen, and this comes first. Whoever gave a key an alias decides about its rotation.
    UnnamedKeys: { groups: ['keys'], resources: keys, condition: { Null: { 'kms:ResourceAliases': 'true' } } },
    TaggedKeys: { groups: ['keys'], resources: keys, condition: tagged },
    AliasedKeys: { groups: ['keys'], resources: keys, condition: aliased },
    TaggedKeyGrants: { groups: ['keys'], resources: keys, condition: { ...tagged, ...forService } },
    AliasedKeyGrants: { groups: ['keys'], resources: keys, condition: { ...aliased, ...forService } },
    Aliases: { groups: ['keys'], resources: keyAliases(fleet).map((alias) => arn('kms', alias)) },
    AnyAlias: { groups: ['keys'], resources: ['*'] },
    TargetAlarms: {
      groups: ['telemetry'],
      resources: Object.keys(regionalAlarmSeverity).map((kind) => alarm(names.alarm(kind))),
      reads: [alarm(names.alarm('*'))],
    },
    FleetAlarms: {
      groups: ['monitoring'],
      resources: fleetAlarmKinds.flatMap((kind) =>
        parts.map((part) => alarm(observabilityNames(fleet, { region: '*', part }).alarm(kind))),
      ),
      reads: [alarm(overall.alarm('*'))],
    },
    AnyAlarm: { groups: ['telemetry', 'monitoring'], resources: ['*'] },
    TargetDashboards: {
      groups: ['telemetry'],
      resources: regions.map((region) => dashboard(regionalNames(fleet, { account: OWN_ACCOUNT, region }).dashboard)),
      reads: [dashboard(names.dashboard)],
    },
    FleetDashboards: {
      groups: ['overviews'],
      resources: [
        ...[overviewDashboard, accountDashboard, costDashboard, targetsDashboard].map(dashboard),
        // In parts; no fleet's name has room for another's and a region.
        ...regions.map((region) => dashboard(`${observabilityNames(fleet, { region, part: 1 }).regionDashboard}*`)),
      ],
      reads: [dashboard(`${fleet}-*`)],
    },
    NewSinks: { groups: ['monitoring'], resources: ['*'], condition: requested },
    OwnSinks: { groups: ['monitoring'], resources: [arn('oam', 'sink/*')], condition: tagged },
    UntaggedSinks: { groups: ['monitoring'], resources: [arn('oam', 'sink/*')], condition: untagged },
    AnySink: { groups: ['monitoring'], resources: [arn('oam', 'sink/*')] },
    NewLinks: {
      groups: ['data'],
      resources: [arn('oam', 'link/*'), ...linkedSinks(input)],
      condition: {
        'ForAllValues:StringEquals': { 'oam:ResourceTypes': oamResourceTypes },
        // A condition on all values holds of none as well.
        Null: { 'oam:ResourceTypes': 'false' },
      },
    },
    OwnLinks: { groups: ['data'], resources: [arn('oam', 'link/*')], condition: tagged },
    UntaggedLinks: { groups: ['data'], resources: [arn('oam', 'link/*')], condition: untagged },
    AnyLink: { groups: ['data'], resources: [arn('oam', 'link/*')] },
    SharedTelemetry: { groups: ['data'], resources: ['*'] },
    Topics: { groups: ['alerts'], resources: [arn('sns', topics.topic('critical')), arn('sns', topics.topic('warning'))] },
    NewSubscriptions: {
      groups: ['alerts'],
      resources: [arn('sns', topics.topic('critical')), arn('sns', topics.topic('warning'))],
      condition: { StringEquals: { 'sns:Protocol': ['email', 'https', 'lambda'] } },
    },
    AnySubscription: { groups: ['alerts'], resources: ['*'] },
  } as const satisfies Readonly<Record<string, Scope>>;
}
