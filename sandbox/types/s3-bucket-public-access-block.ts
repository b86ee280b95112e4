import * as z from 'zod';

import { bucketReference, defineBucketPart } from './common/bucket-part';
import { computeTokens } from './common/compute-tokens';

/** Which kinds of public access a bucket blocks. A bucket without this resource blocks all four. */
export const bucketPublicAccessBlock = defineBucketPart({
  type: computeTokens.bucketPublicAccessBlock,
  inputs: z.strictObject({
    bucket: bucketReference,
    blockPublicAcls: z.boolean().default(false),
    blockPublicPolicy: z.boolean().default(false),
    ignorePublicAcls: z.boolean().default(false),
    restrictPublicBuckets: z.boolean().default(false),
  }),
});
