import { Bucket } from '@pulumi/aws/s3/bucket';
import { BucketLifecycleConfiguration } from '@pulumi/aws/s3/bucketLifecycleConfiguration';
import { BucketPolicy } from '@pulumi/aws/s3/bucketPolicy';
import { BucketPublicAccessBlock } from '@pulumi/aws/s3/bucketPublicAccessBlock';
import { BucketServerSideEncryptionConfiguration } from '@pulumi/aws/s3/bucketServerSideEncryptionConfiguration';
import * as pulumi from '@pulumi/pulumi';

import { ARCHIVE_DAYS, archivePolicy } from './archive-policy';

/** What the archive is made of. */
export interface ArchiveArgs {
  readonly bucketName: string;
  readonly keyArn: pulumi.Output<string> | null;
  /** Against deletion and replacement; a bucket that is kept keeps its settings. */
  readonly protect: boolean;
}

/** The bucket dead letters are kept in until somebody decides about them. */
export class Archive extends pulumi.ComponentResource {
  readonly bucket: Bucket;

  constructor(name: string, args: ArchiveArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:regional:Archive', name, {}, options);
    // The account-regional name space: nobody else can take the name first.
    this.bucket = new Bucket(
      'archive-bucket',
      { bucket: args.bucketName, bucketNamespace: 'account-regional' },
      { parent: this, protect: args.protect },
    );
    const publicAccess = new BucketPublicAccessBlock(
      'archive-public-access',
      { bucket: this.bucket.id, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      { parent: this, protect: args.protect },
    );
    new BucketServerSideEncryptionConfiguration(
      'archive-encryption',
      {
        bucket: this.bucket.id,
        rules: [
          args.keyArn === null
            ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
            : { applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: args.keyArn }, bucketKeyEnabled: true },
        ],
      },
      { parent: this, protect: args.protect },
    );
    new BucketLifecycleConfiguration(
      'archive-lifecycle',
      {
        bucket: this.bucket.id,
        rules: [
          {
            id: 'expire-dead-letters',
            status: 'Enabled',
            filter: { prefix: '' },
            expiration: { days: ARCHIVE_DAYS },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      { parent: this, protect: args.protect },
    );
    new BucketPolicy(
      'archive-policy',
      { bucket: this.bucket.id, policy: pulumi.jsonStringify(this.bucket.arn.apply(archivePolicy)) },
      // S3 refuses two changes of a bucket's access settings at once.
      { parent: this, protect: args.protect, dependsOn: [publicAccess] },
    );
    this.registerOutputs({ bucket: this.bucket.id });
  }
}
