import type { PolicyDocument } from '../layer-kit/policy-document';

/** AWS's limits of IAM policies and of a CloudFormation template given in the request. */
export const policyLimits = { managedPolicyCharacters: 6144, managedPoliciesPerRole: 10, templateBytes: 51_200 } as const;

/** The policy, unless it is larger than IAM takes (white space is not counted); throws with its size. */
export function withinLimit(name: string, policy: PolicyDocument): PolicyDocument {
  const size = JSON.stringify(policy).replace(/\s/g, '').length;
  if (size <= policyLimits.managedPolicyCharacters) return policy;
  throw new Error(
    `policy ${name} has ${size} characters, IAM takes ${policyLimits.managedPolicyCharacters}: move a scope to another policy group`,
  );
}
