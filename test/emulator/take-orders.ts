import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { GetFunctionCommand, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';

import type { ServiceClients } from './provider/service-clients';
import { zipFolder } from './provider/zip-folder';

/** Sends a message to the order queue. */
export async function sendOrder({ sqs }: ServiceClients, body: string): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders-order-queue' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
}

/** moto would take the messages and run nothing: it has no containers here. */
export async function stopMapping({ lambda }: ServiceClients): Promise<() => Promise<void>> {
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  const set = async (Enabled: boolean) => {
    for (const { UUID } of EventSourceMappings) await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  };
  await set(false);
  return () => set(true);
}

const RUN = `
  let input = ''; process.stdin.on('data', (chunk) => (input += chunk)).on('end', async () => {
    const { file, event, context } = JSON.parse(input);
    const answer = await require(file).handler(event, { ...context, getRemainingTimeInMillis: () => 30000 });
    process.stderr.write(JSON.stringify(answer));
  });`;

/**
 * What Lambda does with the order queue: takes a batch, runs the deployed code with the deployed environment in a process, and deletes what it did
 * not report. Gives the ids of messages that failed.
 */
export async function takeOrders(
  clients: ServiceClients,
  place: { readonly release: string; readonly region: string; readonly endpoint: string },
): Promise<readonly string[]> {
  const { lambda, sqs } = clients;
  const { Configuration: deployed } = await lambda.send(new GetFunctionCommand({ FunctionName: 'orders-order', Qualifier: 'live' }));
  const folder = join(place.release, 'lambda', 'order');
  const sha256 = createHash('sha256').update(zipFolder(folder)).digest('base64');
  if (deployed?.CodeSha256 !== sha256) throw new Error(`what is deployed is not ${folder}`);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders-order-queue' }));
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] }),
  );
  const Records = Messages.map(({ MessageId, ReceiptHandle, Body, MD5OfBody, Attributes }) => ({
    ...{ messageId: MessageId, receiptHandle: ReceiptHandle, body: Body, md5OfBody: MD5OfBody, attributes: Attributes },
    ...{ messageAttributes: {}, eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:x:y:orders-order-queue', awsRegion: place.region },
  }));
  const { accessKeyId, secretAccessKey, sessionToken } = await lambda.config.credentials();
  const child = promisify(execFile)(process.execPath, ['-e', RUN], {
    env: {
      ...deployed.Environment?.Variables,
      ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken },
      ...{ AWS_REGION: place.region, AWS_ENDPOINT_URL: place.endpoint, AWS_LAMBDA_FUNCTION_VERSION: deployed.Version },
      ...{ POWERTOOLS_TRACE_ENABLED: 'false', AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR', NODE_NO_WARNINGS: '1' },
    },
  });
  const context = { awsRequestId: 'request-1', functionName: 'orders-order', functionVersion: deployed.Version };
  child.child.stdin?.end(JSON.stringify({ file: join(folder, 'index.js'), event: { Records }, context }));
  const { stderr } = await child;
  const { batchItemFailures } = JSON.parse(stderr) as { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };
  const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  for (const { MessageId = '', ReceiptHandle } of Messages)
    if (!failed.includes(MessageId)) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return failed;
}
