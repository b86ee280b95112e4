import { controlPrincipals } from '../../contracts/control-principals';
import { stateKeyPolicy } from '../../organization/state-policies';
import { stateBucketPolicy } from '../../contracts/state-bucket-policy';
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

describe('who operates and does not deploy', () => {
  const me = 'AROAOPERATOR0000000001:alice';
  const operator = {
    ...controller,
    'aws:PrincipalArn': `arn:aws:iam::${management}:role/on-call`,
    'aws:userid': me,
    // Whatever else a caller can put into a request.
    's3:x-amz-acl': 'bucket-owner-full-control',
    'aws:RequestTag/fleet': 'deploy',
  };
  const may = (action: string, key: string, context: Readonly<Record<string, string>> = operator) =>
    allows([parsed(stateBucketPolicy(input), 'resource')], {
      action: `s3:${action}`,
      resource: `arn:aws:s3:::acme-fleet-state/${key}`,
      caller: { kind: 'account', account: management },
      context,
    });
  const rollout = 'rollouts/20260101T000000.000-aaaa';

  describe.each(['', 'orders/'])('with the state at %j', (prefix) => {
    test('reads what the fleet knows, and nothing under secrets/', () => {
      for (const key of ['records.json', 'begun/x.json', `${rollout}/journal/00000001.json`, 'lease', 'releases/x.json'])
        expect([key, may('GetObject', prefix + key)]).toEqual([key, true]);
      expect(may('GetObject', `${prefix}secrets/digest-key.json`)).toBe(false);
      expect(may('GetObject', `${prefix}secrets/digest-key.json`, controller)).toBe(true);
    });

    test('writes messages below the own name alone', () => {
      expect(may('PutObject', `${prefix}${rollout}/inbox/${me}/0/1.json`)).toBe(true);
      const withSource = { ...operator, 'aws:SourceIdentity': 'alice' };
      expect(may('PutObject', `${prefix}${rollout}/inbox/${me}/alice/1.json`, withSource)).toBe(true);
      expect(may('PutObject', `${prefix}${rollout}/inbox/${me}/eve/1.json`, withSource)).toBe(false);
      expect(may('PutObject', `${prefix}${rollout}/inbox/${me}/alice/1.json`)).toBe(false);
    });

    test.each([
      ['a beginning', 'begun/20991231T000000.000-beef.json'],
      ['a beginning, through the hole that a wildcard leaves', `begun/rollouts/x/inbox/${me}/0/1.json`],
      ['a segment of a journal', `${rollout}/journal/00000002.json`],
      ['a segment, likewise', `${rollout}/journal/inbox/${me}/0/1.json`],
      ['a release', 'releases/abc.json'],
      ['a plan', 'plans/abc.json'],
      ['the records', 'records.json'],
      ['the lease', 'lease'],
      ['the key of the digests', 'secrets/digest-key.json'],
      ['a checkpoint', '.pulumi/stacks/regional/1.eu-west-1.json'],
      ["somebody else's message", `${rollout}/inbox/AROADEPLOYER0000000001:eve/0/1.json`],
      ["nobody's message", `${rollout}/inbox/1.json`],
    ])('writes, and deletes, not %s', (_what, key) => {
      expect(['PutObject', 'DeleteObject', 'DeleteObjectVersion'].map((action) => may(action, prefix + key))).toEqual([
        false,
        false,
        false,
      ]);
    });
  });

  test('uses the key through S3 alone, never for what Pulumi has encrypted with it', () => {
    const uses = (action: string, context: Readonly<Record<string, string>>) => asks('key', `kms:${action}`, { ...operator, ...context });
    const through = { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' };
    expect([uses('Decrypt', through), uses('GenerateDataKey', through)]).toEqual([true, true]);
    expect([uses('Decrypt', {}), uses('Encrypt', through), uses('Decrypt', { 'kms:ViaService': 'ssm.eu-west-1.amazonaws.com' })]).toEqual([
      false,
      false,
      false,
    ]);
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
