import type { BootstrapFile } from './bootstrap-file';
import { fleetRoles } from '../../contracts/names';
import { organizationNames } from '../../contracts/organization';
import type { FleetConfig } from '../config/fleet-config';

/** Whose policy is printed: who administers a fleet, who looks and operates, or a pipeline that rolls out. */
export const policyKinds = ['control', 'operator', 'ci'] as const;

/** One of {@link policyKinds}. */
export type PolicyKind = (typeof policyKinds)[number];

/** One allowing statement of an identity policy. */
interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A policy document as IAM takes it. */
export interface PrintedPolicy<One = Statement> {
  readonly Version: '2012-10-17';
  readonly Statement: readonly One[];
}

/** What a policy is printed for. */
export interface PrintedFor {
  readonly config: FleetConfig;
  readonly file: BootstrapFile;
  /** The one bucket of fleet.yaml. */
  readonly bucket: string;
}

/** Characters that IAM takes of the inline policies of a role, and IAM Identity Center of a permission set's. */
export const INLINE_POLICY_CHARACTERS = 10_240;

/**
 * What a role of the management account must be allowed to run a fleet. It names no account but the shared one: members are told by their
 * organisation, so that one that joins changes nothing. Pure.
 */
export function printedPolicy(kind: PolicyKind, input: PrintedFor): PrintedPolicy {
  const { preview, deploy, operate, cost } = fleetRoles(input.config.deployRole);
  const roles = { control: [preview, deploy, operate, cost], ci: [preview, deploy, operate, cost], operator: [preview, operate, cost] }[
    kind
  ];
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'RolesOfTheFleet',
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
        Resource: roles.map((role) => `arn:aws:iam::*:role/${role}`),
        Condition: { StringEqualsIfExists: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } },
      },
      {
        Sid: 'Discover',
        Effect: 'Allow',
        Action: [
          'account:ListRegions',
          'organizations:DescribeOrganization',
          'organizations:DescribeOrganizationalUnit',
          'organizations:ListAccounts',
          'organizations:ListAccountsForParent',
          'organizations:ListOrganizationalUnitsForParent',
          'organizations:ListRoots',
          'organizations:ListTagsForResource',
        ],
        Resource: '*',
      },
      ...stateStatements(kind, input),
      ...(kind === 'control' ? bootstrapStatements(input) : []),
    ],
  };
}

/** The bucket's own policy narrows what operators may do in it. */
function stateStatements(kind: PolicyKind, { config, file, bucket }: PrintedFor): readonly Statement[] {
  const { homeRegion, accounts } = config;
  const alias = file.state.keyAlias ?? `alias/${config.name}-state`;
  const deletes = kind === 'operator' ? [] : ['s3:DeleteObject'];
  return [
    { Sid: 'ListState', Effect: 'Allow', Action: ['s3:GetBucketLocation', 's3:ListBucket'], Resource: `arn:aws:s3:::${bucket}` },
    { Sid: 'State', Effect: 'Allow', Action: [...deletes, 's3:GetObject', 's3:PutObject'], Resource: `arn:aws:s3:::${bucket}/*` },
    {
      Sid: 'KeyOfTheState',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
      Resource: `arn:aws:kms:${homeRegion}:${accounts.shared}:key/*`,
      Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': alias } },
    },
  ];
}

