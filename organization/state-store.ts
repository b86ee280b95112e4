import { Alias } from '@pulumi/aws/kms/alias';
import { Key } from '@pulumi/aws/kms/key';
import { Bucket } from '@pulumi/aws/s3/bucket';
import { BucketLifecycleConfiguration } from '@pulumi/aws/s3/bucketLifecycleConfiguration';
import { BucketPolicy } from '@pulumi/aws/s3/bucketPolicy';
import { BucketPublicAccessBlock } from '@pulumi/aws/s3/bucketPublicAccessBlock';
import { BucketServerSideEncryptionConfiguration } from '@pulumi/aws/s3/bucketServerSideEncryptionConfiguration';
import { BucketVersioning } from '@pulumi/aws/s3/bucketVersioning';
import * as pulumi from '@pulumi/pulumi';

import { isAccountRegional, type OrganizationConfig } from '../contracts/organization';
import { stateBucketPolicy } from '../contracts/state-bucket-policy';
import { stateKeyPolicy, type StatePolicyInput } from './state-policies';

/** What the state store is made of. */
export interface StateStoreArgs {
  readonly state: OrganizationConfig['state'];
  readonly policies: Omit<StatePolicyInput, 'bucket'>;
}

/** The bucket of all state, and the key of the secrets in it. Losing either loses the fleet's memory: both are protected, with all that keeps them closed. */
export class StateStore extends pulumi.ComponentResource {
  readonly bucket: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: StateStoreArgs, options: pulumi.ComponentResourceOptions) {
    super('fleet:organization:StateStore', name, {}, options);
    const key = new Key(
      `${name}-key`,
      {
        description: 'encrypts the state of the fleet and the secrets in it',
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: JSON.stringify(stateKeyPolicy(args.policies)),
      },
      { parent: this, protect: true },
    );
    new Alias(`${name}-alias`, { name: args.state.keyAlias, targetKeyId: key.keyId }, { parent: this, protect: true });
    // `fleet bootstrap` made it, since this program's own state is in it: taken over, never made a second time.
    const bucket = args.state.takeOver ? this.#takenOver(name, args.state.bucket) : pulumi.output(args.state.bucket);
    const policy = this.#settings(name, args, { bucket, key });
    // Whoever reads these waits until the bucket is closed to the public and to plain HTTP.
    this.bucket = policy.bucket;
    this.keyArn = key.arn;
    this.registerOutputs({ bucket: this.bucket, keyArn: this.keyArn });
  }

  #takenOver(name: string, bucket: string): pulumi.Output<string> {
    return new Bucket(
      `${name}-bucket`,
      { bucket, ...(isAccountRegional(bucket) ? { bucketNamespace: 'account-regional' } : {}) },
      { parent: this, protect: true, import: bucket },
    ).id;
  }

  #settings(name: string, args: StateStoreArgs, made: { readonly bucket: pulumi.Output<string>; readonly key: Key }): BucketPolicy {
    const { bucket } = made;
    const versioning = new BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: 'Enabled' } },
      { parent: this, protect: true },
    );
    const publicAccess = new BucketPublicAccessBlock(
      `${name}-public-access`,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      { parent: this, protect: true },
    );
    new BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: made.key.arn }, bucketKeyEnabled: true }],
      },
      { parent: this, protect: true },
    );
    new BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket,
        rules: [
          {
            id: 'expire-old-versions',
            status: 'Enabled',
            filter: { prefix: '' },
            noncurrentVersionExpiration: { noncurrentDays: args.state.oldVersionsDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      // A rule on old versions needs versioning to be on.
      { parent: this, protect: true, dependsOn: [versioning] },
    );
    return new BucketPolicy(
      `${name}-policy`,
      { bucket, policy: JSON.stringify(stateBucketPolicy({ ...args.policies, bucket: args.state.bucket })) },
      // S3 refuses two changes of a bucket's access settings at once.
      { parent: this, protect: true, dependsOn: [publicAccess] },
    );
  }
}
