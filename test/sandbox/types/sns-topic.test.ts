import type { Properties } from '../../../sandbox/resource-type';
import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld, otherRegion } from './fake-world';

const name = 'orders-alerts';

test('a topic is known by its ARN and belongs to its account', () => {
  expect(new FakeWorld(monitoringTypes).given(tokens.topic, { name, tags: { Team: 'x' } })).toMatchObject({
    id: `arn:aws:sns:eu-west-1:111122223333:${name}`,
    outputs: {
      arn: `arn:aws:sns:eu-west-1:111122223333:${name}`,
      owner: '111122223333',
      fifoTopic: false,
      tagsAll: { Team: 'x' },
      policy: expect.stringContaining('AWS:SourceOwner') as string,
    },
  });
});

test.each<[string, Properties]>([
  ['a name of 256 characters', { name: 'x'.repeat(256) }],
  ['a FIFO topic', { name: 'orders.fifo', fifoTopic: true, contentBasedDeduplication: true, fifoThroughputScope: 'MessageGroup' }],
  ['a FIFO topic without a name', { fifoTopic: true }],
  ["AWS's own key", { name, kmsMasterKeyId: 'alias/aws/sns' }],
  ['active tracing', { name, tracingConfig: 'Active', signatureVersion: 2 }],
])('takes %s', (_name, inputs) => {
  expect(new FakeWorld(monitoringTypes).create(tokens.topic, inputs)).toMatchObject({ kind: 'done' });
});

test.each<[string, Properties]>([
  ['a name with a dot', { name: 'orders.alerts' }],
  ['a name of 257 characters', { name: 'x'.repeat(257) }],
  ['a FIFO topic without the suffix', { name, fifoTopic: true }],
  ['the suffix without FIFO', { name: 'orders.fifo' }],
  ['deduplication without FIFO', { name, contentBasedDeduplication: true }],
  ['a throughput scope without FIFO', { name, fifoThroughputScope: 'Topic' }],
  ['a key that does not exist', { name, kmsMasterKeyId: 'alias/orders-alerts' }],
  ['a policy that is no JSON', { name, policy: '{' }],
  ['a delivery policy that is no JSON', { name, deliveryPolicy: 'retry' }],
  ['a display name of 101 characters', { name, displayName: 'x'.repeat(101) }],
  ['signature version 3', { name, signatureVersion: 3 }],
  ['51 tags', { name, tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, ''])) }],
])('refuses %s', (_name, inputs) => {
  expect(new FakeWorld(monitoringTypes).create(tokens.topic, inputs)).toMatchObject({ kind: 'refused', name: 'InvalidParameter' });
});

test('takes a customer key by id, ARN or alias, and none of another region', () => {
  const world = new FakeWorld(monitoringTypes);
  const key = world.given(tokens.key, {});
  const far = world.given(tokens.key, {}, { place: otherRegion, instance: 'far' });
  world.given(tokens.keyAlias, { name: 'alias/orders-alerts', targetKeyId: key.id });
  const outcomes = [key.id, key.outputs.arn, 'alias/orders-alerts', far.outputs.arn].map(
    (kmsMasterKeyId, index) => world.create(tokens.topic, { name: `t${index}`, kmsMasterKeyId }).kind,
  );
  expect(outcomes).toEqual(['done', 'done', 'done', 'refused']);
});

describe('a name that is taken', () => {
  test('is adopted where everything is the same', () => {
    const world = new FakeWorld(monitoringTypes);
    world.given(tokens.topic, { name, tags: { Team: 'x' } });
    expect(world.create(tokens.topic, { name, displayName: '', tags: { Team: 'x' } })).toMatchObject({ kind: 'done' });
  });

  test.each<[string, Properties, string]>([
    ['other attributes', { name, displayName: 'Alerts' }, 'different attributes'],
    ['other tags', { name, tags: { Team: 'y' } }, 'different tags'],
  ])('is refused with %s', (_name, inputs, message) => {
    const world = new FakeWorld(monitoringTypes);
    world.given(tokens.topic, { name });
    expect(world.create(tokens.topic, inputs)).toMatchObject({
      kind: 'refused',
      name: 'InvalidParameter',
      message: expect.stringContaining(message) as string,
    });
  });
});