/** What the organisation's program makes, reads, changes and deletes in the management account, and the calls of bootstrap around it. */
function bootstrapStatements({ config, file }: PrintedFor): readonly Statement[] {
  const names = organizationNames(config.name);
  const { cost } = fleetRoles(config.deployRole);
  // IAM reads no variable before an ARN's fifth colon. Roles, budgets and topics of other accounts are not within reach of an identity policy alone.
  const own = '*';
  const allow = (Sid: string, Action: readonly string[], Resource: Statement['Resource']): Statement => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource,
  });
  const of = (service: string, actions: readonly string[]) => actions.map((action) => `${service}:${action}`);
  const tags = ['ListTagsForResource', 'TagResource', 'UntagResource'];
  return [
    allow('StateStore', ['sts:AssumeRole'], `arn:aws:iam::${config.accounts.shared}:role/${file.bootstrapRole}`),
    allow(
      'Organisation',
      of('organizations', [
        ...['AttachPolicy', 'CreatePolicy', 'DeletePolicy', 'DescribePolicy', 'DetachPolicy', 'EnableAWSServiceAccess', 'EnablePolicyType'],
        ...['ListAWSServiceAccessForOrganization', 'ListPolicies', 'ListPoliciesForTarget', 'ListTargetsForPolicy', 'UpdatePolicy'],
        ...['TagResource', 'UntagResource'],
      ]),
      '*',
    ),
    // CloudFormation checks these, and the resource types of a StackSet, by no name.
    allow(
      'StackSetAccess',
      of('cloudformation', [
        ...['ActivateOrganizationsAccess', 'CreateStackSet', 'DescribeOrganizationsAccess', 'ListStackSets', 'ValidateTemplate'],
      ]),
      '*',
    ),
    {
      ...allow('StackSetRole', ['iam:CreateServiceLinkedRole'], `arn:aws:iam::*:role/aws-service-role/*`),
      Condition: { StringLike: { 'iam:AWSServiceName': '*stacksets.cloudformation.amazonaws.com' } },
    },
    allow(
      'StackSet',
      of('cloudformation', [
        ...['CreateStackInstances', 'DeleteStackInstances', 'DeleteStackSet', 'DescribeStackInstance', 'DescribeStackSet'],
        ...[
          'DescribeStackSetOperation',
          'GetTemplateSummary',
          'ListStackInstances',
          'ListStackSetOperationResults',
          'ListStackSetOperations',
        ],
        ...['TagResource', 'UntagResource', 'UpdateStackInstances', 'UpdateStackSet'],
      ]),
      [
        `arn:aws:cloudformation:*:*:stackset/${names.stackSet}:*`,
        'arn:aws:cloudformation:*:*:stackset-target/*',
        'arn:aws:cloudformation:*::type/resource/AWS-IAM-*',
      ],
    ),
    allow(
      'CostRole',
      of('iam', [
        ...[
          'CreateRole',
          'DeleteRole',
          'DeleteRolePolicy',
          'GetRole',
          'GetRolePolicy',
          'ListAttachedRolePolicies',
          'ListInstanceProfilesForRole',
        ],
        ...['ListRolePolicies', 'ListRoleTags', 'PutRolePolicy', 'TagRole', 'UntagRole', 'UpdateAssumeRolePolicy', 'UpdateRole'],
      ]),
      `arn:aws:iam::${own}:role/${cost}`,
    ),
    allow('Budgets', of('budgets', ['ModifyBudget', 'ViewBudget', ...tags]), `arn:aws:budgets::${own}:budget/${config.name}-account-*`),
    // Monitors and subscriptions have no name that a policy could hold them to.
    allow(
      'Anomalies',
      of('ce', [
        ...['CreateAnomalyMonitor', 'CreateAnomalySubscription', 'DeleteAnomalyMonitor', 'DeleteAnomalySubscription', 'GetAnomalyMonitors'],
        ...['GetAnomalySubscriptions', 'ListCostAllocationTags', 'UpdateAnomalyMonitor', 'UpdateAnomalySubscription'],
        ...['UpdateCostAllocationTagsStatus', ...tags],
      ]),
      '*',
    ),
    allow(
      'CostTopic',
      of('sns', [
        ...['CreateTopic', 'DeleteTopic', 'GetTopicAttributes', 'ListSubscriptionsByTopic', 'SetTopicAttributes'],
        ...['Subscribe', ...tags],
      ]),
      [`arn:aws:sns:us-east-1:${own}:${names.costTopic}`, `arn:aws:sns:us-east-1:${own}:${names.costTopic}:*`],
    ),
    // SNS checks these by no name.
    allow('CostSubscriptions', of('sns', ['GetSubscriptionAttributes', 'Unsubscribe']), '*'),
  ];
}

/** Which jobs of GitHub Actions assume a role. */
export interface GithubSubject {
  /** Of the role and of GitHub's identity provider in it. */
  readonly account: string;
  /** `OWNER/REPO`. */
  readonly repository: string;
  /** Environment of the job: its rules say who may run it. */
  readonly environment: string;
}

interface WebIdentityStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly Federated: string };
  readonly Action: 'sts:AssumeRoleWithWebIdentity';
  readonly Condition: { readonly StringEquals: Readonly<Record<string, string>> };
}

const ISSUER = 'token.actions.githubusercontent.com';

/** Who may assume a role: jobs of one repository in one environment, and no others of GitHub. Pure. */
export function githubTrust({ account, repository, environment }: GithubSubject): PrintedPolicy<WebIdentityStatement> {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OneEnvironmentOfOneRepository',
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${ISSUER}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com', [`${ISSUER}:sub`]: `repo:${repository}:environment:${environment}` },
        },
      },
    ],
  };
}
