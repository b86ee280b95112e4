import { DeleteAliasCommand, DescribeKeyCommand, ScheduleKeyDeletionCommand, type KMSClient } from '@aws-sdk/client-kms';
import { DeleteBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';

import { sdkErrorName } from '../aws/sdk-error';
import { FleetError, userError } from '../errors';

import { asked } from './asked';

/** The state of a fleet and its key, by clients of their account. */
export interface StateStanding {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly bucket: string;
  readonly keyAlias: string;
  /** ARN of the fleet's own key, as its stack has it; null: it has none. */
  readonly keyArn: string | null;
}

/** Days in which the key can still be had back. */
export const KEY_DELETION_DAYS = 30;

/** The calls that take state and key away, in their order, as IAM names the actions. */
export const removalCalls = [
  's3:ListBucketVersions',
  's3:DeleteObjectVersion',
  's3:DeleteBucket',
  'kms:DescribeKey',
  'kms:DeleteAlias',
  'kms:ScheduleKeyDeletion',
] as const;

/**
 * Deletes the bucket with every version of every object, then gives up its key. What is gone already is passed over, so that a run which was cut
 * short can be begun again. Rejects with an `aws/...` {@link FleetError}.
 */
export async function removeState({ s3, kms, bucket, keyAlias, keyArn }: StateStanding, signal: AbortSignal): Promise<void> {
  const abort = { abortSignal: signal };
  await unlessGone('NoSuchBucket', async () => {
    for (;;) {
      const { Versions = [], DeleteMarkers = [] } = await asked(`s3:ListBucketVersions of ${bucket}`, () =>
        s3.send(new ListObjectVersionsCommand({ Bucket: bucket }), abort),
      );
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (Objects.length === 0) break;
      const { Errors = [] } = await asked(`s3:DeleteObjectVersion in ${bucket}`, () =>
        s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }), abort),
      );
      const [first] = Errors;
      if (first)
        throw new FleetError(
          `aws/${first.Code ?? 'Unknown'}`,
          `${first.Key ?? 'an object'} of bucket ${bucket} was not deleted: ${first.Message ?? ''}; see that nothing locks it, and run this again`,
        );
    }
    await asked(`s3:DeleteBucket of ${bucket}`, () => s3.send(new DeleteBucketCommand({ Bucket: bucket }), abort));
  });
  await unlessGone('NotFoundException', async () => {
    const { KeyMetadata } = await asked(`kms:DescribeKey of ${keyAlias}`, () =>
      kms.send(new DescribeKeyCommand({ KeyId: keyAlias }), abort),
    );
    const KeyId = KeyMetadata?.KeyId;
    // An alias can be moved, and a key that is somebody else's takes all that it encrypts with it.
    if (KeyMetadata?.Arn !== keyArn)
      throw userError(
        'state-key',
        `${keyAlias} is of key ${KeyMetadata?.Arn ?? 'unknown'}, and the fleet's is ${keyArn ?? 'none'}: neither was touched; delete the fleet's own key by hand`,
      );
    await asked(`kms:ScheduleKeyDeletion of ${keyAlias}`, () =>
      kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: KEY_DELETION_DAYS }), abort),
    );
    await asked(`kms:DeleteAlias of ${keyAlias}`, () => kms.send(new DeleteAliasCommand({ AliasName: keyAlias }), abort));
  });
}

async function unlessGone(absent: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const cause = error instanceof FleetError ? error.cause : error;
    if (sdkErrorName(cause) !== absent) throw error;
  }
}
