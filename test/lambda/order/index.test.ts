import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

import type * as entry from '../../../lambda/order';
import { lambdaContext } from '../fixtures/invocation';
import { orderRecord } from '../fixtures/records';

const saved = { ...process.env };
const environment = {
  AWS_REGION: 'eu-west-1',
  ORDERS_TABLE: 'orders-order-table',
  POWERTOOLS_SERVICE_NAME: 'orders',
  POWERTOOLS_METRICS_NAMESPACE: 'fleet/orders',
};

/** Loads the entry as a cold start does; the SDK keeps its identity so that it stays mocked. */
function coldStart(): typeof entry {
  let loaded: typeof entry | undefined;
  jest.isolateModules(() => {
    jest.doMock('@aws-sdk/lib-dynamodb', () => ({ DynamoDBDocumentClient, PutCommand }));
    loaded = jest.requireActual<typeof entry>('../../../lambda/order');
  });
  if (!loaded) throw new Error('the entry did not load');
  return loaded;
}

afterEach(() => {
  process.env = { ...saved };
  jest.restoreAllMocks();
});

test('the entry handles a batch: metrics and log go to standard output, one JSON value a line', async () => {
  process.env = { ...saved, ...environment };
  const dynamo = mockClient(DynamoDBDocumentClient);
  dynamo.onAnyCommand().rejects(new Error('this command is not expected here'));
  dynamo.on(PutCommand).resolves({});
  const written: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text: string | Uint8Array) => written.push(String(text)) > 0);

  const response = await coldStart().handler({ Records: [orderRecord()] }, lambdaContext());
  jest.restoreAllMocks();
  dynamo.restore();

  expect(response).toEqual({ batchItemFailures: [] });
  const lines = written
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toEqual([
    expect.objectContaining({ OrderFailed: 0, FunctionName: 'orders-order' }),
    expect.objectContaining({
      message: 'order stored',
      service: 'orders',
      order_id: 'order-0001',
      function_request_id: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
    }),
  ]);
});

test('a missing variable stops the function at its start, by name', () => {
  process.env = { ...saved, ...environment };
  delete process.env.ORDERS_TABLE;

  expect(coldStart).toThrow('ORDERS_TABLE is not set');
});
