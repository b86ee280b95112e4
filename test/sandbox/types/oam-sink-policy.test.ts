import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld, otherAccount } from './fake-world';

const policy = (action: unknown, principal: object = { Principal: '*' }) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...principal, Action: action, Resource: '*' }] });

test('a policy carries the ARN of its sink', () => {
  const world = new FakeWorld(monitoringTypes);
  const sink = world.given(tokens.sink, { name: 'fleet' });
  expect(world.given(tokens.sinkPolicy, { sinkIdentifier: sink.id, policy: policy(['oam:CreateLink', 'oam:UpdateLink']) })).toMatchObject({
    id: sink.id,
    outputs: { arn: sink.id, sinkId: sink.outputs.sinkId },
  });
});

test.each([
  ['text that is no JSON', '{'],
  ['calls of another service', policy('cloudwatch:Link')],
  ['no principal', policy('oam:CreateLink', {})],
])('refuses %s', (_name, document) => {
  const world = new FakeWorld(monitoringTypes);
  const sink = world.given(tokens.sink, { name: 'fleet' });
  expect(world.create(tokens.sinkPolicy, { sinkIdentifier: sink.id, policy: document })).toMatchObject({
    kind: 'refused',
    name: 'InvalidParameterException',
  });
});

test('only the sink’s own account can set it', () => {
  const world = new FakeWorld(monitoringTypes);
  const sink = world.given(tokens.sink, { name: 'fleet' });
  const inputs = { sinkIdentifier: sink.id, policy: policy('oam:CreateLink') };
  expect(world.create(tokens.sinkPolicy, inputs, { place: otherAccount })).toMatchObject({
    kind: 'refused',
    name: 'ResourceNotFoundException',
  });
  expect(world.create(tokens.sinkPolicy, { ...inputs, sinkIdentifier: 'arn:aws:oam:eu-west-1:111122223333:sink/gone' })).toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
