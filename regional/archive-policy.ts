import { policyDocument, type PolicyDocument } from '../layer-kit/policy-document';

/** How long a dead letter stays in the archive, in days. */
export const ARCHIVE_DAYS = 365;

/** Bucket policy of the archive: nothing over plain HTTP. */
export function archivePolicy(bucketArn: string): PolicyDocument {
  return policyDocument({
    Sid: 'EncryptedTransportOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
}
