import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

import type * as entry from '../../../lambda/dead-letter';
import { lambdaContext } from '../fixtures/invocation';
import { deadLetterRecord } from '../fixtures/records';

const saved = { ...process.env };
const environment = {
  AWS_REGION: 'eu-west-1',
  ARCHIVE_BUCKET: 'orders-archive-123456789012-eu-west-1-an',
  POWERTOOLS_SERVICE_NAME: 'orders',
  POWERTOOLS_METRICS_NAMESPACE: 'fleet/orders',
};

/** Loads the entry as a cold start does; the SDK keeps its identity so that it stays mocked. */
function coldStart(): typeof entry {
  let loaded: typeof entry | undefined;
  jest.isolateModules(() => {
    jest.doMock('@aws-sdk/client-s3', () => ({ S3Client, PutObjectCommand }));
    loaded = jest.requireActual<typeof entry>('../../../lambda/dead-letter');
  });
  if (!loaded) throw new Error('the entry did not load');
  return loaded;
}

afterEach(() => {
  process.env = { ...saved };
  jest.restoreAllMocks();
});

test('the entry archives a batch into the bucket of its environment', async () => {
  process.env = { ...saved, ...environment };
  const s3 = mockClient(S3Client);
  s3.onAnyCommand().rejects(new Error('this command is not expected here'));
  s3.on(PutObjectCommand).resolves({});
  const written: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text: string | Uint8Array) => written.push(String(text)) > 0);
  // Powertools writes warnings to standard error.
  jest.spyOn(process.stderr, 'write').mockImplementation((text: string | Uint8Array) => written.push(String(text)) > 0);

  const response = await coldStart().handler({ Records: [deadLetterRecord()] }, lambdaContext({ functionName: 'orders-dead-letter' }));
  jest.restoreAllMocks();

  expect(response).toEqual({ batchItemFailures: [] });
  expect(s3.commandCalls(PutObjectCommand).map((call) => call.args[0].input.Bucket)).toEqual(['orders-archive-123456789012-eu-west-1-an']);
  expect(written.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ DeadLetters: 1, FunctionName: 'orders-dead-letter' }),
    expect.objectContaining({ message: 'dead letter archived', dead_letter_class: 'transient' }),
  ]);
  s3.restore();
});

test('a missing variable stops the function at its start, by name', () => {
  process.env = { ...saved, ...environment };
  delete process.env.ARCHIVE_BUCKET;

  expect(coldStart).toThrow('ARCHIVE_BUCKET is not set');
});
