import { emptyWorld, token, verdict } from './samples';

const ARN = 'arn:aws:s3:::orders-archive';
const policyOf = (over: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 's3:GetObject', Resource: `${ARN}/*`, ...over }],
  });
const everybody = policyOf({ Principal: '*' });

describe('the policy of a bucket', () => {
  test.each([
    ['an account', policyOf({}), 'done'],
    ['objects of another bucket', policyOf({ Resource: 'arn:aws:s3:::other/*' }), 'MalformedPolicy'],
    ['a bucket whose name only begins the same', policyOf({ Resource: `${ARN}-2/*` }), 'MalformedPolicy'],
    ['everybody', everybody, 'AccessDenied'],
    [
      'everybody of the organisation',
      policyOf({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } }),
      'done',
    ],
    [
      'everybody but the organisation',
      policyOf({ Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } }),
      'AccessDenied',
    ],
    ['nobody without TLS', policyOf({ Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }), 'done'],
    ['more than 20 KB', policyOf({ Sid: 's'.repeat(20_480) }), 'PolicyTooLarge'],
    ['no JSON', 'allow', 'MalformedPolicy'],
  ])('for %s', (_what, policy, expected) => {
    const world = emptyWorld();
    world.given(token.bucket, { bucket: 'orders-archive' });
    expect(verdict(world.create(token.bucketPolicy, { bucket: 'orders-archive', policy }))).toBe(expected);
  });

  test('may be public where the public access block is lifted', () => {
    const world = emptyWorld();
    world.given(token.bucket, { bucket: 'orders-archive' });
    world.given(token.accessBlock, { bucket: 'orders-archive', blockPublicPolicy: false });
    expect(verdict(world.create(token.bucketPolicy, { bucket: 'orders-archive', policy: everybody }))).toBe('done');
  });
});
