import { emptyWorld, messageOf, token, trustFor, verdict } from './samples';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:orders';
const ROLE = 'arn:aws:iam::111122223333:role/scheduler';

function readyWorld(trust = trustFor('scheduler.amazonaws.com')) {
  const world = emptyWorld();
  world.given(token.queue, { name: 'orders' });
  world.given(token.queue, { name: 'orders.fifo', fifoQueue: true });
  world.given(token.role, { name: 'scheduler', assumeRolePolicy: trust });
  return world;
}

const schedule = (over: object = {}) => ({
  name: 'heartbeat',
  flexibleTimeWindow: { mode: 'OFF' },
  scheduleExpression: 'rate(5 minutes)',
  target: { arn: QUEUE, roleArn: ROLE, input: '{}' },
  ...over,
});

describe('a schedule', () => {
  test('is known by group and name, with the defaults that AWS gives', () => {
    const { id, outputs } = readyWorld().given(token.schedule, schedule());
    expect(id).toBe('default/heartbeat');
    expect(outputs).toMatchObject({
      arn: 'arn:aws:scheduler:eu-west-1:111122223333:schedule/default/heartbeat',
      name: 'heartbeat',
      groupName: 'default',
      state: 'ENABLED',
      scheduleExpressionTimezone: 'UTC',
      target: { retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 } },
    });
  });

  const invalid = 'ValidationException';
  test.each([
    ['an unknown time zone', { scheduleExpressionTimezone: 'Mars/Olympus' }, invalid],
    ['a time zone', { scheduleExpressionTimezone: 'Europe/Paris' }, 'done'],
    ['a rate of nothing', { scheduleExpression: 'rate(0 minutes)' }, invalid],
    ['a window without its length', { flexibleTimeWindow: { mode: 'FLEXIBLE' } }, invalid],
    ['a window of a day', { flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 1440 } }, 'done'],
    ['a length without a window', { flexibleTimeWindow: { mode: 'OFF', maximumWindowInMinutes: 5 } }, invalid],
    ['an end before its start', { startDate: '2030-01-02T00:00:00Z', endDate: '2030-01-01T00:00:00Z' }, invalid],
    ['a group that does not exist', { groupName: 'other' }, 'ResourceNotFoundException'],
    ['a target that does not exist', { target: { arn: `${QUEUE}-none`, roleArn: ROLE } }, invalid],
    [
      'a dead-letter queue that does not exist',
      { target: { arn: QUEUE, roleArn: ROLE, deadLetterConfig: { arn: `${QUEUE}-none` } } },
      invalid,
    ],
    ['any API of AWS as target', { target: { arn: 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage', roleArn: ROLE } }, 'done'],
    ['a FIFO queue without a message group', { target: { arn: `${QUEUE}.fifo`, roleArn: ROLE } }, invalid],
    [
      'a FIFO queue with a message group',
      { target: { arn: `${QUEUE}.fifo`, roleArn: ROLE, sqsParameters: { messageGroupId: 'g' } } },
      'done',
    ],
    ['186 retries', { target: { arn: QUEUE, roleArn: ROLE, retryPolicy: { maximumRetryAttempts: 186 } } }, invalid],
    ['tags, which schedules do not take', { tags: { Team: 'x' } }, invalid],
  ])('with %s', (_what, over, expected) => {
    expect(verdict(readyWorld().create(token.schedule, schedule(over)))).toBe(expected);
  });

  const conditional = (arn: string) =>
    trustFor('scheduler.amazonaws.com').replace('"Action"', `"Condition":{"ArnLike":{"aws:SourceArn":"${arn}"}},"Action"`);
  test.each([
    ['another service', trustFor('events.amazonaws.com'), invalid],
    ['its group', conditional('arn:aws:scheduler:eu-west-1:111122223333:schedule-group/default'), 'done'],
    [
      'the schedule itself, which AWS does not ask for',
      conditional('arn:aws:scheduler:eu-west-1:111122223333:schedule/default/*'),
      invalid,
    ],
  ])('has a role that trusts %s', (_who, trust, expected) => {
    const outcome = readyWorld(trust).create(token.schedule, schedule());
    expect(verdict(outcome)).toBe(expected);
    if (expected !== 'done')
      expect(messageOf(outcome)).toBe('The execution role you provide must allow AWS EventBridge Scheduler to assume the role.');
  });

  test('exists once in its group', () => {
    const world = readyWorld();
    world.given(token.schedule, schedule());
    expect(verdict(world.create(token.schedule, schedule()))).toBe('ConflictException');
  });
});
