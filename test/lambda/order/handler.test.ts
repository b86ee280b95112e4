import { Logger } from '@aws-lambda-powertools/logger';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { SQSRecord } from 'aws-lambda';

import { MAX_ORDER_BYTES, type OrderMessage } from '../../../contracts/order-message';
import { powertoolsLog } from '../../../lambda/common/log';
import { noTracing, type Tracing } from '../../../lambda/common/tracing';
import { orderContentHash } from '../../../lambda/order/content-hash';
import { createOrderHandler } from '../../../lambda/order/handler';
import { dynamoOrderStore } from '../../../lambda/order/order-store';
import { lambdaContext, recordingLog, testClock, testSchedule } from '../fixtures/invocation';
import { canaries, order, orderRecord } from '../fixtures/records';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1' }));
const dynamo = mockClient(client);

beforeEach(() => {
  dynamo.reset();
  dynamo.onAnyCommand().rejects(new Error('this command is not expected here'));
});
afterEach(() => jest.restoreAllMocks());

function setup(changes: Partial<Parameters<typeof createOrderHandler>[0]> = {}) {
  const clock = testClock();
  const timers = testSchedule();
  const { log, lines } = recordingLog();
  const metrics: string[] = [];
  const handler = createOrderHandler({
    store: dynamoOrderStore({ client, tableName: 'orders-order-table' }),
    clock,
    schedule: timers.schedule,
    metrics: (line) => metrics.push(line),
    tracing: noTracing,
    metricNamespace: 'fleet/orders',
    slowOrderMs: 1000,
    logFor: () => log,
    readableStack: (stack) => stack,
    ...changes,
  });
  /** Values of the metrics emitted, without what is the same everywhere. */
  const counts = () =>
    metrics.map((line) => {
      const values = Object.entries(JSON.parse(line) as Record<string, unknown>);
      return Object.fromEntries(values.filter(([key]) => !['_aws', 'FunctionName', 'version'].includes(key)));
    });
  return { handler, clock, timers, lines, metrics, counts };
}

const message = (messageId: string, changes: Partial<OrderMessage> = {}): SQSRecord =>
  orderRecord({ messageId, body: JSON.stringify(order(changes)) });
const failures = (...ids: readonly string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });
const healthy = { OrderFailed: 0, OrderSlow: 0 };
const failed = { OrderFailed: 1, OrderSlow: 0 };
const takenBy = (contentHash: string) =>
  new ConditionalCheckFailedException({
    message: 'The conditional request failed',
    $metadata: {},
    Item: { contentHash: { S: contentHash } },
  });
const throttled = () => Object.assign(new Error('rate exceeded'), { name: 'ThrottlingException' });

test('a valid order is stored, counted and logged', async () => {
  dynamo.on(PutCommand).resolves({});
  const { handler, counts, lines } = setup();

  await expect(handler({ Records: [orderRecord()] }, lambdaContext())).resolves.toEqual(failures());

  expect(dynamo.commandCalls(PutCommand)).toHaveLength(1);
  expect(dynamo.commandCalls(PutCommand)[0]?.args[0].input.Item).toMatchObject({
    orderId: 'order-0001',
    correlationId: 'corr-42',
    receivedAt: '2026-03-04T10:00:00.000Z',
  });
  expect(counts()).toEqual([healthy]);
  expect(lines).toEqual([
    {
      level: 'info',
      message: 'order stored',
      fields: {
        message_id: '059f36b4-87a3-44ab-83d2-661975830a7d',
        correlation_id: 'corr-42',
        order_id: 'order-0001',
        synthetic: false,
        receive_count: 1,
        duration_ms: 0,
      },
    },
  ]);
});

test('metrics carry the function and the version that ran', async () => {
  dynamo.on(PutCommand).resolves({});
  const { handler, metrics } = setup();

  await handler({ Records: [orderRecord()] }, lambdaContext({ functionVersion: '8' }));

  expect(JSON.parse(metrics[0] ?? '')).toMatchObject({
    _aws: { Timestamp: Date.UTC(2026, 2, 4, 10) },
    FunctionName: 'orders-order',
    version: '8',
  });
});

test('an order without a correlation id is known by its message id', async () => {
  dynamo.on(PutCommand).resolves({});
  const { handler, lines } = setup();
  const bare = { ...order(), correlationId: undefined };

  await handler({ Records: [orderRecord({ messageId: 'm-1', body: JSON.stringify(bare) })] }, lambdaContext());

  expect(lines[0]?.fields).toMatchObject({ correlation_id: 'm-1' });
  expect(dynamo.commandCalls(PutCommand)[0]?.args[0].input.Item).toMatchObject({ correlationId: 'm-1' });
});

