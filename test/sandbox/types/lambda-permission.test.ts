import { functionInputs, token, verdict, worldWithRole } from './samples';

const permission = (over: object = {}) => ({
  statementId: 'sns',
  action: 'lambda:InvokeFunction',
  function: 'orders',
  principal: 'sns.amazonaws.com',
  ...over,
});

describe('a statement of a function policy', () => {
  test.each([
    ['a service', {}, 'done'],
    ['an account', { principal: '444455556666' }, 'done'],
    ['a role', { principal: 'arn:aws:iam::444455556666:role/caller' }, 'done'],
    ['a word', { principal: 'everybody' }, 'InvalidParameterValueException'],
    ['an action of another service', { action: 'sqs:SendMessage' }, 'InvalidParameterValueException'],
    ['a statement id with a space', { statementId: 'my id' }, 'InvalidParameterValueException'],
    ['a URL authentication without its action', { functionUrlAuthType: 'NONE' }, 'InvalidParameterValueException'],
    ['an alias that does not exist', { qualifier: 'live' }, 'ResourceNotFoundException'],
    ['a function that does not exist', { function: 'none' }, 'ResourceNotFoundException'],
  ])('with %s', (_what, over, expected) => {
    const world = worldWithRole();
    world.given(token.function, functionInputs());
    expect(verdict(world.create(token.permission, permission(over)))).toBe(expected);
  });

  test('has its id once in a function', () => {
    const world = worldWithRole();
    world.given(token.function, functionInputs());
    expect(world.given(token.permission, permission()).id).toBe('sns');
    expect(verdict(world.create(token.permission, permission()))).toBe('ResourceConflictException');
  });
});
