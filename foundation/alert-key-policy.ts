import { accountAdministersKey, policyDocument, type PolicyDocument } from '../layer-kit/policy-document';

/**
 * Policy of the key that encrypts the alert topics: alarms of any account may use it, for these topics only. It names no account, so that a
 * new one changes nothing here; who may publish is the topics' own policy (AWS.md D1).
 */
export function alertKeyPolicy(options: { readonly account: string; readonly topicArns: readonly string[] }): PolicyDocument {
  return policyDocument(accountAdministersKey(options.account), {
    Sid: 'AlarmsEncryptForTheTopics',
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: '*',
    Condition: { StringEquals: { 'kms:EncryptionContext:aws:sns:topicArn': options.topicArns } },
  });
}
