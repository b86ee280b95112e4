import { onlyFor, operatorsAlone } from '../contracts/control-principals';
import type { StateBucket } from '../contracts/state-bucket-policy';
import { accountAdministersKey, policyDocument, type PolicyDocument } from '../layer-kit/policy-document';

/** What the policies of the state store depend on. */
export interface StatePolicyInput extends StateBucket {
  readonly account: string;
}

/**
 * Policy of the key that encrypts the state and the secrets in it: its account administers it, the fleet's deployers use it. Whoever only
 * operates uses it through S3 alone: what S3 may decrypt for him he may read, what Pulumi has encrypted in it he may not.
 */
export function stateKeyPolicy(input: Omit<StatePolicyInput, 'bucket'>): PolicyDocument {
  const { control, organizationId } = input;
  const alone = operatorsAlone(control);
  const only = onlyFor(control, alone, organizationId);
  return policyDocument(
    accountAdministersKey(input.account),
    {
      Sid: 'ControllersUse',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
      Resource: '*',
      ...onlyFor(control, control.deployers, organizationId),
    },
    ...(alone.length === 0
      ? []
      : [
          {
            Sid: 'OperatorsUseThroughS3',
            Effect: 'Allow' as const,
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Resource: '*',
            ...only,
            Condition: { ...only.Condition, StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } },
          },
        ]),
  );
}
