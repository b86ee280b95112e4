import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

import { archiveKeyOf } from '../../contracts/dead-letter';
import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { regionalNames } from '../../contracts/names';
import { deadLetterClasses } from '../../contracts/order-message';
import { targetAt } from '../../contracts/target';
import type { AccountClients } from '../../fleet/aws/account-clients';
import { awsLetterClients, type LetterClients } from '../../fleet/dead-letters/aws-letter-clients';
import type { DeadLetters, LetterQuery, LetterSource } from '../../fleet/dead-letters/dead-letters';
import { openAwsDeadLetters } from '../../fleet/dead-letters/open-aws-dead-letters';
import { Pace } from '../../fleet/dead-letters/pace';
import { redriveLetters } from '../../fleet/dead-letters/redrive-letters';
import { countLetters, surveyRedrive } from '../../fleet/dead-letters/survey-letters';
import { mapBounded } from '../../fleet/discovery/bounded';
import { systemClock } from '../../fleet/system-clock';
import { noTracing } from '../../lambda/common/tracing';
import { s3DeadLetterArchive } from '../../lambda/dead-letter/dead-letter-archive';
import { createDeadLetterHandler } from '../../lambda/dead-letter/handler';
import { describeWithMoto } from '../helpers/engine-tier';
import { lambdaContext, recordingLog, testSchedule } from '../lambda/fixtures/invocation';
import { deadLetterRecord, order } from '../lambda/fixtures/records';

import { motoServer } from './moto-server';

/** Real S3 and SQS calls, in separate accounts by assumed roles; the dead-letter function's own code writes the archive. */
const endpoint = motoServer();
const HOME = 'eu-west-1';
const home = regionSchema.parse(HOME);
const everything: LetterQuery = { classes: deadLetterClasses, since: null, until: null };
const { signal } = new AbortController();

let accounts = 300000000000;
let clients: AccountClients<LetterClients>;
let deadLetters: DeadLetters;

beforeEach(() => {
  const options = { homeRegion: home, deployRole: 'fleet/deploy', clock: systemClock, endpoint: endpoint(), credentials: { accessKeyId: 'AKIABASE', secretAccessKey: 'secret' }, maxAttempts: 1 }; // prettier-ignore
  clients = awsLetterClients(options);
  deadLetters = openAwsDeadLetters(options);
});
afterEach(async () => {
  clients.close();
  await deadLetters.close();
});

/** Archive and order queue of a target in an account of its own. */
async function newTarget(): Promise<{ readonly source: LetterSource } & Pick<LetterClients, 's3' | 'sqs'>> {
  const target = targetAt({ layer: 'regional', account: accountIdSchema.parse(String(++accounts)), region: home });
  const { s3, sqs } = clients.at(target);
  const { archiveBucket, orderQueue } = regionalNames('orders', target);
  await s3.send(new CreateBucketCommand({ Bucket: archiveBucket, CreateBucketConfiguration: { LocationConstraint: HOME } }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: orderQueue }));
  return { source: { target, place: { archiveBucket, orderQueueUrl: QueueUrl } }, s3, sqs };
}

type Made = Awaited<ReturnType<typeof newTarget>>;

/** What the dead-letter function does with these. */
async function archive({ source, s3 }: Made, records: readonly SQSRecord[]): Promise<void> {
  const handler = createDeadLetterHandler({
    archive: s3DeadLetterArchive({ client: s3, bucket: source.place.archiveBucket }),
    clock: { epochMs: () => Date.now(), monotonicMs: () => performance.now() },
    schedule: testSchedule().schedule,
    metrics: () => undefined,
    tracing: noTracing,
    metricNamespace: 'fleet/orders',
    logFor: () => recordingLog().log,
    readableStack: (stack) => stack,
  });
  expect(await handler({ Records: [...records] }, lambdaContext())).toEqual({ batchItemFailures: [] });
}

/** Everything on the order queue, as its event source would deliver it after every attempt failed. */
async function takeOrders({ source, sqs }: Made): Promise<readonly SQSRecord[]> {
  const QueueUrl = source.place.orderQueueUrl;
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ MessageId = '', Body = '', MessageAttributes = {} }) =>
    deadLetterRecord({
      messageId: MessageId,
      body: Body,
      messageAttributes: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, { DataType = 'String', StringValue }]) => [
          name,
          { dataType: DataType, stringValue: StringValue },
        ]),
      ),
    }),
  );
}

