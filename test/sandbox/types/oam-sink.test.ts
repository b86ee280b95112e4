import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld, otherAccount, otherRegion } from './fake-world';

test('a sink has an ARN that ends with a UUID', () => {
  const { id, outputs } = new FakeWorld(monitoringTypes).given(tokens.sink, { name: 'orders-sink' });
  expect(id).toMatch(/^arn:aws:oam:eu-west-1:111122223333:sink\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(outputs).toMatchObject({ arn: id, sinkId: id.split('/')[1], name: 'orders-sink' });
});

test('an account has one sink a region', () => {
  const world = new FakeWorld(monitoringTypes);
  world.given(tokens.sink, { name: 'one' });
  expect(world.create(tokens.sink, { name: 'two' })).toMatchObject({ kind: 'refused', name: 'ServiceQuotaExceededException' });
  expect(world.create(tokens.sink, { name: 'one' })).toMatchObject({ kind: 'refused', name: 'ConflictException' });
  expect(world.create(tokens.sink, { name: 'two' }, { place: otherRegion })).toMatchObject({ kind: 'done' });
  expect(world.create(tokens.sink, { name: 'two' }, { place: otherAccount })).toMatchObject({ kind: 'done' });
});

test('a sink that is there can be updated', () => {
  const world = new FakeWorld(monitoringTypes);
  const sink = world.given(tokens.sink, { name: 'one' });
  expect(world.update(sink, { name: 'one', tags: { Team: 'x' } })).toMatchObject({ kind: 'done', resource: { id: sink.id } });
});

test.each(['a b', 'x'.repeat(256), ''])('refuses the name %j', (name) => {
  expect(new FakeWorld(monitoringTypes).create(tokens.sink, { name })).toMatchObject({
    kind: 'refused',
    name: 'InvalidParameterException',
  });
});
