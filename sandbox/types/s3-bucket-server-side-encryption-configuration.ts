import * as z from 'zod';

import { bucketReference, defineBucketPart } from './common/bucket-part';
import { findKey } from './common/kms-lookup';
import { refusal } from './common/refusal';
import { accountShape, oneOf } from './common/shapes';

const ruleShape = z.strictObject({
  applyServerSideEncryptionByDefault: z
    .strictObject({ sseAlgorithm: oneOf(['AES256', 'aws:kms', 'aws:kms:dsse']), kmsMasterKeyId: z.string().min(1).optional() })
    .refine(({ sseAlgorithm, kmsMasterKeyId }) => kmsMasterKeyId === undefined || sseAlgorithm !== 'AES256', {
      error: 'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
    })
    .optional(),
  blockedEncryptionTypes: z
    .array(oneOf(['SSE-C', 'NONE']))
    .max(1)
    .optional(),
  bucketKeyEnabled: z.boolean().optional(),
});

/** How a bucket encrypts what is put into it. */
export const bucketServerSideEncryptionConfiguration = defineBucketPart({
  type: 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
  inputs: z.strictObject({
    bucket: bucketReference,
    expectedBucketOwner: accountShape.optional(),
    rules: z.array(ruleShape).length(1, { error: 'exactly one rule is allowed' }),
  }),
  refuse: ({ inputs, place }, world) => {
    const key = inputs.rules[0]?.applyServerSideEncryptionByDefault?.kmsMasterKeyId;
    return key !== undefined && findKey(world, key, place).kind === 'missing'
      ? refusal('KMS.NotFoundException', `Key '${key}' does not exist`)
      : undefined;
  },
});
