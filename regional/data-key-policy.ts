import { accountAdministersKey, policyDocument, type PolicyDocument } from '../layer-kit/policy-document';

/** Policy of a target's own key: the account's IAM policies decide, and CloudWatch Logs may use it for the target's log groups. */
export function dataKeyPolicy(options: {
  readonly account: string;
  readonly region: string;
  readonly logGroups: readonly string[];
}): PolicyDocument {
  return policyDocument(accountAdministersKey(options.account), {
    Sid: 'LogsEncryptTheLogGroups',
    Effect: 'Allow',
    Principal: { Service: `logs.${options.region}.amazonaws.com` },
    Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
    Resource: '*',
    Condition: {
      ArnEquals: {
        'kms:EncryptionContext:aws:logs:arn': options.logGroups.map(
          (group) => `arn:aws:logs:${options.region}:${options.account}:log-group:${group}`,
        ),
      },
    },
  });
}
