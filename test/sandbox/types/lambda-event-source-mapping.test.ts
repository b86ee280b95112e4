import { place } from './fake-world';
import { accepted, allowing, functionInputs, messageOf, token, verdict, worldWithRole } from './samples';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:orders';
const poller = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

function readyWorld(policy = allowing(poller, QUEUE)) {
  const world = worldWithRole(policy);
  world.given(token.queue, { name: 'orders', visibilityTimeoutSeconds: 180 });
  world.given(token.queue, { name: 'orders.fifo', fifoQueue: true });
  world.given(token.function, functionInputs({ timeout: 30, publish: true }));
  world.given(token.alias, { name: 'live', functionName: 'orders', functionVersion: '1' });
  return world;
}

const mapping = (over: object = {}) => ({
  eventSourceArn: QUEUE,
  functionName: 'arn:aws:lambda:eu-west-1:111122223333:function:orders:live',
  ...over,
});

describe('an event source mapping', () => {
  test('has a UUID, the ARN of what it invokes and the defaults', () => {
    const { id, outputs } = readyWorld().given(token.mapping, mapping());
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(outputs).toMatchObject({
      uuid: id,
      arn: `arn:aws:lambda:eu-west-1:111122223333:event-source-mapping:${id}`,
      functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:orders:live',
      batchSize: 10,
      enabled: true,
      state: 'Enabled',
    });
  });

  const invalid = 'InvalidParameterValueException';
  test.each([
    ['a batch of 11 without a window', { batchSize: 11 }, invalid],
    ['a batch of 10,000 with a window', { batchSize: 10_000, maximumBatchingWindowInSeconds: 1 }, 'done'],
    ['a batch of 10,001', { batchSize: 10_001, maximumBatchingWindowInSeconds: 1 }, invalid],
    ['a window of 301 seconds', { maximumBatchingWindowInSeconds: 301 }, invalid],
    ['a maximum concurrency of 1', { scalingConfig: { maximumConcurrency: 1 } }, invalid],
    ['a maximum concurrency of 2', { scalingConfig: { maximumConcurrency: 2 } }, 'done'],
    ['a maximum concurrency of 1,001', { scalingConfig: { maximumConcurrency: 1001 } }, invalid],
    ['reported batch item failures', { functionResponseTypes: ['ReportBatchItemFailures'] }, 'done'],
    ['an unknown response type', { functionResponseTypes: ['Everything'] }, invalid],
    ['a filter that is not JSON', { filterCriteria: { filters: [{ pattern: 'body' }] } }, invalid],
    ['a starting position, which queues do not have', { startingPosition: 'LATEST' }, invalid],
    ['a stream', { eventSourceArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/s' }, invalid],
    ['a batching window on a FIFO queue', { eventSourceArn: `${QUEUE}.fifo`, maximumBatchingWindowInSeconds: 1 }, invalid],
  ])('with %s', (_what, over, expected) => {
    expect(verdict(readyWorld().create(token.mapping, mapping(over)))).toBe(expected);
  });

  test.each([
    ['a queue that does not exist', { eventSourceArn: `${QUEUE}-none` }, 'AWS.SimpleQueueService.NonExistentQueue'],
    ['a function that does not exist', { functionName: 'none' }, 'Function does not exist'],
    ['an alias that does not exist', { functionName: 'orders:none' }, 'Function does not exist'],
  ])('with %s', (_what, over, message) => {
    expect(messageOf(readyWorld().create(token.mapping, mapping(over)))).toContain(message);
  });

  test.each(poller.map((action) => [action]))('is refused where the role lacks %s', (action) => {
    const rest = poller.filter((other) => other !== action);
    const call = action.slice('sqs:'.length);
    expect(messageOf(readyWorld(allowing(rest, QUEUE)).create(token.mapping, mapping()))).toBe(
      `The function execution role does not have permissions to call ${call} on SQS`,
    );
  });

  test('is refused where the role may read another queue only, or is denied', () => {
    expect(verdict(readyWorld(allowing(poller, `${QUEUE}-other`)).create(token.mapping, mapping()))).toBe(invalid);
    const world = readyWorld();
    const deny = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 'sqs:Delete*', Resource: '*' } });
    world.given(token.rolePolicy, { name: 'deny', role: 'worker', policy: deny });
    expect(messageOf(world.create(token.mapping, mapping()))).toContain('DeleteMessage');
  });

  test('takes permissions from attached policies too', () => {
    const world = readyWorld(allowing(['logs:PutLogEvents'], '*'));
    const policyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole';
    world.given(token.attachment, { role: 'worker', policyArn });
    expect(verdict(world.create(token.mapping, mapping()))).toBe('done');
  });

  test.each([
    [
      'that leaves out a call',
      ['sqs:ReceiveMessage', 'sqs:GetQueueAttributes'],
      'The function execution role does not have permissions to call DeleteMessage on SQS',
    ],
    ['that covers every call', ['sqs:*'], ''],
  ])('is held back by a permissions boundary %s', (_what, boundary, message) => {
    const world = readyWorld();
    const permissionsBoundary = world.given(token.policy, { name: 'boundary', policy: allowing(boundary, '*') }).id;
    const worker = world.find(token.role, 'worker', place);
    if (!worker) throw new Error('the role is missing');
    accepted(world.update(worker, { ...worker.inputs, permissionsBoundary }));
    expect(messageOf(world.create(token.mapping, mapping()))).toBe(message);
  });

  test('needs a visibility of at least the timeout', () => {
    const world = readyWorld();
    world.given(token.function, functionInputs({ name: 'slow', timeout: 181 }));
    expect(messageOf(world.create(token.mapping, mapping({ functionName: 'slow' })))).toBe(
      'Queue visibility timeout: 180 seconds is less than Function timeout: 181 seconds',
    );
  });

  test('exists once for a queue and a function', () => {
    const world = readyWorld();
    const first = world.given(token.mapping, mapping(), { instance: 'one' });
    const second = world.create(token.mapping, mapping(), { instance: 'two' });
    expect(verdict(second)).toBe('ResourceConflictException');
    expect(messageOf(second)).toContain(`Please update or delete the existing mapping with UUID ${first.id}`);
    expect(verdict(world.create(token.mapping, mapping({ functionName: 'orders' }), { instance: 'three' }))).toBe('done');
  });
});
