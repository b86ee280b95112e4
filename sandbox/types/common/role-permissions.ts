import type { Place, WorldResource, WorldView } from '../../resource-type';

import { parseArn } from './arn';
import { awsManagedPolicies } from './managed-policies';
import type { ConditionContext } from './policy-condition';
import { knownPolicy, type PolicyDocument } from './policy-document';
import { allows, trusts } from './policy-evaluation';
import { computeTokens } from './compute-tokens';

/** A service that wants to assume a role, and on whose behalf. */
export interface AssumeRequest {
  readonly service: string;
  /** ARN of the resource that the service acts for; what `aws:SourceArn` is compared with. */
  readonly sourceArn: string;
}

/** The role of an ARN; undefined where there is none. */
export function roleOf(roleArn: string, world: WorldView): WorldResource | undefined {
  const found = world.byArn(roleArn);
  return found?.type === computeTokens.role ? found : undefined;
}

/** Does the role exist and its trust policy let the service assume it from this place. */
export function assumable(roleArn: string, request: AssumeRequest & { readonly place: Place }, world: WorldView): boolean {
  const trust = knownPolicy(roleOf(roleArn, world)?.outputs.assumeRolePolicy, 'trust');
  const { account, organizationId } = request.place;
  return (
    trust !== undefined &&
    trusts(trust, request.service, { 'aws:SourceAccount': account, 'aws:SourceOrgID': organizationId, 'aws:SourceArn': request.sourceArn })
  );
}

/**
 * May the role do this by its inline and attached policies and, where it is known here, its permissions boundary. A boundary that was not
 * made in the sandbox limits nothing. Resource policies and organisation policies are not consulted.
 */
export function roleAllows(
  roleArn: string,
  request: { readonly action: string; readonly resource: string; readonly place: Place },
  world: WorldView,
): boolean {
  const role = roleOf(roleArn, world);
  if (!role) return false;
  const access = { action: request.action, resource: request.resource, context: identityContext(role, request) };
  const boundary = boundaryOf(role, world);
  return allows(identityPolicies(role, world), access) && (boundary === undefined || allows([boundary], access));
}

/** Names of the inline policies of a role that are resources of their own, and ARNs of its attachments: what keeps it from being deleted. */
export function policiesOf(
  role: WorldResource,
  world: WorldView,
): { readonly inline: readonly WorldResource[]; readonly attached: readonly string[] } {
  const place = placeOf(role);
  const ofRole = (type: string) => world.list(type, place).filter(({ inputs }) => inputs.role === role.key);
  return {
    inline: ofRole(computeTokens.rolePolicy),
    attached: ofRole(computeTokens.rolePolicyAttachment).flatMap(({ inputs }) =>
      typeof inputs.policyArn === 'string' ? [inputs.policyArn] : [],
    ),
  };
}

function identityPolicies(role: WorldResource, world: WorldView): readonly PolicyDocument[] {
  const { inline, attached } = policiesOf(role, world);
  const own = listOf(role.outputs.inlinePolicies).map((item) =>
    typeof item === 'object' && item !== null && 'policy' in item ? item.policy : undefined,
  );
  const arns = [...attached, ...listOf(role.outputs.managedPolicyArns).filter((arn) => typeof arn === 'string')];
  const texts = [...inline.map(({ outputs }) => outputs.policy), ...own, ...arns.map((arn) => managedPolicy(arn, world))];
  return texts.flatMap((text) => knownPolicy(text, 'identity') ?? []);
}

function boundaryOf(role: WorldResource, world: WorldView): PolicyDocument | undefined {
  const arn = role.outputs.permissionsBoundary;
  return typeof arn === 'string' ? knownPolicy(managedPolicy(arn, world), 'identity') : undefined;
}

/** Text of a managed policy: AWS's own or one made in the sandbox. */
export function managedPolicy(arn: string, world: WorldView): string | undefined {
  const text = awsManagedPolicies.get(arn) ?? world.byArn(arn)?.outputs.policy;
  return typeof text === 'string' ? text : undefined;
}

function identityContext(role: WorldResource, request: { readonly resource: string; readonly place: Place }): ConditionContext {
  const owner = parseArn(request.resource)?.account;
  return {
    'aws:PrincipalAccount': role.account,
    'aws:PrincipalArn': String(role.outputs.arn),
    'aws:PrincipalOrgID': request.place.organizationId,
    'aws:RequestedRegion': request.place.region,
    'aws:SecureTransport': 'true',
    ...(owner ? { 'aws:ResourceAccount': owner } : {}),
  };
}

function placeOf(resource: WorldResource): Place {
  return { account: resource.account, region: resource.region, organizationId: '' };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
