import { resourceRule, stackRule, type AuditRule, type RuleText } from './audit-rule';
import type { AuditFacts, AuditedResource } from './audited-stack';
import { bucketVerdict } from './bucket-verdict';
import {
  accountOfPrincipal,
  isNarrowed,
  policiesOf,
  policyTypes,
  type FoundPolicy,
  type PolicyKind,
  type PolicyStatement,
} from './policy-statements';
import { shown, textOf, textsOf } from './resource-values';

/** Managed policies of AWS that let their holder do anything, or give himself anything. */
const adminPolicies = /:policy\/(job-function\/)?(AdministratorAccess|PowerUserAccess|IAMFullAccess|SystemAdministrator)$/;

/** Actions for which AWS knows no resource: `*` is all that can be said. */
const withoutResource =
  /^(xray:(PutTraceSegments|PutTelemetryRecords|GetSampling(Rules|Targets|StatisticSummaries))|sts:GetCallerIdentity|cloudwatch:PutMetricData|ec2:(Create|Describe|Delete)NetworkInterfaces?)$/i;

/** Groups of actions that AWS names with a star itself, in its key policies. */
const keyIdioms = /^kms:(GenerateDataKey|ReEncrypt)\*$/i;

/** Who may do what. */
export const policyRules: readonly AuditRule[] = [
  statementRule(
    {
      id: 'policy-public',
      severity: 'critical',
      demands: 'no policy lets everybody in: `*` stands only with a condition on organisation, account or source',
      advice: 'take the statement out, or `fleet repair`; look into CloudTrail for who used it',
    },
    ({ statement, kind }) =>
      kind !== 'identity' && statement.allows && statement.principals?.includes('*') === true && !isNarrowed(statement)
        ? 'allows everybody'
        : null,
  ),
  statementRule(
    {
      id: 'policy-foreign-account',
      severity: 'high',
      demands: 'policies name no account but their own and those that the fleet shares',
      advice: 'take the account out, or accept it in the baseline with an owner',
    },
    ({ statement, facts }) => {
      const { accounts } = facts;
      if (accounts === null || !statement.allows) return null;
      const foreign = (statement.principals ?? []).flatMap((principal) => accountOfPrincipal(principal) ?? []);
      const unknown = foreign.filter((account) => !accounts.includes(account));
      return unknown.length === 0 ? null : `allows account ${unknown.join(', ')}`;
    },
  ),
  statementRule(
    {
      id: 'policy-wildcard-action',
      severity: 'high',
      demands: 'policies name the actions they allow',
      advice: 'name the actions; `fleet` grants only what the functions call',
    },
    ({ statement, kind, own }) => {
      if (!statement.allows || (kind === 'key' && isOwnAccount(statement, own))) return null;
      const wide = statement.actions.filter((action) => action.includes('*') && !keyIdioms.test(action));
      return wide.length === 0 ? null : `allows ${wide.join(', ')}`;
    },
  ),
  statementRule(
    {
      id: 'policy-wildcard-resource',
      severity: 'high',
      demands: 'policies of roles name the resources they are for',
      advice: 'name the resources; `*` is right only where AWS knows no resource for the action',
    },
    ({ statement, kind }) => {
      if (kind !== 'identity' || !statement.allows || !statement.resources.some(isAnyResource)) return null;
      const needless = statement.actions.filter((action) => !withoutResource.test(action));
      return needless.length === 0 ? null : `allows ${needless.join(', ')} on any resource`;
    },
  ),
  statementRule(
    {
      id: 'policy-inverted',
      severity: 'high',
      demands: 'policies say what they allow, not what they leave out',
      advice: 'write Principal, Action and Resource: what is new at AWS tomorrow is allowed by the others',
    },
    ({ statement }) => (statement.allows && statement.inverted.length > 0 ? `allows by ${statement.inverted.join(', ')}` : null),
  ),
  statementRule(
    {
      id: 'policy-source',
      severity: 'medium',
      demands: 'a service is trusted only on behalf of known accounts (the confused deputy)',
      advice: 'add a condition on aws:SourceAccount, aws:SourceArn or aws:SourceOrgID',
    },
    ({ statement, kind }) => {
      if (kind === 'identity' || !statement.allows || isNarrowed(statement)) return null;
      const services = (statement.principals ?? []).filter((principal) => principal.startsWith('Service:'));
      return services.length === 0 ? null : `trusts ${services.map((one) => one.slice('Service:'.length)).join(', ')} for any account`;
    },
  ),
  resourceRule({
    id: 'policy-readable',
    severity: 'high',
    demands: 'policies are policy documents',
    advice: '`fleet repair` puts it back',
    types: policyTypes,
    check: (resource) => {
      const policies = policiesOf(resource);
      return policies.length === 0
        ? null
        : policies.filter(({ statements }) => statements === null).map(({ property }) => `${property} is no policy document`);
    },
  }),
  resourceRule({
    id: 'role-boundary',
    severity: 'high',
    demands: 'roles carry the permissions boundary of the fleet',
    advice: '`fleet repair`; a role without its boundary was changed past the deploy role, which may not do it',
    types: ['aws:iam/role:Role'],
    check: ({ properties }) => {
      const boundary = textOf(properties, 'permissionsBoundary');
      return /:policy\/(.+\/)?([^/]+-)?workload-boundary$/.test(boundary ?? '') ? [] : [`permissionsBoundary is ${shown(boundary)}`];
    },
  }),
  resourceRule({
    id: 'role-admin',
    severity: 'critical',
    demands: 'no role has a managed policy that lets it do everything',
    advice: 'detach the policy, and look into CloudTrail for who attached it',
    types: ['aws:iam/role:Role', 'aws:iam/rolePolicyAttachment:RolePolicyAttachment', 'aws:iam/policyAttachment:PolicyAttachment'],
    check: ({ properties }) => {
      const attached = [...textsOf(properties, 'managedPolicyArns'), textOf(properties, 'policyArn') ?? ''];
      return attached.filter((arn) => adminPolicies.test(arn)).map((arn) => `has ${arn}`);
    },
  }),
  resourceRule({
    id: 'permission-source',
    severity: 'critical',
    demands: 'functions may be called only by named accounts and sources',
    advice: 'remove the permission: `aws lambda remove-permission`',
    types: ['aws:lambda/permission:Permission'],
    check: ({ properties }, { accounts }) => {
      const principal = textOf(properties, 'principal') ?? '';
      const narrowed = ['sourceAccount', 'sourceArn', 'principalOrgId'].some((key) => textOf(properties, key) !== undefined);
      if (principal === '*') return narrowed ? [] : ['principal is "*" without an organisation, account or source'];
      if (principal.endsWith('.amazonaws.com')) return narrowed ? [] : [`${principal} may call it for any account`];
      const account = accountOfPrincipal(`AWS:${principal}`);
      return accounts === null || account === undefined || accounts.includes(account) ? [] : [`account ${account} may call it`];
    },
  }),
  stackRule({
    id: 'bucket-public',
    severity: 'critical',
    demands: 'every bucket blocks all public access',
    advice: '`fleet repair` at once, and see who has read from it',
    check: (stack) =>
      bucketVerdict(stack, 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', (part) => {
        if (part === undefined) return 'no public access block';
        const open = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'].filter(
          (key) => part.properties[key] !== true,
        );
        return open.length === 0 ? null : `${open.join(', ')} off`;
      }),
  }),
];

