import { emptyWorld, token, verdict } from './samples';

const arns = (count: number) => Array.from({ length: count }, (_, at) => `arn:aws:sqs:eu-west-1:111122223333:q${at}`);

describe('the redrive allow policy of a queue', () => {
  test.each([
    ['everybody', { redrivePermission: 'allowAll' }, 'done'],
    ['nobody', { redrivePermission: 'denyAll' }, 'done'],
    ['ten queues', { redrivePermission: 'byQueue', sourceQueueArns: arns(10) }, 'done'],
    ['eleven queues', { redrivePermission: 'byQueue', sourceQueueArns: arns(11) }, 'InvalidParameterValue'],
    ['no queue', { redrivePermission: 'byQueue', sourceQueueArns: [] }, 'InvalidParameterValue'],
    ['queues beside everybody', { redrivePermission: 'allowAll', sourceQueueArns: arns(1) }, 'InvalidParameterValue'],
    ['a topic', { redrivePermission: 'byQueue', sourceQueueArns: ['arn:aws:sns:eu-west-1:111122223333:t'] }, 'InvalidParameterValue'],
  ])('allows %s', (_who, policy, expected) => {
    const world = emptyWorld();
    const queue = world.given(token.queue, { name: 'dead' });
    expect(verdict(world.create(token.redriveAllowPolicy, { queueUrl: queue.id, redriveAllowPolicy: JSON.stringify(policy) }))).toBe(
      expected,
    );
  });

  test('needs its queue', () => {
    const inputs = {
      queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead',
      redriveAllowPolicy: '{"redrivePermission":"denyAll"}',
    };
    expect(verdict(emptyWorld().create(token.redriveAllowPolicy, inputs))).toBe('QueueDoesNotExist');
  });
});
