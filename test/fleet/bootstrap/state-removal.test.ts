import { DeleteAliasCommand, DescribeKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { DeleteBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

import { removalCalls, removeState } from '../../../fleet/bootstrap/state-removal';

const s3 = mockClient(S3Client);
const kms = mockClient(KMSClient);
const named = (name: string) => Object.assign(new Error(name), { name, $metadata: {} });
const remove = () =>
  removeState(
    { s3: new S3Client({}), kms: new KMSClient({}), bucket: 'acme', keyAlias: 'alias/orders-state', keyArn: 'arn:key-1' },
    new AbortController().signal,
  );

beforeEach(() => {
  for (const mock of [s3, kms]) mock.reset();
  s3.on(ListObjectVersionsCommand)
    .resolvesOnce({ Versions: [{ Key: 'a', VersionId: '1' }], DeleteMarkers: [{ Key: 'b', VersionId: '2' }] })
    .resolves({});
  s3.on(DeleteObjectsCommand).resolves({});
  s3.on(DeleteBucketCommand).resolves({});
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: 'key-1', Arn: 'arn:key-1' } });
  kms.on(ScheduleKeyDeletionCommand).resolves({});
  kms.on(DeleteAliasCommand).resolves({});
});

test('takes every version, the bucket, and then gives the key thirty days', async () => {
  await remove();

  expect(s3.commandCalls(DeleteObjectsCommand).map(({ args }) => args[0].input.Delete?.Objects)).toEqual([
    [
      { Key: 'a', VersionId: '1' },
      { Key: 'b', VersionId: '2' },
    ],
  ]);
  expect(s3.commandCalls(DeleteBucketCommand)).toHaveLength(1);
  expect(kms.commandCalls(ScheduleKeyDeletionCommand).map(({ args }) => args[0].input)).toEqual([
    { KeyId: 'key-1', PendingWindowInDays: 30 },
  ]);
  expect(kms.commandCalls(DeleteAliasCommand)).toHaveLength(1);
  expect(removalCalls).toHaveLength(6);
});

test('what is gone already is passed over: a run that was cut short is begun again', async () => {
  s3.reset();
  s3.on(ListObjectVersionsCommand).rejects(named('NoSuchBucket'));
  kms.on(DescribeKeyCommand).rejects(named('NotFoundException'));

  await expect(remove()).resolves.toBeUndefined();
});

test('a key that the alias was moved to is somebody else’s, and stays', async () => {
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: 'other', Arn: 'arn:other' } });

  await expect(remove()).rejects.toMatchObject({
    code: 'user/state-key',
    message: expect.stringMatching(/is of key arn:other.*is arn:key-1/) as string,
  });
  expect(kms.commandCalls(ScheduleKeyDeletionCommand)).toEqual([]);
});

test('an object that stays is named, and the key is not given up', async () => {
  s3.on(DeleteObjectsCommand).resolves({ Errors: [{ Key: 'a', Code: 'AccessDenied', Message: 'locked' }] });

  await expect(remove()).rejects.toMatchObject({
    code: 'aws/AccessDenied',
    message: 'a of bucket acme was not deleted: locked; see that nothing locks it, and run this again',
  });
  expect(kms.commandCalls(ScheduleKeyDeletionCommand)).toEqual([]);
});
