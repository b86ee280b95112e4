import { FLEET_TAG } from '../contracts/tags';
import type { PolicyStatement } from '../layer-kit/policy-document';
import { fleetIdentities, workloadBoundaryArn } from './fleet-identities';
import { alertTopics, keyAliases, linkedSinks, OWN_ACCOUNT, standingKeys, workloadRoles } from './resource-scopes';
import type { RolePoliciesInput } from './role-policies-input';

/** Services whose resources stand in a region, of those that the deploy role may use. */
const REGIONAL_SERVICES = ['cloudwatch', 'dynamodb', 'kms', 'lambda', 'logs', 'oam', 'scheduler', 'sns', 'sqs'] as const;

/** What changes a role: only on those under the boundary. PassRole has no such condition, and is held to names. */
const ROLE_CHANGES = [
  ...(['AttachRolePolicy', 'CreateRole', 'DeleteRole', 'DeleteRolePolicy', 'DetachRolePolicy', 'PutRolePermissionsBoundary'] as const),
  ...(['PutRolePolicy', 'UpdateAssumeRolePolicy', 'UpdateRole', 'UpdateRoleDescription'] as const),
];

/** What gives a key away for good. The fleet does none of it before the key has its alias. */
const GIVING_AWAY = [
  ...(['DeleteImportedKeyMaterial', 'DisableKey', 'ImportKeyMaterial', 'PutKeyPolicy', 'ReplicateKey'] as const),
  ...(['RetireGrant', 'RevokeGrant', 'UpdatePrimaryRegion'] as const),
];

/** What takes or destroys a key, and comes before the alias or after it: a table's grant, deletion, what an alias is put on. */
const TAKING = [
  'CreateAlias',
  'CreateGrant',
  'DeleteAlias',
  'DisableKeyRotation',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
] as const;

const of = (service: string, actions: readonly string[]) => actions.map((action) => `${service}:${action}`);

function deny(Sid: string, Action: string | readonly string[], on: Partial<Omit<PolicyStatement, 'Sid' | 'Effect' | 'Action'>>) {
  return { Sid, Effect: 'Deny', Action, ...(on.NotResource === undefined ? { Resource: '*' } : {}), ...on } as const;
}

/** What `fleet/deploy` may never do in any account, whatever is granted to it one day. */
export function guardStatements(input: RolePoliciesInput): readonly PolicyStatement[] {
  return [
    ...roleGuards(input),
    // State and its key stand in the shared-services account, and may be named like what the fleet deploys there.
    deny('StateIsNoWorkload', 's3:*', { Resource: [`arn:aws:s3:::${input.stateBucket}`, `arn:aws:s3:::${input.stateBucket}/*`] }),
    deny('StateKeyIsNoWorkload', 'kms:*', { Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': input.stateKeyAlias } } }),
    ...keyGuards(input),
    ...telemetryGuards(input),
    deny(
      'OnlyRegionsOfTheFleet',
      REGIONAL_SERVICES.map((service) => `${service}:*`),
      {
        Condition: { StringNotEquals: { 'aws:RequestedRegion': [...new Set(input.regions)].sort() } },
      },
    ),
  ];
}

function roleGuards({ fleet, deployRole, fleetRoles }: RolePoliciesInput): readonly PolicyStatement[] {
  const { functions, schedules } = workloadRoles(fleet);
  return [
    deny('FleetRolesStayAsTheyAre', 'iam:*', { Resource: fleetIdentities(deployRole, fleetRoles) }),
    deny('BoundaryStaysOn', 'iam:DeleteRolePermissionsBoundary', {}),
    deny('RolesCarryTheBoundary', of('iam', ROLE_CHANGES), {
      Condition: { StringNotEquals: { 'iam:PermissionsBoundary': workloadBoundaryArn(deployRole) } },
    }),
    deny('OnlyItsOwnRolesAreHandedOver', 'iam:PassRole', { NotResource: [...functions, ...schedules] }),
  ];
}

/**
 * A key is the fleet's by its tag, which it is made with, or by its alias. The tag is put on no key that stands: while a key is being made there
 * is none to name, and the ARNs of those that are there are denied. So neither tag nor alias can get onto a key of somebody else.
 */
function keyGuards({ fleet }: RolePoliciesInput): readonly PolicyStatement[] {
  const aliases = keyAliases(fleet);
  // Holds of a key without any alias as well.
  const unnamed = { 'ForAllValues:StringNotEquals': { 'kms:ResourceAliases': aliases } };
  return [
    deny('KeysOfOthersAreNotTaken', of('kms', [...TAKING, ...GIVING_AWAY]), {
      Resource: standingKeys,
      Condition: { ...unnamed, StringNotEquals: { [`aws:ResourceTag/${FLEET_TAG}`]: fleet } },
    }),
    deny('KeysThatOthersNamedAreNotTaken', of('kms', [...TAKING, ...GIVING_AWAY]), {
      Condition: { 'ForAnyValue:StringNotEquals': { 'kms:ResourceAliases': aliases }, Null: { 'kms:ResourceAliases': 'false' } },
    }),
    deny('KeysWithoutTheAliasAreNotGivenAway', of('kms', GIVING_AWAY), { Resource: standingKeys, Condition: unnamed }),
  ];
}

function telemetryGuards(input: RolePoliciesInput): readonly PolicyStatement[] {
  const { sinks } = input.accounts;
  return [
    deny('OnlyToTheSinksOfTheFleet', ['oam:CreateLink', 'oam:UpdateLink'], {
      NotResource: [`arn:aws:oam:*:${OWN_ACCOUNT}:link/*`, ...linkedSinks(input)],
    }),
    ...(sinks.length === 0
      ? []
      : [
          deny('SinksOfOthersStayAsTheyAre', ['oam:DeleteSink', 'oam:PutSinkPolicy', 'oam:TagResource', 'oam:UntagResource'], {
            Resource: sinks,
          }),
        ]),
    // An alarm may start functions, stop machines and tell any topic: the fleet's tell its topics.
    deny('AlarmsTellTheTopicsOfTheFleet', ['cloudwatch:PutCompositeAlarm', 'cloudwatch:PutMetricAlarm'], {
      Condition: {
        'ForAnyValue:StringNotLike': { 'cloudwatch:AlarmActions': alertTopics(input) },
        Null: { 'cloudwatch:AlarmActions': 'false' },
      },
    }),
  ];
}
