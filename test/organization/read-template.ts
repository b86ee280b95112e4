import { controlPrincipals } from '../../organization/control-principals';
import { rolesTemplate, type RolesTemplateInput } from '../../organization/roles-template';
import { parsePolicy, type PolicyDocument } from '../../sandbox/types/common/policy-document';
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
    deployRole: 'fleet/deploy',
    fleetRoles: ['fleet/preview', 'fleet/deploy', 'fleet/operate', 'platform/cost'],
    stateBucket: 'orders-fleet-state',
    stateKeyAlias: 'alias/orders-fleet-state',
  },
  tags: { Team: 'commerce' },
};

/** The resources of a template as CloudFormation would make them in {@link account}. */
export function readTemplate(text: string = rolesTemplate(templateInput)): Readonly<Record<string, TemplateResource>> {
  const filled = JSON.parse(text, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'Fn::Sub' in value)
      return String(value['Fn::Sub']).replaceAll('${AWS::AccountId}', account);
    return value;
  }) as { readonly Resources: Readonly<Record<string, TemplateResource>> };
  return filled.Resources;
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
