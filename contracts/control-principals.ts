import { deployRoleArn } from './names';
import type { OrganizationConfig } from './organization';

/** Who may run the fleet, as policies name it. */
export interface ControlPrincipals {
  /** ARN of the account root: an exact role ARN would turn into an id, and break when the role is made again (AWS.md E1). */
  readonly root: string;
  /** ARNs of the roles that may deploy. */
  readonly deployers: readonly string[];
  /** ARNs of every role that may look and operate, the deployers among them. */
  readonly operators: readonly string[];
}

/** Builds the ARNs of the control account's roles from the configuration. */
export function controlPrincipals(control: OrganizationConfig['control']): ControlPrincipals {
  const arnsOf = (roles: readonly string[]) => [...new Set(roles)].map((role) => deployRoleArn(control.account, role));
  return {
    root: `arn:aws:iam::${control.account}:root`,
    deployers: arnsOf(control.roles),
    operators: arnsOf([...control.roles, ...control.operators]),
  };
}

/** What of a statement says whom it is for. */
export interface ForPrincipals {
  readonly Principal: { readonly AWS: string };
  readonly Condition: Readonly<Record<'ArnEquals' | 'StringEquals', Readonly<Record<string, string | readonly string[]>>>>;
}

/** Who operates and does not deploy. */
export function operatorsAlone({ operators, deployers }: ControlPrincipals): readonly string[] {
  return operators.filter((role) => !deployers.includes(role));
}

/** Principal and condition of a statement that is for these roles of the control account only, and only inside the organisation. */
export function onlyFor(principals: ControlPrincipals, roles: readonly string[], organizationId: string): ForPrincipals {
  return {
    Principal: { AWS: principals.root },
    Condition: { ArnEquals: { 'aws:PrincipalArn': roles }, StringEquals: { 'aws:PrincipalOrgID': organizationId } },
  };
}
