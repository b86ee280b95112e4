import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld } from './fake-world';

const policy = (account: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' }] });

test('a policy is put on a key that exists, and only if the account can still manage the key', () => {
  const world = new FakeWorld(monitoringTypes);
  const key = world.given(tokens.key, {});
  expect(world.create(tokens.keyPolicy, { keyId: key.id, policy: policy('111122223333') })).toMatchObject({
    kind: 'done',
    resource: { id: key.id },
  });
  expect(world.create(tokens.keyPolicy, { keyId: key.id, policy: policy('444455556666') })).toMatchObject({
    kind: 'refused',
    name: 'MalformedPolicyDocumentException',
  });
  expect(world.create(tokens.keyPolicy, { keyId: 'gone', policy: policy('111122223333') })).toMatchObject({
    kind: 'refused',
    name: 'NotFoundException',
  });
});

test('an alias stands for no key here', () => {
  const world = new FakeWorld(monitoringTypes);
  world.given(tokens.keyAlias, { name: 'alias/orders', targetKeyId: world.given(tokens.key, {}).id });
  expect(world.create(tokens.keyPolicy, { keyId: 'alias/orders', policy: policy('111122223333') })).toMatchObject({
    kind: 'refused',
    name: 'NotFoundException',
  });
});
