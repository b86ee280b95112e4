import type { Properties } from '../../../sandbox/resource-type';
import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { kmsKey } from '../../../sandbox/types/kms-key';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld } from './fake-world';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const allow = (principal: unknown, more: Properties = {}) => ({
  Effect: 'Allow',
  Principal: principal,
  Action: 'kms:*',
  Resource: '*',
  ...more,
});
const policy = (...statements: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const root = allow({ AWS: 'arn:aws:iam::111122223333:root' });
const cloudwatch = allow({ Service: 'cloudwatch.amazonaws.com' }, { Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] });

const create = (inputs: Properties) => new FakeWorld(monitoringTypes).create(tokens.key, inputs);

test('a key without inputs gets an id, the default policy and the provider defaults', () => {
  const { id, outputs } = new FakeWorld(monitoringTypes).given(tokens.key, {});
  expect(id).toMatch(UUID);
  expect(outputs).toMatchObject({
    keyId: id,
    arn: `arn:aws:kms:eu-west-1:111122223333:key/${id}`,
    isEnabled: true,
    enableKeyRotation: false,
    customerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    policy: expect.stringContaining('arn:aws:iam::111122223333:root') as string,
  });
});

test('an update keeps the id', () => {
  const world = new FakeWorld(monitoringTypes);
  const key = world.given(tokens.key, {}, { instance: 'alerts' });
  expect(world.update(key, { description: 'alerts', enableKeyRotation: true })).toMatchObject({
    resource: { id: key.id, outputs: { rotationPeriodInDays: 365 } },
  });
});

test.each<[string, Properties]>([
  ['the account', { policy: policy(root) }],
  ['the account by its id', { policy: policy(allow({ AWS: '111122223333' })) }],
  ['a role of the account', { policy: policy(allow({ AWS: 'arn:aws:iam::111122223333:role/fleet/deploy' })) }],
  ['the account, and a service for some calls', { policy: policy(root, cloudwatch) }],
  ['everybody of the account', { policy: policy(allow('*', { Condition: { StringEquals: { 'kms:CallerAccount': '111122223333' } } })) }],
  ['nobody, where the check is bypassed', { policy: policy(cloudwatch), bypassPolicyLockoutSafetyCheck: true }],
])('takes a policy that lets %s manage the key', (_name, inputs) => {
  expect(create(inputs)).toMatchObject({ kind: 'done' });
});

test.each<[string, string]>([
  ['a service only', policy(cloudwatch)],
  ['another account only', policy(allow({ AWS: '444455556666' }))],
  ['the account for other calls', policy(allow({ AWS: '111122223333' }, { Action: 'kms:Decrypt' }))],
  ['the account, and denies it again', policy(root, { ...allow('*'), Effect: 'Deny', Action: 'kms:PutKeyPolicy' })],
  ['everybody of another organisation', policy(allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-other12345' } } }))],
])('refuses a policy that lets %s manage the key', (_name, document) => {
  expect(create({ policy: document })).toEqual({
    kind: 'refused',
    name: 'MalformedPolicyDocumentException',
    message: 'The new key policy will not allow you to update the key policy in the future.',
  });
});

test.each<[string, Properties, string]>([
  ['a policy that is no JSON', { policy: '{' }, 'MalformedPolicyDocumentException'],
  [
    'a policy without principals',
    { policy: policy({ Effect: 'Allow', Action: 'kms:*', Resource: '*' }) },
    'MalformedPolicyDocumentException',
  ],
  ['a policy over 32 KB', { policy: policy(root, allow({ AWS: '111122223333' }, { Sid: 'x'.repeat(32_768) })) }, 'LimitExceededException'],
  ['a deletion window of 6 days', { deletionWindowInDays: 6 }, 'ValidationException'],
  ['a deletion window of 31 days', { deletionWindowInDays: 31 }, 'ValidationException'],
  ['a rotation every 89 days', { enableKeyRotation: true, rotationPeriodInDays: 89 }, 'ValidationException'],
  ['a rotation period without rotation', { rotationPeriodInDays: 90 }, 'ValidationException'],
  ['rotation of an RSA key', { customerMasterKeySpec: 'RSA_2048', enableKeyRotation: true }, 'UnsupportedOperationException'],
  ['rotation of a disabled key', { isEnabled: false, enableKeyRotation: true }, 'DisabledException'],
  ['signing with a symmetric key', { keyUsage: 'SIGN_VERIFY' }, 'ValidationException'],
  ['an unknown key spec', { customerMasterKeySpec: 'AES_128' }, 'ValidationException'],
  ['a custom key store', { customKeyStoreId: 'cks-1' }, 'ValidationException'],
])('refuses %s', (_name, inputs, error) => {
  expect(create(inputs)).toMatchObject({ kind: 'refused', name: error });
});

test('what a key is cannot change without a new key', () => {
  expect(kmsKey.replaceOn).toEqual(['customerMasterKeySpec', 'keyUsage', 'multiRegion']);
});