/** A statement, and where it stands. */
interface Stated {
  readonly statement: PolicyStatement;
  readonly kind: PolicyKind;
  readonly facts: AuditFacts;
  /** Account of the resource, by its ARN; null where it tells none. */
  readonly own: string | null;
}

/** A rule about each statement of each policy. */
function statementRule(text: RuleText, check: (stated: Stated) => string | null): AuditRule {
  return resourceRule({
    ...text,
    types: policyTypes,
    check: (resource, facts) => {
      const policies = policiesOf(resource);
      if (policies.length === 0) return null;
      const own = accountOf(resource);
      return policies.flatMap(({ kind, property, statements }: FoundPolicy) =>
        (statements ?? []).flatMap((statement) => {
          const problem = check({ statement, kind, facts, own });
          return problem === null ? [] : [`${property}, ${statement.called}: ${problem}`];
        }),
      );
    },
  });
}

function accountOf({ properties }: AuditedResource): string | null {
  const account = textOf(properties, 'arn')?.split(':')[4];
  return account === undefined || account === '' ? null : account;
}

/** The account whose key it is administers it: AWS's own first statement of every key policy. */
function isOwnAccount({ principals }: PolicyStatement, own: string | null): boolean {
  return (
    principals !== null &&
    principals.length > 0 &&
    principals.every((principal) => {
      const account = accountOfPrincipal(principal);
      return account !== undefined && (own === null || account === own);
    })
  );
}

/** `*`, or an ARN that names only a service: `arn:aws:s3:::*`, `arn:aws:sqs:*:*:*`. */
function isAnyResource(resource: string): boolean {
  if (/^\*+$/.test(resource)) return true;
  const parts = resource.split(':');
  return parts[0] === 'arn' && /^(\*|\*\/\*)$/.test(parts.slice(5).join(':'));
}
