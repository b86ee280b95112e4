import type { Properties } from '../../../sandbox/resource-type';
import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld, place } from './fake-world';

const name = '/orders/orders-order';

test.each<[string, Properties]>([
  ['the longest retention', { name, retentionInDays: 3653 }],
  ['no retention', { name, retentionInDays: 0 }],
  ['the other class', { name, logGroupClass: 'INFREQUENT_ACCESS' }],
  ['all its characters', { name: 'aZ0_-/.#' }],
  ['a prefix', { namePrefix: '/orders/' }],
])('takes %s', (_name, inputs) => {
  expect(new FakeWorld(monitoringTypes).create(tokens.logGroup, inputs)).toMatchObject({ kind: 'done' });
});

test.each<[string, Properties, string]>([
  ['a retention that is not on the list', { name, retentionInDays: 10 }, 'InvalidParameterException'],
  ['a name with a space', { name: 'a b' }, 'InvalidParameterException'],
  ['a name that starts with aws/', { name: 'aws/orders' }, 'InvalidParameterException'],
  ['a name of 513 characters', { name: 'x'.repeat(513) }, 'InvalidParameterException'],
  ['a name and a prefix', { name, namePrefix: 'x' }, 'InvalidParameterException'],
  ['an unknown class', { name, logGroupClass: 'COLD' }, 'InvalidParameterException'],
  ['a key that is no ARN', { name, kmsKeyId: 'alias/data' }, 'InvalidParameterException'],
  ['a key that does not exist', { name, kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1' }, 'InvalidParameterException'],
  ['a taken name', { name: 'taken' }, 'ResourceAlreadyExistsException'],
])('refuses %s', (_name, inputs, error) => {
  const world = new FakeWorld(monitoringTypes);
  world.given(tokens.logGroup, { name: 'taken' });
  expect(world.create(tokens.logGroup, inputs)).toMatchObject({ kind: 'refused', name: error });
});

test('the ARN ends with the name, and the delivery class keeps two days whatever was asked for', () => {
  const world = new FakeWorld(monitoringTypes);
  expect(world.given(tokens.logGroup, { name, retentionInDays: 30, logGroupClass: 'DELIVERY' })).toMatchObject({
    id: name,
    outputs: { arn: `arn:aws:logs:eu-west-1:111122223333:log-group:${name}`, retentionInDays: 2 },
  });
});

describe('a customer key', () => {
  const statement = (more: Properties = {}) => ({
    Effect: 'Allow',
    Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
    Action: 'kms:*',
    Resource: '*',
    ...more,
  });
  const policy = (...statements: readonly unknown[]) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: place.account }, Action: 'kms:*', Resource: '*' }, ...statements],
    });
  const forGroup = (arn: string) => ({ Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': arn } } });

  test.each<[string, Properties, boolean]>([
    ['that lets the logs service use it', { policy: policy(statement()) }, true],
    ['that lets it for this group', { policy: policy(statement(forGroup(`arn:aws:logs:*:*:log-group:${name}`))) }, true],
    [
      'that lets it for another group',
      { policy: policy(statement(forGroup('arn:aws:logs:eu-west-1:111122223333:log-group:other'))) },
      false,
    ],
    ['that lets another region', { policy: policy(statement({ Principal: { Service: 'logs.us-east-1.amazonaws.com' } })) }, false],
    ['that lets nobody but the account', {}, false],
    ['that is disabled', { policy: policy(statement()), isEnabled: false }, false],
    ['that is asymmetric', { policy: policy(statement()), customerMasterKeySpec: 'RSA_2048' }, false],
  ])('%s: %#', (_name, key, taken) => {
    const world = new FakeWorld(monitoringTypes);
    const { arn } = world.given(tokens.key, key).outputs;
    const outcome = world.create(tokens.logGroup, { name, kmsKeyId: arn });
    expect(outcome).toMatchObject(
      taken
        ? { kind: 'done' }
        : {
            kind: 'refused',
            name: 'InvalidParameterException',
            message: expect.stringContaining('not allowed to be used with Arn') as string,
          },
    );
  });

  test('whose separate policy lets the logs service use it', () => {
    const world = new FakeWorld(monitoringTypes);
    const key = world.given(tokens.key, {});
    world.given(tokens.keyPolicy, { keyId: key.id, policy: policy(statement()) });
    expect(world.create(tokens.logGroup, { name, kmsKeyId: key.outputs.arn })).toMatchObject({ kind: 'done' });
  });
});

test('deletion protection must go before the group', () => {
  const world = new FakeWorld(monitoringTypes);
  const group = world.given(tokens.logGroup, { name, deletionProtectionEnabled: true });
  expect(world.delete(group)).toMatchObject({ kind: 'refused', name: 'ValidationException' });
  const open = world.update(group, { name, deletionProtectionEnabled: false });
  expect(open.kind === 'done' && world.delete(open.resource)).toMatchObject({ kind: 'done' });
});
