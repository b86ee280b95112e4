import { emptyWorld, token, verdict } from './samples';

const rule = (sseAlgorithm: string, kmsMasterKeyId?: string) => ({
  applyServerSideEncryptionByDefault: { sseAlgorithm, ...(kmsMasterKeyId && { kmsMasterKeyId }) },
});

describe('the encryption of a bucket', () => {
  test.each([
    ['S3 keys', [rule('AES256')], 'done'],
    ["AWS's own KMS key", [rule('aws:kms')], 'done'],
    ['a KMS key that does not exist', [rule('aws:kms', 'arn:aws:kms:eu-west-1:111122223333:key/none')], 'KMS.NotFoundException'],
    ['a KMS key with S3 keys', [rule('AES256', 'alias/x')], 'InvalidArgument'],
    ['an unknown algorithm', [rule('DES')], 'InvalidArgument'],
    ['two rules', [rule('AES256'), rule('aws:kms')], 'InvalidArgument'],
    ['no rule', [], 'InvalidArgument'],
  ])('with %s', (_what, rules, expected) => {
    const world = emptyWorld();
    world.given(token.bucket, { bucket: 'orders-archive' });
    expect(verdict(world.create(token.encryption, { bucket: 'orders-archive', rules }))).toBe(expected);
  });
});