test.each([
  'Mrs Canary, 12 Rue du Canari, 0711 555 1234',
  'canary@example.com',
  '4111111111111111',
  'Canary',
  'a1\n{"level":"ERROR"}',
  '../a1 b',
  '-a1',
])('free text in place of a correlation id, as %j, is in no log and no trace: the message id is', async (correlationId) => {
  dynamo.on(PutCommand).resolves({});
  const spans: unknown[] = [];
  const tracing: Tracing = { ...noTracing, span: (name, annotations, work) => (spans.push({ name, annotations }), work()) };
  const { handler, lines } = setup({ tracing });

  await expect(handler({ Records: [message('m-1', { correlationId })] }, lambdaContext())).resolves.toEqual(failures());
  const told = JSON.stringify([lines, spans]);
  expect(told).not.toContain(JSON.stringify(correlationId).slice(1, -1));
  expect(lines[0]?.fields).toMatchObject({ correlation_id: 'm-1' });
});

test.each(['corr-42', '7b6c0f0e-5d1c-4f4e-9a57-0a1b2c3d4e5f', 'Root=1-67891233-abcdef012345678912345678;Sampled=1', '01J8Z3N4M5'])(
  'a correlation id as ids are written, as %s, stays',
  async (correlationId) => {
    dynamo.on(PutCommand).resolves({});
    const { handler, lines } = setup();
    await handler({ Records: [message('m-1', { correlationId })] }, lambdaContext());

    expect(lines[0]?.fields).toMatchObject({ correlation_id: correlationId });
  },
);

test('a duplicate is a success', async () => {
  dynamo.on(PutCommand).rejects(takenBy(orderContentHash(order())));
  const { handler, counts } = setup();

  await expect(handler({ Records: [message('m-1', { correlationId: 'corr-43' })] }, lambdaContext())).resolves.toEqual(failures());

  expect(counts()).toEqual([healthy]);
});

test.each([
  { what: 'a changed duplicate', record: message('bad', { currency: 'USD' }), failure: 'rejected', code: 'changed-order' },
  { what: 'broken JSON', record: orderRecord({ messageId: 'bad', body: '{"schemaVersion":1,' }), failure: 'malformed', code: 'not-json' },
  {
    what: 'an unknown schema version',
    record: orderRecord({ messageId: 'bad', body: JSON.stringify({ ...order(), schemaVersion: 2 }) }),
    failure: 'malformed',
    code: 'unknown-schema-version',
  },
  {
    what: 'an over-size body',
    record: orderRecord({ messageId: 'bad', body: 'x'.repeat(MAX_ORDER_BYTES + 1) }),
    failure: 'malformed',
    code: 'body-too-large',
  },
])('$what fails alone: its neighbours are stored', async ({ record, failure, code }) => {
  dynamo.on(PutCommand).callsFake((input: { readonly Item: { readonly order: OrderMessage } }) => {
    if (input.Item.order.currency === 'USD') throw takenBy(orderContentHash(order()));
    return {};
  });
  const { handler, counts, lines } = setup();

  const response = await handler({ Records: [message('first'), record, message('last', { orderId: 'order-0003' })] }, lambdaContext());

  expect(response).toEqual(failures('bad'));
  expect(counts().sort((a, b) => Number(a.OrderFailed) - Number(b.OrderFailed))).toEqual([healthy, healthy, failed]);
  expect(lines.filter((line) => line.message === 'order failed')).toEqual([
    {
      level: 'warn',
      message: 'order failed',
      fields: expect.objectContaining({ message_id: 'bad', failure, failure_code: code }) as object,
    },
  ]);
});

test('throttling by the table gives the message back', async () => {
  dynamo.on(PutCommand).rejects(throttled());
  const { handler, counts, lines } = setup();

  await expect(handler({ Records: [message('m-1')] }, lambdaContext())).resolves.toEqual(failures('m-1'));

  expect(counts()).toEqual([failed]);
  expect(lines[0]).toMatchObject({ level: 'warn', fields: { failure: 'transient', failure_code: 'store-unavailable' } });
});

test('a batch that fails whole is reported, not thrown', async () => {
  dynamo.on(PutCommand).rejects(throttled());
  const { handler } = setup();

  await expect(handler({ Records: [message('m-1'), message('m-2')] }, lambdaContext())).resolves.toEqual(failures('m-1', 'm-2'));
});

test.each([
  { durationMs: 999, slow: 0 },
  { durationMs: 1000, slow: 1 },
])('an order that takes $durationMs ms counts $slow as slow', async ({ durationMs, slow }) => {
  const { handler, clock, counts } = setup();
  dynamo.on(PutCommand).callsFake(() => {
    clock.advance(durationMs);
    return {};
  });

  await handler({ Records: [orderRecord()] }, lambdaContext());

  expect(counts()).toEqual([{ OrderFailed: 0, OrderSlow: slow }]);
});

test('a synthetic order is stored and stays out of the business metrics', async () => {
  dynamo.on(PutCommand).resolves({});
  const { handler, counts } = setup();

  await expect(handler({ Records: [message('m-1', { synthetic: true })] }, lambdaContext())).resolves.toEqual(failures());

  expect(dynamo.commandCalls(PutCommand)[0]?.args[0].input.Item).toMatchObject({ synthetic: true });
  expect(counts()).toEqual([{ SyntheticOrders: 1 }]);
});

