import { otherAccount, otherRegion, place } from './fake-world';
import { accepted, emptyWorld, messageOf, token, verdict } from './samples';

const arn = (name: string) => `arn:aws:sqs:eu-west-1:111122223333:${name}`;
const redrive = (target: string, count: unknown = 5) => JSON.stringify({ deadLetterTargetArn: target, maxReceiveCount: count });

describe('an SQS queue', () => {
  test('has the URL, ARN and defaults that AWS gives', () => {
    const queue = emptyWorld().given(token.queue, { name: 'orders', tags: { Team: 'commerce' } });
    expect(queue.id).toBe('https://sqs.eu-west-1.amazonaws.com/111122223333/orders');
    expect(queue.outputs).toMatchObject({
      arn: arn('orders'),
      url: queue.id,
      region: 'eu-west-1',
      visibilityTimeoutSeconds: 30,
      messageRetentionSeconds: 345_600,
      maxMessageSize: 262_144,
      sqsManagedSseEnabled: true,
      tagsAll: { Team: 'commerce' },
    });
  });

  test('is not encrypted by SQS where a key is named', () => {
    expect(emptyWorld().given(token.queue, { name: 'orders', kmsMasterKeyId: 'alias/orders' }).outputs.sqsManagedSseEnabled).toBe(false);
  });

  test.each([
    ['no name', {}, 'done'],
    ['a name of 80 characters', { name: 'q'.repeat(80) }, 'done'],
    ['a name of 81 characters', { name: 'q'.repeat(81) }, 'InvalidAttributeValue'],
    ['a name with a space', { name: 'my queue' }, 'InvalidAttributeValue'],
    ['.fifo without fifoQueue', { name: 'q.fifo' }, 'InvalidAttributeValue'],
    ['a FIFO queue', { name: 'q.fifo', fifoQueue: true, contentBasedDeduplication: true }, 'done'],
    [
      'FIFO throughput per group without its scope',
      { name: 'q.fifo', fifoQueue: true, fifoThroughputLimit: 'perMessageGroupId' },
      'InvalidAttributeValue',
    ],
    ['deduplication on a standard queue', { name: 'q', contentBasedDeduplication: true }, 'InvalidAttributeValue'],
    ['the longest visibility', { name: 'q', visibilityTimeoutSeconds: 43_200 }, 'done'],
    ['a longer visibility', { name: 'q', visibilityTimeoutSeconds: 43_201 }, 'InvalidAttributeValue'],
    ['half a second of visibility', { name: 'q', visibilityTimeoutSeconds: 0.5 }, 'InvalidAttributeValue'],
    ['retention of 59 seconds', { name: 'q', messageRetentionSeconds: 59 }, 'InvalidAttributeValue'],
    ['polling of 21 seconds', { name: 'q', receiveWaitTimeSeconds: 21 }, 'InvalidAttributeValue'],
    ['messages of 1 MiB', { name: 'q', maxMessageSize: 1_048_576 }, 'done'],
    ['messages of more than 1 MiB', { name: 'q', maxMessageSize: 1_048_577 }, 'InvalidAttributeValue'],
    ['two kinds of encryption', { name: 'q', kmsMasterKeyId: 'alias/x', sqsManagedSseEnabled: true }, 'InvalidAttributeValue'],
    ['name and prefix', { name: 'q', namePrefix: 'q' }, 'InvalidAttributeValue'],
    ['an input that the provider does not know', { name: 'q', colour: 'red' }, 'InvalidAttributeValue'],
    ['a tag key that AWS reserves', { name: 'q', tags: { 'aws:team': 'x' } }, 'InvalidAttributeValue'],
    ['a policy that is not JSON', { name: 'q', policy: '{' }, 'InvalidAttributeValue'],
    ['an allow policy of everybody', { name: 'q', redriveAllowPolicy: '{"redrivePermission":"allowAll"}' }, 'done'],
    ['an allow policy of an unknown kind', { name: 'q', redriveAllowPolicy: '{"redrivePermission":"some"}' }, 'InvalidParameterValue'],
  ])('with %s: %#', (_what, inputs, expected) => {
    expect(verdict(emptyWorld().create(token.queue, inputs))).toBe(expected);
  });

  test.each([
    ['a queue of its account and region', redrive(arn('dead')), ''],
    ['the count as text', redrive(arn('dead'), '5'), ''],
    ['a queue that does not exist', redrive(arn('gone')), 'Dead letter target does not exist.'],
    [
      'a queue of another account',
      redrive('arn:aws:sqs:eu-west-1:444455556666:dead'),
      'Dead-letter target owner should be same as the source.',
    ],
    ['a queue of another region', redrive('arn:aws:sqs:us-east-1:111122223333:dead'), 'same region as the source'],
    ['a FIFO queue', redrive(arn('dead.fifo')), 'same type of queue as the source'],
    ['no receives at all', redrive(arn('dead'), 0), 'maxReceiveCount'],
    ['too many receives', redrive(arn('dead'), 1001), 'maxReceiveCount'],
    ['no target', '{"maxReceiveCount":5}', 'mandatory attribute: deadLetterTargetArn'],
    ['no JSON', 'dead', 'valid JSON map'],
  ])('sends dead letters to %s or hears why not', (_what, redrivePolicy, reason) => {
    const world = emptyWorld();
    world.given(token.queue, { name: 'dead' });
    world.given(token.queue, { name: 'dead.fifo', fifoQueue: true });
    world.given(token.queue, { name: 'dead' }, { place: otherAccount });
    world.given(token.queue, { name: 'dead' }, { place: otherRegion });
    const outcome = world.create(token.queue, { name: 'orders', redrivePolicy });
    expect(verdict(outcome)).toBe(reason === '' ? 'done' : 'InvalidParameterValue');
    expect(messageOf(outcome)).toContain(reason);
  });

  test.each([
    ['names it', ['orders'], 'done'],
    ['names another', ['other'], 'InvalidParameterValue'],
  ])('is bound by the allow policy of its dead-letter queue, which %s', (_what, names, expected) => {
    const world = emptyWorld();
    const dead = world.given(token.queue, { name: 'dead' });
    const orders = world.given(token.queue, { name: 'orders' });
    const allow = JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: names.map(arn) });
    world.given(token.redriveAllowPolicy, { queueUrl: dead.id, redriveAllowPolicy: allow });
    expect(verdict(world.update(orders, { name: 'orders', redrivePolicy: redrive(arn('dead')) }))).toBe(expected);
  });

  test('keeps its name for 60 seconds after it was deleted', () => {
    const world = emptyWorld();
    accepted(world.delete(world.given(token.queue, { name: 'orders' })));
    world.elapse(59);
    expect(verdict(world.create(token.queue, { name: 'orders' }))).toBe('QueueDeletedRecently');
    expect(verdict(world.create(token.queue, { name: 'orders' }, { place: otherRegion }))).toBe('done');
    world.elapse(1);
    expect(verdict(world.create(token.queue, { name: 'orders' }))).toBe('done');
  });

  test('is adopted where it exists with the same attributes, and refused where one differs', () => {
    const world = emptyWorld();
    world.given(token.queue, { name: 'orders' });
    expect(verdict(world.create(token.queue, { name: 'orders', visibilityTimeoutSeconds: 30 }))).toBe('done');
    const outcome = world.create(token.queue, { name: 'orders', visibilityTimeoutSeconds: 60 });
    expect(verdict(outcome)).toBe('QueueNameExists');
    expect(messageOf(outcome)).toContain('VisibilityTimeout');
    expect(
      verdict(
        world.create(token.queue, { name: 'orders', visibilityTimeoutSeconds: 60 }, { place: { ...place, account: otherAccount.account } }),
      ),
    ).toBe('done');
  });
});
