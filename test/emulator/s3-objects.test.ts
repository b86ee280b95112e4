import { CreateBucketCommand, DeleteBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';

import { regionSchema } from '../../contracts/ids';
import type { ObjectStore } from '../../fleet/ports';
import { createS3Client, type S3ClientOptions } from '../../fleet/state/s3-client';
import { S3Objects } from '../../fleet/state/s3-objects';
import { objectStoreContract } from '../fleet/state/object-store-contract';
import { describeWithMoto } from '../helpers/engine-tier';

import { motoServer } from './moto-server';
import { s3Behind } from './s3-door';

const moto = motoServer();
const { door, bucket, objects } = s3Behind(moto);

let prefixes = 0;
const newPrefix = () => `fleets/${(prefixes += 1)}`;

describeWithMoto('a bucket, as every store of objects,', () =>
  objectStoreContract(() => {
    const prefix = newPrefix();
    return [objects(prefix), objects(prefix)];
  }),
);

/** A client whose bucket is looked at past the store. */
const raw = () => createS3Client({ region: regionSchema.parse('eu-west-1'), credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, endpoint: moto() }); // prettier-ignore

const puts = () => door().requests.filter((request) => request.startsWith('PUT')).length;

// moto, unlike S3, may answer a read with a part of what is being written: once more, and said. A failure twice over is ours.
jest.retryTimes(1, { logErrorsBeforeRetry: true });

describeWithMoto('a bucket', () => {
  test('gives more keys than one answer holds, sorted, also those after one', async () => {
    const store = objects(newPrefix(), 'past');
    const keys = Array.from({ length: 1_050 }, (_, index) => `j/${String(index).padStart(8, '0')}.json`);
    for (let start = 0; start < keys.length; start += 50)
      await Promise.all(keys.slice(start, start + 50).map((key) => store.create(key, '')));

    expect(await store.list('j/')).toEqual(keys);
    expect(await store.list('j/', keys[19])).toEqual(keys.slice(20));
  }, 60_000);

  test('may hold other things beside and below the prefix', async () => {
    const prefix = newPrefix();
    const store = objects(prefix);
    const client = raw();
    for (const Key of [`${prefix}2/a`, `${prefix}/`, `${prefix}/a/`, `${prefix}/.hidden`, 'a'])
      await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    await store.create('a/b', '1');

    expect(await store.list('')).toEqual(['a/b']);
    expect(await store.read('a')).toBeUndefined();
  });

  test('may be used without a prefix', async () => {
    const store = objects('');
    await store.create('top/a', '1');
    const { Contents } = await raw().send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'top/' }));

    expect(Contents?.map(({ Key }) => Key)).toEqual(['top/a']);
    expect(await store.list('top/')).toEqual(['top/a']);
  });

  test('holds an object that this did not write: damaged, never absent', async () => {
    const prefix = newPrefix();
    await raw().send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/a`, Body: '{"epoch":1}\n' }));
    const store = objects(prefix);

    await expect(store.read('a')).rejects.toMatchObject({ code: 'user/state-damaged', message: expect.stringContaining('a is damaged') as string }); // prettier-ignore
    await expect(store.create('a', '')).rejects.toMatchObject({ code: 'user/state-damaged' });
  });
});

describeWithMoto('a write whose answer was lost', () => {
  test.each([1, 2])('%i times was made by its writer, and by nobody else', async (times) => {
    const store = objects(newPrefix());
    door().plan('PUT', { lose: 'answer' }, times);
    expect(await store.create('a', '1')).toBe(true);
    expect(puts()).toBe(times + 1);

    const version = (await store.read('a'))?.version ?? null;
    door().plan('PUT', { lose: 'answer' }, times);
    const next = await store.replace('a', '2', version);
    expect(await store.read('a')).toEqual({ body: '2', version: next });
    expect(await store.create('a', '2')).toBe(false);
  });

  test('and that was not made before another one wrote the very same is not its own', async () => {
    const prefix = newPrefix();
    const [store, other] = [objects(prefix), objects(prefix, 'past')];
    door().plan('PUT', { lose: 'request', meanwhile: () => other.create('a', '1') });
    expect(await store.create('a', '1')).toBe(false);

    const version = (await store.read('a'))?.version ?? null;
    door().plan('PUT', { lose: 'request', meanwhile: () => other.replace('a', '2', version) });
    expect(await store.replace('a', '2', version)).toBeUndefined();
  });

  test('and that has been replaced since was followed by another one', async () => {
    const prefix = newPrefix();
    const [store, other] = [objects(prefix), objects(prefix, 'past')];
    const replaced = async () => other.replace('a', '2', (await other.read('a'))?.version ?? null);
    door().plan('PUT', { lose: 'answer' });
    door().plan('PUT', { lose: 'request', meanwhile: replaced });

    expect(await store.replace('a', '1', null)).toBeUndefined();
    expect((await store.read('a'))?.body).toBe('2');
  });

  test('every time is in doubt: it is neither done nor refused', async () => {
    const store = objects(newPrefix());
    door().plan('PUT', { lose: 'answer' }, 3);

    await expect(store.create('a', '1')).rejects.toMatchObject({ code: expect.stringMatching(/^aws\//) as string });
    expect((await store.read('a'))?.body).toBe('1');
  });
});

describeWithMoto('a write that S3 could not decide, since another one was under way,', () => {
  const conflict = { status: 409, code: 'ConditionalRequestConflict' } as const;

  test('is made again', async () => {
    const store = objects(newPrefix());
    door().plan('PUT', conflict, 3);
    expect(await store.create('a', '1')).toBe(true);
    expect(puts()).toBe(4);

    door().plan('PUT', conflict);
    expect(await store.replace('a', '2', (await store.read('a'))?.version ?? null)).toBeDefined();
  });

  test('is refused where the other one was made', async () => {
    const prefix = newPrefix();
    const [store, other] = [objects(prefix), objects(prefix, 'past')];
    door().plan('PUT', { ...conflict, meanwhile: () => other.create('a', '1') });
    expect(await store.create('a', '1')).toBe(false);
    expect(puts()).toBe(1);

    const version = (await store.read('a'))?.version ?? null;
    door().plan('PUT', { ...conflict, meanwhile: () => other.remove('a') });
    expect(await store.replace('a', '2', version)).toBeUndefined();
  });

  test('is given up after eight times', async () => {
    const store = objects(newPrefix());
    door().plan('PUT', conflict, 100);

    await expect(store.create('a', '1')).rejects.toMatchObject({ code: 'aws/ConditionalRequestConflict' });
    expect(puts()).toBe(8);
  });
});

describeWithMoto('an answer that breaks off', () => {
  test('is asked for again', async () => {
    const store = objects(newPrefix());
    await store.create('a', 'x'.repeat(10_000));
    door().plan('GET', { lose: 'rest' }, 2);

    expect((await store.read('a'))?.body).toHaveLength(10_000);
  });

  test('every time is an error, never half of an object', async () => {
    const store = objects(newPrefix());
    await store.create('a', 'x'.repeat(10_000));
    door().plan('GET', { lose: 'rest' }, 100);

    await expect(store.read('a')).rejects.toMatchObject({ message: expect.stringContaining('cannot be read') as string });
    expect(door().requests.filter((request) => request.startsWith('GET'))).toHaveLength(3);
  });
});

describeWithMoto('what S3 does not do is told in one line, with what to do:', () => {
  const store = (options: Partial<S3ClientOptions> = {}, name = bucket): ObjectStore => {
    const client = createS3Client({
      region: regionSchema.parse('eu-west-1'),
      credentials: { accessKeyId: 'AKIASTATE', secretAccessKey: 'secret' },
      endpoint: door().endpoint,
      maxAttempts: 1,
      ...options,
    });
    return new S3Objects(client, { bucket: name, prefix: 'p' });
  };
  const calls: readonly (readonly [string, (from: ObjectStore) => Promise<unknown>])[] = [
    ['cannot be read', (from) => from.read('a')],
    ['cannot be written', (from) => from.create('a', '1')],
    ['cannot be written', (from) => from.replace('a', '1', '"0"')],
    ['cannot be listed', (from) => from.list('a')],
    ['cannot be removed', (from) => from.remove('a')],
  ];
  const failure = (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => error as Error); // prettier-ignore

  test.each(calls)('a bucket that is not there (%s)', async (what, call) => {
    expect(await failure(call(store({}, 'no-such-bucket')))).toMatchObject({
      code: 'aws/NoSuchBucket',
      message: `state s3://no-such-bucket/p/a ${what}: there is no bucket no-such-bucket: create it, or set \`state\` to one that exists`,
    });
  });

  test.each(calls)('credentials that may not (%s)', async (what, call) => {
    for (const method of ['GET', 'PUT', 'DELETE']) door().plan(method, { status: 403, code: 'AccessDenied' });

    expect(await failure(call(store()))).toMatchObject({
      code: 'aws/AccessDenied',
      message: expect.stringMatching(new RegExp(`^state s3://fleet-state/p/a ${what}: as planned: allow .*s3:ListBucket.*$`)) as string,
    });
  });

  test.each(calls)('credentials that have ended (%s)', async (_what, call) => {
    for (const method of ['GET', 'PUT', 'DELETE']) door().plan(method, { status: 400, code: 'ExpiredToken' });

    expect(await failure(call(store()))).toMatchObject({ code: 'aws/ExpiredToken', message: expect.stringMatching(/renew the AWS credentials/) as string }); // prettier-ignore
  });

  test('a place where nobody answers, in the time that a request may take', async () => {
    door().plan('GET', { lose: 'everything' });
    expect(await failure(store({ requestTimeoutMs: 200 }).read('a'))).toMatchObject({ code: 'aws/TimeoutError' });
    expect(await failure(store({ endpoint: 'http://127.0.0.1:9' }).read('a'))).toMatchObject({
      code: expect.stringMatching(/^aws\//) as string,
    });
  });

  test('but a server that stumbles is asked again', async () => {
    const patient = store({ maxAttempts: 3 });
    for (const method of ['GET', 'PUT']) door().plan(method, { status: 500, code: 'InternalError' }, 2);

    expect(await patient.create('stumbled', '1')).toBe(true);
    expect((await patient.read('stumbled'))?.body).toBe('1');
  });

  test('a bucket that went away in between', async () => {
    const client = raw();
    await client.send(new CreateBucketCommand({ Bucket: 'short-lived', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
    const gone = store({}, 'short-lived');
    expect(await gone.read('a')).toBeUndefined();
    await client.send(new DeleteBucketCommand({ Bucket: 'short-lived' }));

    await expect(gone.read('a')).rejects.toMatchObject({ code: 'aws/NoSuchBucket' });
  });
});
