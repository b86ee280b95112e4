import { controlPrincipals } from '../../contracts/control-principals';
import { rolesTemplate, type RolesTemplateInput } from '../../organization/roles-template';
import { parsePolicy, type PolicyDocument } from '../../sandbox/types/common/policy-document';
import { monitoring, shared } from '../layer-kit/render-layer';
import { controlRoles, management } from './render-organization';

/** The account that a template is read for. */
export const account = '333333333333';

/** A role or policy of the template, with the account filled in. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export const templateInput: RolesTemplateInput = {
  fleet: 'orders',
  organizationId: 'o-abcdefghij',
  control: controlPrincipals({ account: management, roles: controlRoles, operators: ['on-call'] } as Parameters<
    typeof controlPrincipals
  >[0]),
  roles: { preview: 'fleet/preview', deploy: 'fleet/deploy', operate: 'fleet/operate' },
  policies: {
    fleet: 'orders',
    regions: ['eu-west-1', 'us-east-1'],
    accounts: { shared, monitoring, sinks: [] },
    deployRole: 'fleet/deploy',
    fleetRoles: ['fleet/preview', 'fleet/deploy', 'fleet/operate', 'platform/cost'],
    stateBucket: 'orders-fleet-state',
    stateKeyAlias: 'alias/orders-fleet-state',
  },
  tags: { Team: 'commerce' },
};

/** The resources of a template as CloudFormation would make them in an account. */
export function readTemplate(
  text: string = rolesTemplate(templateInput),
  inAccount: string = account,
): Readonly<Record<string, TemplateResource>> {
  const template = JSON.parse(text) as { readonly Conditions: Readonly<Record<string, unknown>>; readonly Resources: object };
  const resolved = resolve(template.Resources, { account: inAccount, conditions: template.Conditions }) as Readonly<
    Record<string, TemplateResource & { readonly Condition?: string }>
  >;
  const holds = (name: string) => conditionHolds(template.Conditions[name], inAccount);
  return Object.fromEntries(Object.entries(resolved).filter(([, { Condition }]) => Condition === undefined || holds(Condition)));
}

interface Stack {
  readonly account: string;
  readonly conditions: Readonly<Record<string, unknown>>;
}

const NO_VALUE = Symbol('AWS::NoValue');

/** A value with CloudFormation's functions carried out. */
function resolve(value: unknown, stack: Stack): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, stack)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, argument] = []] = Object.entries(value);
  if (key === 'Fn::Sub') return String(argument).replaceAll('${AWS::AccountId}', stack.account);
  if (key === 'Ref' && argument === 'AWS::NoValue') return NO_VALUE;
  if (key === 'Fn::If') {
    const [condition, then, otherwise] = argument as readonly [string, unknown, unknown];
    return resolve(conditionHolds(stack.conditions[condition], stack.account) ? then : otherwise, stack);
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolve(item, stack)]));
}

function conditionHolds(condition: unknown, inAccount: string): boolean {
  const [[name, argument] = []] = Object.entries(condition as object) as [string, readonly unknown[]][];
  const parts = argument ?? [];
  const valueOf = (value: unknown) => (typeof value === 'object' && value !== null && 'Ref' in value ? inAccount : value);
  if (name === 'Fn::Equals') return valueOf(parts[0]) === valueOf(parts[1]);
  if (name === 'Fn::Not') return !conditionHolds(parts[0], inAccount);
  if (name === 'Fn::Or') return parts.some((part) => conditionHolds(part, inAccount));
  throw new Error(`condition ${name ?? ''} is not known here`);
}

/** The named resource; fails when the template has none. */
export function resourceOf(resources: Readonly<Record<string, TemplateResource>>, name: string): TemplateResource {
  const resource = resources[name];
  if (!resource) throw new Error(`the template has no ${name}, it has ${Object.keys(resources).join(', ')}`);
  return resource;
}

/** A document as IAM reads it; fails with what IAM would refuse. */
export function parsed(document: unknown, kind: 'identity' | 'resource' | 'trust' = 'identity'): PolicyDocument {
  const result = parsePolicy(JSON.stringify(document), kind);
  if (!result.ok) throw new Error(result.problem);
  return result.document;
}

/** The policies that are attached to a role of the template. */
export function policiesOf(role: string, resources = readTemplate()): readonly PolicyDocument[] {
  const attached = resourceOf(resources, role).Properties.ManagedPolicyArns as readonly { readonly Ref: string }[];
  return attached.map(({ Ref }) => parsed(resourceOf(resources, Ref).Properties.PolicyDocument));
}
