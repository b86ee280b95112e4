import type { PolicyDocument } from '../layer-kit/policy-document';
import { policyDocument } from '../layer-kit/policy-document';
import { onlyFor, type ControlPrincipals } from './control-principals';

/** A trust policy: a statement of it names no resource. */
export type TrustPolicy = Pick<PolicyDocument, 'Version'> & {
  readonly Statement: readonly Omit<PolicyDocument['Statement'][number], 'Resource'>[];
};

/** Who may assume a role of the fleet: these roles of the control account, with session tags and a source identity that the trail keeps. */
export function roleTrustPolicy(principals: ControlPrincipals, roles: readonly string[], organizationId: string): TrustPolicy {
  return {
    ...policyDocument(),
    Statement: [
      {
        Sid: 'FleetControl',
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
        ...onlyFor(principals, roles, organizationId),
      },
    ],
  };
}
