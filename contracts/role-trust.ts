import { listedPrincipals, sharedPrincipals, type PrincipalCondition } from './principal-conditions';

/** Characters that IAM takes of the trust policy of a role, unless an account has a larger quota. */
export const TRUST_POLICY_CHARACTERS = 2048;

/** A trust policy: a statement of it names no resource. */
export interface TrustPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly TrustStatement[];
}

interface TrustStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Principal: { readonly AWS: string };
  readonly Condition: PrincipalCondition & { readonly StringEquals: Readonly<Record<'aws:PrincipalOrgID', string>> };
}

/** Whom a role trusts. */
export interface Trusted {
  /** ARN of the root of the account that the trusted roles are in. */
  readonly root: string;
  /** ARNs of the roles. */
  readonly roles: readonly string[];
  readonly organizationId: string;
}

/**
 * Who may assume a role of the fleet: these roles of the control account, with session tags and a source identity that the trail keeps. Roles
 * whose list would be larger than IAM takes are told by what they have in common; the very same are let in.
 */
export function roleTrust(trusted: Trusted): TrustPolicy {
  const listed = policyOf(trusted, listedPrincipals(trusted.roles));
  if (trustCharacters(listed) <= TRUST_POLICY_CHARACTERS) return listed;
  const shared = policyOf(trusted, sharedPrincipals(trusted.roles));
  return trustCharacters(shared) < trustCharacters(listed) ? shared : listed;
}

/** Size of a trust policy as IAM counts it: white space is not counted. */
export function trustCharacters(policy: TrustPolicy): number {
  return JSON.stringify(policy).length;
}

function policyOf({ root, organizationId }: Trusted, conditions: readonly PrincipalCondition[]): TrustPolicy {
  return {
    Version: '2012-10-17',
    Statement: conditions.map((condition, index) => ({
      Sid: `FleetControl${index === 0 ? '' : String(index + 1)}`,
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
      Principal: { AWS: root },
      Condition: { ...condition, StringEquals: { 'aws:PrincipalOrgID': organizationId } },
    })),
  };
}
