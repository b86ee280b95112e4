import { CreateBucketCommand, GetBucketLocationCommand, HeadBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

import { organizationConfigSchema } from '../../../contracts/organization';
import { regionSchema } from '../../../contracts/ids';
import { StateBucket } from '../../../fleet/bootstrap/state-bucket';
import { createS3Client } from '../../../fleet/state/s3-client';
import { organizationConfig } from '../../organization/render-organization';

import { BUCKET, SHARED } from './bootstrap-fixture';

const s3 = mockClient(S3Client);
beforeEach(() => {
  s3.reset();
  s3.onAnyCommand().resolves({});
});

const said = (status: number, name = 'UnknownError') => Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });

const at = (region = 'eu-west-1', bucket = BUCKET) => {
  const home = regionSchema.parse(region);
  return new StateBucket(createS3Client({ region: home }), { bucket, account: SHARED, region: home });
};

describe('a name that is not in the account’s list', () => {
  test.each([403, 301])('is somebody else’s where S3 answers %i', async (status) => {
    s3.on(HeadBucketCommand).rejects(said(status));

    await expect(at().look()).rejects.toMatchObject({
      code: 'user/state-bucket',
      message: expect.stringContaining("another account's") as string,
    });
  });

  test('is free where S3 knows none', async () => {
    s3.on(HeadBucketCommand).rejects(said(404, 'NotFound'));

    expect(await at().look()).toMatchObject({ exists: false, createdAt: null });
  });

  test('is in doubt where S3 stumbles: an error, not a free name', async () => {
    s3.on(HeadBucketCommand).rejects(said(503, 'SlowDown'));

    await expect(at().look()).rejects.toMatchObject({ code: 'aws/SlowDown' });
  });
});

test('a list of more buckets than one answer holds is read to its end', async () => {
  s3.on(ListBucketsCommand).resolvesOnce({ Buckets: [{ Name: `${BUCKET}-old` }], ContinuationToken: 'more' });
  s3.on(ListBucketsCommand, { ContinuationToken: 'more' }).resolves({ Buckets: [{ Name: BUCKET }] });
  s3.on(GetBucketLocationCommand).resolves({ LocationConstraint: 'EU' });

  expect(await at().look()).toMatchObject({ exists: true });
});

const config = organizationConfigSchema.parse(organizationConfig());
const absent = { exists: false, createdAt: null, missing: [] };

test.each([
  ['eu-west-1', BUCKET, { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }],
  ['us-east-1', BUCKET, {}],
  ['us-east-1', `acme-${SHARED}-us-east-1-an`, { BucketNamespace: 'account-regional' }],
])('a bucket in %s named %s is asked for as S3 wants it', async (region, bucket, rest) => {
  await at(region, bucket).complete(absent, config);

  expect(s3.commandCalls(CreateBucketCommand).map(({ args }) => args[0].input)).toEqual([{ Bucket: bucket, ...rest }]);
});

test.each([
  ['BucketAlreadyExists', 'user/state-bucket'],
  ['AccessDenied', 'aws/AccessDenied'],
])('a creation that S3 refuses with %s ends with %s', async (name, code) => {
  s3.on(CreateBucketCommand).rejects(said(409, name));

  await expect(at().complete(absent, config)).rejects.toMatchObject({ code });
});
