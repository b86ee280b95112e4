import * as z from 'zod';

import { bucketReference, defineBucketPart } from './common/bucket-part';
import { oneOf } from './common/shapes';

/** Who owns what is put into a bucket. */
export const bucketOwnershipControls = defineBucketPart({
  type: 'aws:s3/bucketOwnershipControls:BucketOwnershipControls',
  inputs: z.strictObject({
    bucket: bucketReference,
    rule: z.strictObject({ objectOwnership: oneOf(['BucketOwnerPreferred', 'ObjectWriter', 'BucketOwnerEnforced']) }),
  }),
});
