import type { Place, Refusal } from '../../resource-type';

import { parsePolicy, type PolicyDocument } from './policy-document';
import { allows } from './policy-evaluation';
import type { Caller } from './policy-principal';
import { refusal } from './refusal';

/** KMS: most bytes of a key policy. */
const MAX_POLICY_BYTES = 32_768;

/** What KMS gives a key that is made without a policy: the account decides by its IAM policies. */
export function defaultKeyPolicy(place: Pick<Place, 'account'>): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${place.account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}

/** What KMS refuses of a key policy, the lockout check included. */
export function refuseKeyPolicy(
  policy: string,
  key: { readonly arn: string; readonly place: Place; readonly bypassLockoutCheck: boolean },
): Refusal | undefined {
  if (Buffer.byteLength(policy) > MAX_POLICY_BYTES)
    return refusal('LimitExceededException', `The key policy exceeds the limit of ${MAX_POLICY_BYTES} bytes`);
  const parsed = parsePolicy(policy, 'resource');
  if (!parsed.ok) return refusal('MalformedPolicyDocumentException', parsed.problem);
  if (key.bypassLockoutCheck || canPutPolicy(parsed.document, key)) return undefined;
  return refusal('MalformedPolicyDocumentException', 'The new key policy will not allow you to update the key policy in the future.');
}

/**
 * A type does not see under which role the call is made: the key stays manageable where the policy lets the account itself, or some role
 * or user of it, put the policy.
 */
function canPutPolicy(document: PolicyDocument, { arn, place }: { readonly arn: string; readonly place: Place }): boolean {
  const { account } = place;
  const named = document.statements
    .flatMap(({ principals }) => principals.map(({ value }) => value))
    .filter((value) => value.includes(`::${account}:`));
  const callers: readonly Caller[] = [
    { kind: 'account', account },
    ...named.map((value) => ({ kind: 'account', account, arn: value }) as const),
  ];
  const context = { 'kms:CallerAccount': account, 'aws:PrincipalAccount': account, 'aws:PrincipalOrgID': place.organizationId };
  return callers.some((caller) => allows([document], { action: 'kms:PutKeyPolicy', resource: arn, caller, context }));
}
