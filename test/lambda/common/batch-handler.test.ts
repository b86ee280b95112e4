import type { SQSEvent } from 'aws-lambda';

import { createBatchHandler, type Invocation } from '../../../lambda/common/batch-handler';
import { RecordError } from '../../../lambda/common/record-error';
import { lambdaContext, recordingLog, testSchedule } from '../fixtures/invocation';
import { orderRecord } from '../fixtures/records';

const event = (...ids: readonly string[]): SQSEvent => ({ Records: ids.map((messageId) => orderRecord({ messageId })) });
const failing = (...ids: readonly string[]) =>
  jest.fn(async (record: { readonly messageId: string }) => {
    if (ids.includes(record.messageId)) throw new Error('refused');
  });

function handlerOf(processRecord: Parameters<typeof createBatchHandler>[1]) {
  const timers = testSchedule();
  const { log, lines } = recordingLog();
  const readableStack = (stack: string) => `readable ${stack}`;
  return {
    timers,
    log,
    lines,
    handler: createBatchHandler({ schedule: timers.schedule, logFor: () => log, readableStack }, processRecord),
  };
}

test.each([
  { records: ['a', 'b', 'c'], fail: [] },
  { records: ['a', 'b', 'c'], fail: ['b'] },
  { records: ['a', 'b', 'c'], fail: ['a', 'c'] },
  { records: ['a', 'b'], fail: ['a', 'b'] },
  { records: [], fail: [] },
])('of $records the failed $fail and no others are reported', async ({ records, fail }) => {
  const processRecord = failing(...fail);
  const { handler, timers } = handlerOf(processRecord);

  const response = await handler(event(...records), lambdaContext());

  expect(response).toEqual({ batchItemFailures: fail.map((itemIdentifier) => ({ itemIdentifier })) });
  expect(processRecord).toHaveBeenCalledTimes(records.length);
  expect(timers.pending()).toEqual([]);
});

test('one invocation does not remember the failures of the last', async () => {
  const { handler } = handlerOf(failing('a'));

  await handler(event('a'), lambdaContext());

  await expect(handler(event('b'), lambdaContext())).resolves.toEqual({ batchItemFailures: [] });
});

test('records know the function, its version and its log', async () => {
  const seen: Invocation[] = [];
  const { handler, log } = handlerOf(async (_record, invocation) => {
    seen.push(invocation);
  });

  await handler(event('a'), lambdaContext({ functionVersion: '8' }));

  expect(seen).toEqual([expect.objectContaining({ functionName: 'orders-order', functionVersion: '8', log })]);
});

test('a defect that nobody foresaw is logged with its place and without its message, which may quote an order', async () => {
  const { handler, lines } = handlerOf(async () => {
    throw new TypeError('cannot read customer-canary-7f3a');
  });

  await handler(event('a'), lambdaContext());

  expect(lines).toEqual([
    {
      level: 'error',
      message: 'record failed',
      fields: {
        message_id: 'a',
        failure: 'unknown',
        failure_code: 'unexpected',
        failure_message: 'unexpected TypeError: a defect, see the stack',
        stack: expect.stringMatching(/^readable UnknownRecordError: [^\n]+\n {4}at .*batch-handler\.test\.ts/) as string,
      },
    },
  ]);
  expect(JSON.stringify(lines)).not.toContain('customer-canary');
});

test('a RecordError is not logged again: whoever made it told it', async () => {
  const { handler, lines } = handlerOf(async () => {
    throw new RecordError('transient', 'store-unavailable', 'later');
  });

  await expect(handler(event('a'), lambdaContext())).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }] });

  expect(lines).toEqual([]);
});

test('an event that is no batch fails the invocation and leaves no timer', async () => {
  const { handler, timers } = handlerOf(failing());

  await expect(handler({} as SQSEvent, lambdaContext())).rejects.toThrow(/Unexpected batch type/);

  expect(timers.pending()).toEqual([]);
});
