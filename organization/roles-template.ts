import { splitRoleName } from '../contracts/ids';
import { besideDeployRole, permissionsBoundary } from '../contracts/names';
import type { Tags } from '../contracts/tags';
import type { PolicyDocument } from '../layer-kit/policy-document';
import { kindCondition, kindConditions, type KindPolicy } from './account-kinds';
import type { ControlPrincipals } from '../contracts/control-principals';
import { deployPolicies } from './deploy-policies';
import { operatePolicy } from './operate-policy';
import { policyLimits } from './policy-limits';
import { previewPolicies } from './preview-policy';
import type { RolePoliciesInput } from './role-policies-input';
import { OWN_ACCOUNT } from './resource-scopes';
import { roleTrustPolicy } from './role-trust-policy';
import { workloadBoundaryPolicy } from './workload-boundary';

/** What the template depends on. */
export interface RolesTemplateInput {
  readonly fleet: string;
  readonly organizationId: string;
  readonly control: ControlPrincipals;
  /** Path and name of each role, as `fleet/deploy`. */
  readonly roles: { readonly preview: string; readonly deploy: string; readonly operate: string };
  readonly policies: RolePoliciesInput;
  readonly tags: Tags;
}

/**
 * The CloudFormation template, as JSON text, that puts the boundary and the fleet's roles into one account. IAM is global: it is deployed
 * to one region. Throws where a policy or the whole would be larger than AWS takes.
 */
export function rolesTemplate(input: RolesTemplateInput): string {
  const { control, roles } = input;
  const deploy = deployPolicies(input.policies);
  const preview = previewPolicies(input.policies);
  const operate = { operate: { policy: operatePolicy(input.policies), kinds: null } };
  const managed = Object.entries({ ...deploy, ...preview, ...operate }).map(([name, { policy, kinds }]) => {
    const resource = managedPolicy(besideDeployRole(roles.deploy, name), policy);
    return [logicalName(name), kinds === null ? resource : { ...resource, Condition: kindCondition(kinds) }] as const;
  });
  const sets = Object.values({ ...deploy, ...preview }).flatMap(({ kinds }) => (kinds === null ? [] : [kinds]));
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `roles of the fleet ${input.fleet}, and the boundary of every role it makes`,
    Conditions: kindConditions(sets, input.policies.accounts),
    Resources: {
      WorkloadBoundary: managedPolicy(permissionsBoundary(roles.deploy), workloadBoundaryPolicy(input.policies)),
      ...Object.fromEntries(managed),
      PreviewRole: role(input, { name: roles.preview, trusted: control.operators, policies: preview }),
      DeployRole: role(input, { name: roles.deploy, trusted: control.deployers, policies: deploy }),
      OperateRole: role(input, { name: roles.operate, trusted: control.operators, policies: operate }),
    },
  };
  const text = JSON.stringify(withOwnAccount(template));
  const bytes = Buffer.byteLength(text);
  if (bytes <= policyLimits.templateBytes) return text;
  throw new Error(
    `the template of the fleet's roles is ${bytes} bytes, CloudFormation takes ${policyLimits.templateBytes}: name fewer control roles`,
  );
}

function managedPolicy({ path, name }: { readonly path: string; readonly name: string }, policy: PolicyDocument): object {
  return { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: name, Path: path, PolicyDocument: policy } };
}

function role(
  input: RolesTemplateInput,
  made: { readonly name: string; readonly trusted: readonly string[]; readonly policies: Readonly<Record<string, KindPolicy>> },
) {
  const { path, name } = splitRoleName(made.name);
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: name,
      Path: path,
      // The session that assumes it is itself assumed: AWS caps those at one hour.
      MaxSessionDuration: 3600,
      AssumeRolePolicyDocument: roleTrustPolicy(input.control, made.trusted, input.organizationId),
      ManagedPolicyArns: Object.entries(made.policies).map(([policy, { kinds }]) => {
        const attached = { Ref: logicalName(policy) };
        return kinds === null ? attached : { 'Fn::If': [kindCondition(kinds), attached, { Ref: 'AWS::NoValue' }] };
      }),
      Tags: Object.entries(input.tags).map(([Key, Value]) => ({ Key, Value })),
    },
  };
}

/** A copy in which CloudFormation fills the account's id into every text that stands for it. */
function withOwnAccount(value: unknown): unknown {
  if (typeof value === 'string') return value.includes(OWN_ACCOUNT) ? { 'Fn::Sub': value } : value;
  if (Array.isArray(value)) return value.map(withOwnAccount);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withOwnAccount(item)]));
  return value;
}

/**
 * `deploy-keys` to `DeployKeys`, `preview` to `PreviewPolicy`. A logical name never changes: CloudFormation would make the policy a second time,
 * under a name that is taken.
 */
function logicalName(policy: string): string {
  const words = policy.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.length === 1 ? `${words.join('')}Policy` : words.join('');
}
