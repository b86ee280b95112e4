import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld, otherRegion } from './fake-world';

function world() {
  const made = new FakeWorld(monitoringTypes);
  return { made, key: made.given(tokens.key, {}) };
}

test('an alias leads to its key, by id or by ARN', () => {
  const { made, key } = world();
  const expected = {
    id: 'alias/orders',
    outputs: { arn: 'arn:aws:kms:eu-west-1:111122223333:alias/orders', targetKeyId: key.id, targetKeyArn: key.outputs.arn },
  };
  const alias = made.given(tokens.keyAlias, { name: 'alias/orders', targetKeyId: key.id });
  expect(alias).toMatchObject(expected);
  expect(made.update(alias, { name: 'alias/orders', targetKeyId: key.outputs.arn })).toMatchObject({ resource: expected });
});

test.each([
  ['a name without alias/', 'orders', 'ValidationException'],
  ['a name with a dot', 'alias/orders.eu', 'ValidationException'],
  ['a name of 257 characters', `alias/${'x'.repeat(251)}`, 'ValidationException'],
  ['a name that AWS keeps for itself', 'alias/aws/orders', 'InvalidAliasNameException'],
  ['a taken name', 'alias/taken', 'AlreadyExistsException'],
])('refuses %s', (_name, name, error) => {
  const { made, key } = world();
  made.given(tokens.keyAlias, { name: 'alias/taken', targetKeyId: key.id });
  expect(made.create(tokens.keyAlias, { name, targetKeyId: key.id })).toMatchObject({ kind: 'refused', name: error });
});

test('refuses a key that is not there, of another region, or another alias', () => {
  const { made } = world();
  const far = made.given(tokens.key, {}, { place: otherRegion, instance: 'far' });
  const target = (targetKeyId: unknown) => made.create(tokens.keyAlias, { name: 'alias/orders', targetKeyId });
  expect(target('11111111-1111-4111-8111-111111111111')).toMatchObject({
    name: 'NotFoundException',
    message: "Key 'arn:aws:kms:eu-west-1:111122223333:key/11111111-1111-4111-8111-111111111111' does not exist",
  });
  expect(target(far.outputs.arn)).toMatchObject({ name: 'NotFoundException' });
  expect(target('alias/other')).toMatchObject({ name: 'ValidationException' });
});
