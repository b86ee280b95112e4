import { splitRoleName } from '../contracts/ids';
import { besideDeployRole, permissionsBoundary } from '../contracts/names';
import type { Tags } from '../contracts/tags';
import type { PolicyDocument } from '../layer-kit/policy-document';
import type { ControlPrincipals } from './control-principals';
import { deployPolicies } from './deploy-policies';
import { operatePolicy } from './operate-policy';
import { policyLimits } from './policy-limits';
import { previewPolicy } from './preview-policy';
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
  const policies = deployPolicies(input.policies);
  const beside = (name: string) => besideDeployRole(roles.deploy, name);
  const deployNames = Object.keys(policies).map((name) => `Deploy${capital(name)}`);
  const managed = Object.fromEntries(
    Object.entries(policies).map(([name, policy]) => [`Deploy${capital(name)}`, managedPolicy(beside(`deploy-${name}`), policy)]),
  );
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `roles of the fleet ${input.fleet}, and the boundary of every role it makes`,
    Resources: {
      WorkloadBoundary: managedPolicy(permissionsBoundary(roles.deploy), workloadBoundaryPolicy(input.policies)),
      ...managed,
      PreviewPolicy: managedPolicy(beside('preview'), previewPolicy(input.policies)),
      OperatePolicy: managedPolicy(beside('operate'), operatePolicy(input.policies)),
      PreviewRole: role(input, { name: roles.preview, trusted: control.operators, policies: ['PreviewPolicy'] }),
      DeployRole: role(input, { name: roles.deploy, trusted: control.deployers, policies: deployNames }),
      OperateRole: role(input, { name: roles.operate, trusted: control.operators, policies: ['OperatePolicy'] }),
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
  made: { readonly name: string; readonly trusted: readonly string[]; readonly policies: readonly string[] },
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
      ManagedPolicyArns: made.policies.map((policy) => ({ Ref: policy })),
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
