import { Readable } from 'node:stream';

import { GetObjectCommand, GetObjectTaggingCommand, ListObjectsV2Command, PutObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { targetAt } from '../../../contracts/target';
import { awsDeadLetters } from '../../../fleet/dead-letters/aws-dead-letters';
import type { LetterEntry, LetterQuery } from '../../../fleet/dead-letters/dead-letters';

const target = targetAt({ layer: 'regional', account: accountIdSchema.parse('111111111111'), region: regionSchema.parse('eu-west-1') });
const place = { archiveBucket: 'the-archive', orderQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111111111111/orders-order-queue' };
const s3Client = new S3Client({ region: 'eu-west-1' });
const sqsClient = new SQSClient({ region: 'eu-west-1' });
const [s3, sqs] = [mockClient(s3Client), mockClient(sqsClient)];
const deadLetters = awsDeadLetters({
  role: 'fleet/operate',
  at: () => ({ s3: s3Client, sqs: sqsClient, destroy: () => undefined }),
  close: () => undefined,
});
const letters = deadLetters.at({ target, place });
const options = { signal: new AbortController().signal };
const KEY = 'dead-letters/transient/2026/03/04/m-1.json';
const named = (name: string, message = name) => Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

beforeEach(() => {
  s3.reset();
  s3.onAnyCommand().rejects(new Error('this command is not expected here'));
  sqs.reset();
  sqs.onAnyCommand().rejects(new Error('this command is not expected here'));
});

const object = (Key: string) => ({ Key, LastModified: new Date('2026-03-04T10:00:00.000Z') });
const keyOf = (day: string, id = 'm') => `dead-letters/transient/2026/03/${day}/${id}.json`;
const bodyOf = (text: string) => ({ Body: Object.assign(Readable.from([text]), { transformToString: async () => text }) as never });

async function listed(query: Partial<LetterQuery> = {}): Promise<readonly LetterEntry[]> {
  const entries: LetterEntry[] = [];
  for await (const page of letters.pages({ classes: ['transient'], since: null, until: null, ...query }, options)) entries.push(...page);
  return entries;
}

describe('an archive on S3', () => {
  test('is listed to its last page, also over an empty one; what is no letter is passed over', async () => {
    s3.on(ListObjectsV2Command)
      .resolvesOnce({ Contents: [object(keyOf('01'))], NextContinuationToken: 'one' })
      .resolvesOnce({ NextContinuationToken: 'two' })
      .resolvesOnce({ Contents: [object('dead-letters/transient/readme.txt'), object(keyOf('02'))] });

    expect(await listed()).toEqual([
      { key: keyOf('01'), class: 'transient', day: '2026-03-01', messageId: 'm', archivedAt: '2026-03-04T10:00:00.000Z' },
      { key: keyOf('02'), class: 'transient', day: '2026-03-02', messageId: 'm', archivedAt: '2026-03-04T10:00:00.000Z' },
    ]);
    expect(s3.commandCalls(ListObjectsV2Command).map(({ args: [{ input }] }) => [input.Prefix, input.ContinuationToken])).toEqual([
      ['dead-letters/transient/', undefined],
      ['dead-letters/transient/', 'one'],
      ['dead-letters/transient/', 'two'],
    ]);
  });

  test('is listed from the first day, and no further than the last', async () => {
    s3.on(ListObjectsV2Command)
      .resolvesOnce({ Contents: [object(keyOf('02')), object(keyOf('03')), object(keyOf('04'))], NextContinuationToken: 'one' })
      .rejects(new Error('it was past the last day'));

    expect((await listed({ since: '2026-03-02', until: '2026-03-03' })).map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-03']);
    expect(s3.commandCalls(ListObjectsV2Command)[0]?.args[0].input.StartAfter).toBe('dead-letters/transient/2026/03/02');
  });

  test('is listed on while the last day may go on', async () => {
    s3.on(ListObjectsV2Command)
      .resolvesOnce({ Contents: [object(keyOf('03', 'a'))], NextContinuationToken: 'one' })
      .resolvesOnce({ Contents: [object(keyOf('03', 'zz'))] });

    expect(await listed({ until: '2026-03-03' })).toHaveLength(2);
  });

  test('is listed class by class', async () => {
    s3.on(ListObjectsV2Command).resolves({});
    await listed({ classes: ['unknown', 'rejected'] });

    expect(s3.commandCalls(ListObjectsV2Command).map(({ args: [{ input }] }) => input.Prefix)).toEqual([
      'dead-letters/unknown/',
      'dead-letters/rejected/',
    ]);
  });

  test('whose pages would never end is refused', async () => {
    s3.on(ListObjectsV2Command).resolves({ NextContinuationToken: 'the same' });

    await expect(listed()).rejects.toThrow('page token');
  });
});

describe('a letter on S3', () => {
  test.each([
    [[], { kind: 'unmarked' }],
    [[{ Key: 'Team', Value: 'a' }], { kind: 'unmarked' }],
    [[{ Key: 'redriven', Value: '2026-03-05T00:00:00.000Z' }, { Key: 'redrives', Value: '2' }], { kind: 'redriven', at: '2026-03-05T00:00:00.000Z', redrives: 2 }], // prettier-ignore
    [[{ Key: 'redriven', Value: 'x' }], { kind: 'redriven', at: 'x', redrives: 1 }],
    [[{ Key: 'redrive-begun', Value: 'x' }, { Key: 'redrives', Value: '3' }], { kind: 'begun', at: 'x', redrives: 3 }], // prettier-ignore
    [[{ Key: 'redriven', Value: 'y' }, { Key: 'redrive-begun', Value: 'x' }], { kind: 'redriven', at: 'y', redrives: 1 }], // prettier-ignore
  ])('with tags %j is %j', async (TagSet, state) => {
    s3.on(GetObjectTaggingCommand, { Bucket: 'the-archive', Key: KEY }).resolves({ TagSet });

    expect(await letters.state(KEY, options)).toEqual(state);
  });

  test('keeps its other tags when it is marked', async () => {
    s3.on(GetObjectTaggingCommand).resolves({ TagSet: [{ Key: 'Team', Value: 'a' }, { Key: 'redrives', Value: '1' }] }); // prettier-ignore
    s3.on(PutObjectTaggingCommand).resolves({});
    await letters.mark(KEY, { kind: 'redriven', at: '2026-03-05T00:00:00.000Z', redrives: 2 }, options);

    expect(s3.commandCalls(PutObjectTaggingCommand)[0]?.args[0].input).toEqual({
      Bucket: 'the-archive',
      Key: KEY,
      Tagging: { TagSet: [{ Key: 'Team', Value: 'a' }, { Key: 'redrives', Value: '2' }, { Key: 'redriven', Value: '2026-03-05T00:00:00.000Z' }] }, // prettier-ignore
    });
  });

  test('is read as the dead-letter function writes it', async () => {
    const letter = { version: 1, messageId: 'm-1', class: 'transient', cause: 'c', payloads: ['p'], messageAttributes: {}, archivedAt: '2026-03-04T10:00:00.000Z' }; // prettier-ignore
    s3.on(GetObjectCommand, { Bucket: 'the-archive', Key: KEY }).resolves(bodyOf(JSON.stringify({ ...letter, body: 'p', more: 1 })));

    expect(await letters.read(KEY, options)).toMatchObject({ kind: 'letter', letter });
  });

  test.each(['', '{', '[]', '{"version":2}', 'null'])('that says %p cannot be read', async (text) => {
    s3.on(GetObjectCommand).resolves(bodyOf(text));

    expect(await letters.read(KEY, options)).toEqual({ kind: 'unreadable' });
  });

  test('that has expired since it was listed is gone, and not marked', async () => {
    s3.on(GetObjectCommand).rejects(named('NoSuchKey'));
    s3.on(GetObjectTaggingCommand).rejects(named('NoSuchKey'));

    expect([await letters.read(KEY, options), await letters.state(KEY, options)]).toEqual([{ kind: 'gone' }, { kind: 'gone' }]);
    await letters.mark(KEY, { kind: 'begun', at: 'x', redrives: 1 }, options);
    expect(s3.commandCalls(PutObjectTaggingCommand)).toEqual([]);
  });
});

describe('an order queue on SQS', () => {
  test('gets the order with how often it was sent again', async () => {
    sqs.on(SendMessageCommand).resolves({});
    await letters.send({ body: 'an order', redrives: 2 }, options);

    expect(sqs.commandCalls(SendMessageCommand)[0]?.args[0].input).toEqual({
      QueueUrl: place.orderQueueUrl,
      MessageBody: 'an order',
      MessageAttributes: { 'fleet-redrives': { DataType: 'Number', StringValue: '2' } },
    });
  });
});

test.each<[string, () => Promise<unknown>]>([
  ['s3:ListBucket', () => listed()],
  ['s3:GetObject', () => letters.read(KEY, options)],
  ['s3:GetObjectTagging', () => letters.state(KEY, options)],
  ['sqs:SendMessage', () => letters.send({ body: 'Mrs Canary', redrives: 1 }, options)],
])('what is refused of %s names operation, target and what to do, and no order', async (operation, call) => {
  s3.onAnyCommand().rejects(named('AccessDenied', 'you may not\nreally'));
  sqs.onAnyCommand().rejects(named('AccessDenied', 'you may not\nreally'));
  const refused = (await call().catch((error: unknown) => error)) as { readonly code: string; readonly message: string };

  expect(refused.code).toBe('aws/AccessDenied');
  expect(refused.message).toMatch(new RegExp(`^${operation} for ${target.id} failed: you may not; see that role fleet/operate`));
  expect(refused.message).not.toMatch(/Canary|\n/);
});

test('what is stopped says so, and not that AWS refused', async () => {
  const stop = new AbortController();
  stop.abort(new Error('interrupted'));

  await expect(letters.state(KEY, { signal: stop.signal })).rejects.toThrow('interrupted');
});
