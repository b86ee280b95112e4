import { emptyWorld, token, verdict } from './samples';

const statement = {
  Effect: 'Allow',
  Principal: { Service: 'sns.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: 'arn:aws:sqs:eu-west-1:111122223333:orders',
};
const text = (over: object = {}) => JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...over }] });

describe('the policy of a queue', () => {
  test.each([
    ['a service may send', text(), 'done'],
    ['nobody is named', text({ Principal: undefined }), 'InvalidAttributeValue'],
    ['an unknown condition operator', text({ Condition: { Same: { 'aws:SourceArn': 'x' } } }), 'InvalidAttributeValue'],
    ['no JSON', 'allow', 'InvalidAttributeValue'],
  ])('where %s', (_what, policy, expected) => {
    const world = emptyWorld();
    const queue = world.given(token.queue, { name: 'orders' });
    expect(verdict(world.create(token.queuePolicy, { queueUrl: queue.id, policy }))).toBe(expected);
  });

  test('needs its queue, and is put over an earlier one', () => {
    const world = emptyWorld();
    expect(
      verdict(world.create(token.queuePolicy, { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders', policy: text() })),
    ).toBe('QueueDoesNotExist');
    const queue = world.given(token.queue, { name: 'orders' });
    expect(verdict(world.create(token.queuePolicy, { queueUrl: queue.id, policy: text() }))).toBe('done');
    expect(verdict(world.create(token.queuePolicy, { queueUrl: queue.id, policy: text() }))).toBe('done');
  });
});
