import { Logger } from '@aws-lambda-powertools/logger';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

import { powertoolsLog } from '../../../lambda/common/log';
import { noTracing } from '../../../lambda/common/tracing';
import { s3DeadLetterArchive, type DeadLetterArchive } from '../../../lambda/dead-letter/dead-letter-archive';
import { createDeadLetterHandler } from '../../../lambda/dead-letter/handler';
import { lambdaContext, recordingLog, testClock, testSchedule } from '../fixtures/invocation';
import { canaries, deadLetterRecord, failureBody } from '../fixtures/records';

const client = new S3Client({ region: 'eu-west-1' });
const s3 = mockClient(client);
const context = lambdaContext({ functionName: 'orders-dead-letter' });

beforeEach(() => {
  s3.reset();
  s3.onAnyCommand().rejects(new Error('this command is not expected here'));
});
afterEach(() => jest.restoreAllMocks());

function setup(changes: Partial<Parameters<typeof createDeadLetterHandler>[0]> = {}) {
  const timers = testSchedule();
  const { log, lines } = recordingLog();
  const metrics: string[] = [];
  const handler = createDeadLetterHandler({
    archive: s3DeadLetterArchive({ client, bucket: 'orders-archive-123456789012-eu-west-1-an' }),
    clock: testClock(),
    schedule: timers.schedule,
    metrics: (line) => metrics.push(line),
    tracing: noTracing,
    metricNamespace: 'fleet/orders',
    logFor: () => log,
    readableStack: (stack) => stack,
    ...changes,
  });
  return { handler, timers, lines, metrics };
}

const failures = (...ids: readonly string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

test('a dead letter is archived whole, then counted', async () => {
  s3.on(PutObjectCommand).resolves({});
  const { handler, metrics } = setup();
  const record = deadLetterRecord();

  await expect(handler({ Records: [record] }, context)).resolves.toEqual(failures());

  const { Body, ...put } = s3.commandCalls(PutObjectCommand)[0]?.args[0].input ?? {};
  expect(put).toEqual({
    Bucket: 'orders-archive-123456789012-eu-west-1-an',
    Key: 'dead-letters/transient/2026/03/04/7c2d8a4e-1f60-4b8e-9d7a-2b7a52a3c111.json',
    ContentType: 'application/json',
  });
  expect(JSON.parse(Body as string)).toEqual({
    version: 1,
    messageId: record.messageId,
    class: 'transient',
    cause: 'a readable order that was received 6 times: retries ran out',
    body: record.body,
    payloads: [record.body],
    attributes: record.attributes,
    messageAttributes: record.messageAttributes,
    archivedAt: '2026-03-04T10:00:00.000Z',
  });
  expect(metrics.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      _aws: {
        Timestamp: Date.UTC(2026, 2, 4, 10),
        CloudWatchMetrics: [
          { Namespace: 'fleet/orders', Dimensions: [['FunctionName']], Metrics: [{ Name: 'DeadLetters', Unit: 'Count' }] },
        ],
      },
      FunctionName: 'orders-dead-letter',
      DeadLetters: 1,
    },
  ]);
});

test('a message delivered twice is archived under one key', async () => {
  s3.on(PutObjectCommand).resolves({});
  const { handler } = setup();

  await handler({ Records: [deadLetterRecord()] }, context);
  await handler({ Records: [deadLetterRecord({ attributes: { ApproximateReceiveCount: '7' } })] }, context);

  const keys = s3.commandCalls(PutObjectCommand).map((call) => call.args[0].input.Key);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

test('what cannot be archived stays in the queue and is not counted; the others are archived', async () => {
  s3.on(PutObjectCommand).callsFake((input: { readonly Key: string }) => {
    if (input.Key.includes('second')) throw Object.assign(new Error('slow down'), { name: 'SlowDown' });
    return {};
  });
  const { handler, metrics, lines } = setup();

  const response = await handler({ Records: ['first', 'second', 'third'].map((messageId) => deadLetterRecord({ messageId })) }, context);

  expect(response).toEqual(failures('second'));
  expect(metrics).toHaveLength(2);
  expect(lines.filter((line) => line.level === 'error')).toEqual([
    {
      level: 'error',
      message: 'dead letter not archived',
      fields: expect.objectContaining({
        message_id: 'second',
        failure: 'transient',
        failure_code: 'archive-failed',
        failure_message: expect.stringContaining('SlowDown') as string,
      }) as object,
    },
  ]);
});

test('a defect while archiving is logged with its place and given back', async () => {
  const broken: DeadLetterArchive = {
    put: async () => {
      throw new TypeError(canaries.join());
    },
  };
  const { handler, lines } = setup({ archive: broken, readableStack: () => 'a readable stack' });

  await expect(handler({ Records: [deadLetterRecord({ messageId: 'm-1' })] }, context)).resolves.toEqual(failures('m-1'));

  expect(lines).toHaveLength(1);
  expect(lines[0]?.fields).toMatchObject({ failure: 'unknown', failure_code: 'unexpected', stack: 'a readable stack' });
});

test('an archive that hangs is given up before the function is cut off', async () => {
  s3.on(PutObjectCommand).callsFake(() => new Promise(() => undefined));
  const { handler, timers, metrics } = setup();

  const responding = handler({ Records: [deadLetterRecord({ messageId: 'm-1' })] }, context);
  await new Promise(setImmediate);
  timers.fire();

  await expect(responding).resolves.toEqual(failures('m-1'));
  expect(metrics).toEqual([]);
});

test.each([
  { what: 'an order', record: deadLetterRecord() },
  { what: 'broken JSON', record: deadLetterRecord({ body: `{"customerId":"${canaries[0]}` }) },
  { what: 'a failure record', record: deadLetterRecord({ body: failureBody(), attributes: { DeadLetterQueueSourceArn: undefined } }) },
  {
    what: 'a failure record whose error quotes the order',
    record: deadLetterRecord({
      body: failureBody({ responsePayload: { errorType: 'TypeError', errorMessage: canaries.join() } }),
      attributes: { DeadLetterQueueSourceArn: undefined },
    }),
  },
])('the personal data of $what reaches the archive only', async ({ record }) => {
  const written: string[] = [];
  const keep = (text: string | Uint8Array) => written.push(String(text)) > 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(keep);
  jest.spyOn(process.stderr, 'write').mockImplementation(keep);
  const logger = new Logger({ serviceName: 'orders', logLevel: 'DEBUG' });
  const { handler } = setup({ metrics: keep, logFor: () => powertoolsLog(logger) });

  s3.on(PutObjectCommand).resolves({});
  await handler({ Records: [record] }, context);
  s3.on(PutObjectCommand).rejects(new Error(canaries.join()));
  await handler({ Records: [record] }, context);
  jest.restoreAllMocks();

  expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input.Body).toContain(canaries[0]);
  expect(written.join('')).toContain(record.messageId);
  for (const canary of canaries) expect(written.join('')).not.toContain(canary);
});
