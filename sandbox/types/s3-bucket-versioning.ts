import * as z from 'zod';

import { bucketReference, defineBucketPart } from './common/bucket-part';
import { refusal } from './common/refusal';
import { accountShape, oneOf } from './common/shapes';

/** Whether a bucket keeps earlier versions of its objects. Once on, it can only be suspended. */
export const bucketVersioning = defineBucketPart({
  type: 'aws:s3/bucketVersioning:BucketVersioning',
  inputs: z.strictObject({
    bucket: bucketReference,
    expectedBucketOwner: accountShape.optional(),
    mfa: z.string().min(1).optional(),
    versioningConfiguration: z.strictObject({
      status: oneOf(['Enabled', 'Suspended', 'Disabled']),
      mfaDelete: oneOf(['Enabled', 'Disabled']).optional(),
    }),
  }),
  invalid: 'IllegalVersioningConfigurationException',
  refuse: ({ inputs, bucketResource, prior }) => {
    const { status } = inputs.versioningConfiguration;
    const before = (prior?.outputs.versioningConfiguration as { readonly status?: unknown } | undefined)?.status;
    if (status === 'Disabled' && before !== undefined && before !== 'Disabled') {
      return refusal(
        'IllegalVersioningConfigurationException',
        `versioningConfiguration.status cannot be updated from ${JSON.stringify(before)} to 'Disabled'`,
      );
    }
    return status === 'Suspended' && bucketResource.outputs.objectLockEnabled === true
      ? refusal('InvalidBucketState', 'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.')
      : undefined;
  },
});