async function redrive({ source }: Made, again = false) {
  const letters = deadLetters.at(source);
  const survey = await surveyRedrive(letters, { ...everything, classes: ['transient'] }, { signal, again });
  const options = { clock: systemClock, pace: new Pace(systemClock, 50), again, interrupt: signal, cancel: signal };
  return { survey, redriven: await redriveLetters(survey.letters, letters, options) };
}

describeWithMoto('dead letters on S3 and SQS', () => {
  test('are listed, sent again and marked as the dead-letter function archived them; malformed ones stay', async () => {
    const target = await newTarget();
    const bodies = [1, 2, 3].map((number) => JSON.stringify(order({ orderId: `order-000${number}` })));
    await archive(target, [...bodies, 'no order'].map((body, index) => deadLetterRecord({ messageId: `m-${index}`, body }))); // prettier-ignore
    const before = await countLetters(deadLetters.at(target.source), everything, { signal });
    const { redriven } = await redrive(target);
    const orders = await takeOrders(target);

    expect(before.map(({ class: letterClass, letters, redriven: sent }) => [letterClass, letters, sent])).toEqual([
      ['malformed', 1, 0],
      ['transient', 3, 0],
    ]);
    expect(redriven).toMatchObject({ letters: 3, messages: 3, left: 0, end: { kind: 'done' } });
    expect(orders.map(({ body }) => body).sort()).toEqual(bodies);
    expect(orders.map(({ messageAttributes }) => messageAttributes['fleet-redrives']?.stringValue)).toEqual(['1', '1', '1']);
    const after = await countLetters(deadLetters.at(target.source), everything, { signal });
    expect(after.map(({ letters, redriven: sent }) => [letters, sent])).toEqual([[1, 0], [3, 3]]); // prettier-ignore
  });

  test('that come back carry how often they were sent: an order goes round three times, and never a fourth', async () => {
    const target = await newTarget();
    await archive(target, [deadLetterRecord()]);
    const sent: (string | undefined)[] = [];
    for (let round = 0; round < 5; round += 1) {
      await redrive(target, round > 0);
      const orders = await takeOrders(target);
      sent.push(...orders.map(({ messageAttributes }) => messageAttributes['fleet-redrives']?.stringValue));
      if (orders.length > 0) await archive(target, orders);
    }

    expect(sent).toEqual(['1', '2', '3']);
    expect((await redrive(target, true)).survey.refused).toMatchObject({ marked: 3, spent: 1 });
  });

  test('of one account are not those of another', async () => {
    const [one, other] = [await newTarget(), await newTarget()];
    await archive(one, [deadLetterRecord()]);
    await redrive(one);

    expect(await countLetters(deadLetters.at(other.source), everything, { signal })).toEqual([]);
    expect(await takeOrders(other)).toEqual([]);
    expect(await takeOrders(one)).toHaveLength(1);
  });

  test('are listed over more pages than one, from a first day to a last', async () => {
    const target = await newTarget();
    const Bucket = target.source.place.archiveBucket;
    const keys = Array.from({ length: 1005 }, (_, index) =>
      archiveKeyOf({ class: 'transient', day: `2026-03-0${1 + (index % 3)}`, messageId: `m-${index}` }),
    );
    await mapBounded(keys, 16, (Key) => target.s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' })));
    const counted = async (query: Partial<LetterQuery>) =>
      (await countLetters(deadLetters.at(target.source), { ...everything, ...query }, { signal }))[0]?.letters;

    expect(await counted({})).toBe(1005);
    expect(await counted({ since: '2026-03-02' })).toBe(670);
    expect(await counted({ since: '2026-03-02', until: '2026-03-02' })).toBe(335);
  }, 120_000);

  test('in a bucket that is not there are refused by name', async () => {
    const { source } = await newTarget();
    const gone = { ...source, place: { ...source.place, archiveBucket: 'no-such-archive' } };

    await expect(countLetters(deadLetters.at(gone), everything, { signal })).rejects.toMatchObject({
      code: 'aws/NoSuchBucket',
      message: expect.stringMatching(/^s3:ListBucket for regional\/\d+\/eu-west-1 failed: /) as string,
    });
  });
});
