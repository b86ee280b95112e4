import { controlPrincipals } from '../../organization/control-principals';
import { stateBucketPolicy, stateKeyPolicy } from '../../organization/state-policies';
import { accountIdSchema } from '../../contracts/ids';
import { allows } from '../../sandbox/types/common/policy-document';
import { shared } from '../layer-kit/render-layer';
import { parsed } from './read-template';
import { management } from './render-organization';

const input = {
  account: shared,
  bucket: 'acme-fleet-state',
  organizationId: 'o-abcdefghij',
  control: controlPrincipals({ account: accountIdSchema.parse(management), roles: ['fleet-control'], operators: ['on-call'] }),
};
const object = 'arn:aws:s3:::acme-fleet-state/orders/journal/1';
const controller = {
  'aws:PrincipalArn': `arn:aws:iam::${management}:role/fleet-control`,
  'aws:PrincipalOrgID': 'o-abcdefghij',
  'aws:PrincipalIsAWSService': 'false',
  'aws:SecureTransport': 'true',
};
const asks = (kind: 'bucket' | 'key', action: string, context: Readonly<Record<string, string>>) =>
  allows([parsed(kind === 'bucket' ? stateBucketPolicy(input) : stateKeyPolicy(input), 'resource')], {
    action,
    resource: object,
    caller: { kind: 'account', account: management },
    context,
  });

describe('the policy of the state bucket', () => {
  test.each(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'])('lets the controllers %s', (action) => {
    expect(asks('bucket', action, controller)).toBe(true);
  });

  test.each([
    ['over plain HTTP', 's3:GetObject', { ...controller, 'aws:SecureTransport': 'false' }],
    ['from outside the organisation', 's3:GetObject', { ...controller, 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' }],
    ['as another role', 's3:GetObject', { ...controller, 'aws:PrincipalArn': `arn:aws:iam::${management}:role/other` }],
    ['to destroy an old version', 's3:DeleteObjectVersion', controller],
    ['to change the bucket', 's3:PutBucketPolicy', controller],
  ])('lets nobody in %s', (_name, action, context) => {
    expect(asks('bucket', action, context)).toBe(false);
  });
});

describe('the key of the secrets’ digests', () => {
  const operator = { ...controller, 'aws:PrincipalArn': `arn:aws:iam::${management}:role/on-call` };
  const reads = (key: string, context: Readonly<Record<string, string>>) =>
    allows([parsed(stateBucketPolicy(input), 'resource')], {
      action: 's3:GetObject',
      resource: `arn:aws:s3:::acme-fleet-state/${key}`,
      caller: { kind: 'account', account: management },
      context,
    });

  test.each(['secrets/digest-key.json', 'orders/secrets/digest-key.json'])('%s is for who deploys, not for who operates', (key) => {
    expect([reads(key, controller), reads(key, operator), reads('orders/records.json', operator)]).toEqual([true, false, true]);
  });
});

describe('the policy of the state’s key', () => {
  test.each(['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'])('lets the controllers %s', (action) => {
    expect(asks('key', action, controller)).toBe(true);
  });

  test.each([
    ['administer it', 'kms:ScheduleKeyDeletion', controller],
    ['use it as another role', 'kms:Decrypt', { ...controller, 'aws:PrincipalArn': `arn:aws:iam::${management}:role/other` }],
  ])('lets the control account not %s', (_name, action, context) => {
    expect(asks('key', action, context)).toBe(false);
  });

  test('leaves the key to its account, or nobody could manage it', () => {
    expect(stateKeyPolicy(input).Statement[0]).toMatchObject({ Principal: { AWS: `arn:aws:iam::${shared}:root` }, Action: 'kms:*' });
  });
});