test('a synthetic order that fails counts nowhere', async () => {
  dynamo.on(PutCommand).rejects(throttled());
  const { handler, counts } = setup();

  await expect(handler({ Records: [message('m-1', { synthetic: true })] }, lambdaContext())).resolves.toEqual(failures('m-1'));

  expect(counts()).toEqual([]);
});

describe('near the end of its time', () => {
  test('the function gives back what is unfinished and keeps what is done', async () => {
    const { handler, timers } = setup();
    dynamo
      .on(PutCommand)
      .callsFake((input: { readonly Item: { readonly orderId: string } }) =>
        input.Item.orderId === 'order-hung' ? new Promise(() => undefined) : {},
      );

    const responding = handler({ Records: [message('done'), message('hung', { orderId: 'order-hung' })] }, lambdaContext());
    await new Promise(setImmediate);
    timers.fire();

    await expect(responding).resolves.toEqual(failures('hung'));
  });

  test('it starts no write', async () => {
    const { handler, lines } = setup();

    await expect(handler({ Records: [message('m-1')] }, lambdaContext({ getRemainingTimeInMillis: () => 100 }))).resolves.toEqual(
      failures('m-1'),
    );

    expect(dynamo.calls()).toHaveLength(0);
    expect(lines[0]).toMatchObject({ level: 'warn', fields: { failure: 'transient', failure_code: 'out-of-time' } });
  });
});

test('each order is a span of its own, with the ids and nothing else of it', async () => {
  dynamo.on(PutCommand).resolves({});
  const spans: unknown[] = [];
  const tracing: Tracing = {
    ...noTracing,
    span: (name, annotations, work) => {
      spans.push({ name, annotations });
      return work();
    },
  };
  const { handler } = setup({ tracing });

  await handler({ Records: [message('m-1'), orderRecord({ messageId: 'm-2', body: 'x' })] }, lambdaContext());

  expect(spans).toEqual([
    { name: 'order', annotations: { message_id: 'm-1', correlation_id: 'corr-42', order_id: 'order-0001' } },
    { name: 'order', annotations: { message_id: 'm-2', correlation_id: 'm-2' } },
  ]);
});

describe('personal data', () => {
  const quoting = (name: string) => Object.assign(new Error(`bad item ${canaries.join(' ')}`), { name, Item: order() });

  test.each([
    { what: 'a stored order', record: orderRecord(), answer: undefined },
    { what: 'a rejected order', record: orderRecord(), answer: takenBy('f00d') },
    { what: 'a throttled write', record: orderRecord(), answer: quoting('ThrottlingException') },
    { what: 'a refused write', record: orderRecord(), answer: quoting('ValidationException') },
    { what: 'a defect', record: orderRecord(), answer: quoting('TypeError') },
    { what: 'broken JSON', record: orderRecord({ body: orderRecord().body.slice(0, -1) }), answer: undefined },
    {
      what: 'an invalid order',
      record: orderRecord({ body: JSON.stringify({ ...order(), [canaries[0] ?? '']: canaries, orderId: canaries }) }),
      answer: undefined,
    },
  ])('stays out of the log, the trace and the metrics of $what', async ({ record, answer }) => {
    if (answer) dynamo.on(PutCommand).rejects(answer);
    else dynamo.on(PutCommand).resolves({});
    const written: string[] = [];
    const keep = (text: string | Uint8Array) => written.push(String(text)) > 0;
    jest.spyOn(process.stdout, 'write').mockImplementation(keep);
    jest.spyOn(process.stderr, 'write').mockImplementation(keep);
    const logger = new Logger({ serviceName: 'orders', logLevel: 'DEBUG' });
    const tracing: Tracing = {
      ...noTracing,
      span: async (name, annotations, work) => {
        written.push(JSON.stringify({ name, annotations }));
        return work().catch((error: Error) => {
          written.push(`${error.message} ${error.stack} ${JSON.stringify(error)}`);
          throw error;
        });
      },
    };
    const { handler } = setup({ tracing, metrics: keep, logFor: () => powertoolsLog(logger) });

    await handler({ Records: [record] }, lambdaContext());
    jest.restoreAllMocks();

    expect(written.join('')).toContain(record.messageId);
    for (const canary of canaries) expect(written.join('')).not.toContain(canary);
  });
});

test.each([
  ['AccessDeniedException', 'error'],
  ['ThrottlingException', 'warn'],
])('%s is logged as %s: only what nobody foresaw is an error', async (name, level) => {
  dynamo.on(PutCommand).rejects(Object.assign(new Error('refused'), { name }));
  const { handler, lines } = setup();

  await handler({ Records: [orderRecord()] }, lambdaContext());

  expect(lines.map((line) => [line.level, line.message])).toEqual([[level, 'order failed']]);
});
