import { otherAccount, otherRegion } from './fake-world';
import { accepted, emptyWorld, token, verdict } from './samples';

describe('an S3 bucket', () => {
  test('has the ARN and domain names that AWS gives', () => {
    const { id, outputs } = emptyWorld().given(token.bucket, { bucket: 'orders-archive' });
    expect(id).toBe('orders-archive');
    expect(outputs).toMatchObject({
      arn: 'arn:aws:s3:::orders-archive',
      region: 'eu-west-1',
      bucketRegionalDomainName: 'orders-archive.s3.eu-west-1.amazonaws.com',
      bucketNamespace: 'global',
      forceDestroy: false,
    });
  });

  test.each([
    ['abc', 'done'],
    ['ab', 'InvalidBucketName'],
    ['a'.repeat(63), 'done'],
    ['a'.repeat(64), 'InvalidBucketName'],
    ['Orders', 'InvalidBucketName'],
    ['orders_archive', 'InvalidBucketName'],
    ['-orders', 'InvalidBucketName'],
    ['orders-', 'InvalidBucketName'],
    ['orders..archive', 'InvalidBucketName'],
    ['192.168.5.4', 'InvalidBucketName'],
    ['xn--orders', 'InvalidBucketName'],
    ['orders-s3alias', 'InvalidBucketName'],
    ['orders--x-s3', 'InvalidBucketName'],
    ['orders-an', 'InvalidBucketName'],
  ])('named %s: %s', (bucket, expected) => {
    expect(verdict(emptyWorld().create(token.bucket, { bucket }))).toBe(expected);
  });

  test.each([
    ['orders-111122223333-eu-west-1-an', 'done'],
    ['orders-444455556666-eu-west-1-an', 'InvalidBucketName'],
    ['orders-111122223333-us-east-1-an', 'InvalidBucketName'],
    ['orders-archive', 'InvalidBucketName'],
    ['-111122223333-eu-west-1-an', 'InvalidBucketName'],
  ])('named %s in the account regional namespace: %s', (bucket, expected) => {
    expect(verdict(emptyWorld().create(token.bucket, { bucket, bucketNamespace: 'account-regional' }))).toBe(expected);
  });

  test('has its name once in the world, until it is deleted', () => {
    const world = emptyWorld();
    const made = world.given(token.bucket, { bucket: 'orders-archive' });
    expect(verdict(world.create(token.bucket, { bucket: 'orders-archive' }, { place: otherRegion }))).toBe('BucketAlreadyOwnedByYou');
    expect(verdict(world.create(token.bucket, { bucket: 'orders-archive' }, { place: otherAccount }))).toBe('BucketAlreadyExists');
    accepted(world.delete(made));
    expect(verdict(world.create(token.bucket, { bucket: 'orders-archive' }, { place: otherAccount }))).toBe('done');
  });

  test.each([
    [token.accessBlock, {}],
    [token.versioning, { versioningConfiguration: { status: 'Enabled' } }],
    [token.ownership, { rule: { objectOwnership: 'BucketOwnerEnforced' } }],
    [token.encryption, { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }] }],
    [token.lifecycle, { rules: [{ id: 'all', status: 'Enabled', expiration: { days: 1 } }] }],
    [
      token.bucketPolicy,
      {
        policy:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::orders-archive"}]}',
      },
    ],
  ])('bears %s from its own account and region only', (part, inputs) => {
    const world = emptyWorld();
    const given = { bucket: 'orders-archive', ...inputs };
    expect(verdict(world.create(part, given))).toBe('NoSuchBucket');
    world.given(token.bucket, { bucket: 'orders-archive' });
    expect(verdict(world.create(part, given, { place: otherAccount }))).toBe('AccessDenied');
    expect(verdict(world.create(part, given, { place: otherRegion }))).toBe('PermanentRedirect');
    expect(verdict(world.create(part, given))).toBe('done');
  });
});
