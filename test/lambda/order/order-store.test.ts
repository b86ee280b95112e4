import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

import { orderContentHash } from '../../../lambda/order/content-hash';
import { dynamoOrderStore } from '../../../lambda/order/order-store';
import { order } from '../fixtures/records';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-west-1' }));
const dynamo = mockClient(client);
const store = dynamoOrderStore({ client, tableName: 'orders-order-table' });
const received = { order: order(), correlationId: 'corr-42', receivedAt: '2026-03-04T10:00:00.000Z' };
const put = () => store.put(received, new AbortController().signal);

const taken = (Item?: ConditionalCheckFailedException['Item']) =>
  new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {}, ...(Item ? { Item } : {}) });

beforeEach(() => {
  dynamo.reset();
  dynamo.onAnyCommand().rejects(new Error('this command is not expected here'));
});

test('a new order is written whole, on the condition that its id is free', async () => {
  dynamo.on(PutCommand).resolves({});

  await expect(put()).resolves.toBe('stored');

  expect(dynamo.calls().map((call) => call.args[0].input as unknown)).toEqual([
    {
      TableName: 'orders-order-table',
      Item: {
        orderId: 'order-0001',
        order: order(),
        totalMinor: 2 * 1250 + 499,
        contentHash: orderContentHash(order()),
        receivedAt: '2026-03-04T10:00:00.000Z',
        correlationId: 'corr-42',
        synthetic: false,
      },
      ConditionExpression: 'attribute_not_exists(orderId)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  ]);
});

test('a synthetic order expires a week after it came, so that heartbeats do not fill the table', async () => {
  dynamo.on(PutCommand).resolves({});

  await store.put({ ...received, order: order({ synthetic: true }) }, new AbortController().signal);

  const [call] = dynamo.calls();
  expect(call?.args[0].input).toMatchObject({ Item: { synthetic: true, expiresAt: Date.UTC(2026, 2, 11, 10) / 1000 } });
});

test('the same order again is a duplicate', async () => {
  dynamo.on(PutCommand).rejects(taken({ orderId: { S: 'order-0001' }, contentHash: { S: orderContentHash(order()) } }));

  await expect(put()).resolves.toBe('duplicate');
  expect(dynamo.calls()).toHaveLength(1);
});

test('another order under the same id is rejected, and nothing is overwritten', async () => {
  dynamo.on(PutCommand).rejects(taken({ orderId: { S: 'order-0001' }, contentHash: { S: 'f00d' } }));

  await expect(put()).rejects.toMatchObject({ kind: 'rejected', code: 'changed-order' });
  expect(dynamo.calls()).toHaveLength(1);
});

test.each([{ item: undefined }, { item: { orderId: { S: 'order-0001' } } }])(
  'a stored item that cannot be compared is neither: $item',
  async ({ item }) => {
    dynamo.on(PutCommand).rejects(taken(item));

    await expect(put()).rejects.toMatchObject({ kind: 'unknown', code: 'store-refused' });
  },
);

test('throttling is transient', async () => {
  dynamo.on(PutCommand).rejects(Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' }));

  await expect(put()).rejects.toMatchObject({ kind: 'transient', code: 'store-unavailable' });
});

test('the write gets the signal that ends it', async () => {
  dynamo.on(PutCommand).resolves({});
  const { signal } = new AbortController();

  await store.put(received, signal);

  expect([...dynamo.call(0).args]).toEqual([expect.any(PutCommand), { abortSignal: signal }]);
});
