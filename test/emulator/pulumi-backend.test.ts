import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

import { regionSchema } from '../../contracts/ids';
import { stackName, targetSchema } from '../../contracts/target';
import { AttemptNotes, type AttemptNote } from '../../fleet/engine/pulumi/attempt-notes';
import { FleetError } from '../../fleet/errors';
import { openBackend, type OpenBackend } from '../../fleet/engine/pulumi/open-backend';
import type { PulumiEngine } from '../../fleet/engine/pulumi/pulumi-engine';
import { StackFiles } from '../../fleet/engine/pulumi/stack-files';
import { noChanges, type EngineAction, type EngineJob, type EngineOptions, type EngineResult, type Message } from '../../fleet/ports';
import { MemoryObjects } from '../../fleet/state/memory-objects';
import { processOf, type ProcessIdentity } from '../../fleet/state/process-identity';
import { createS3Client } from '../../fleet/state/s3-client';
import { systemClock } from '../../fleet/system-clock';

import { describeWithEngineAndMoto, pulumiCli } from '../helpers/engine-tier';
import { writeProgram } from '../helpers/written-program';
import { MAKE, transpiledEngine } from '../helpers/transpiled-engine';

import { motoServer } from './moto-server';

const BUCKET = 'pulumi-state';
const REGION = regionSchema.parse('eu-west-1');
const target = targetSchema.parse('regional/222222222221/eu-west-1');
/** A fleet's engine over a backend, with what it keeps beside. */
interface OnS3 extends OpenBackend {
  readonly engine: PulumiEngine;
  readonly stacks: StackFiles;
  readonly objects: MemoryObjects;
  readonly told: readonly Message[];
}

describeWithEngineAndMoto('a Pulumi backend on S3', () => {
  const moto = motoServer();
  const environment = { ...process.env };
  let client: S3Client;
  let folder: string;
  const engines: PulumiEngine[] = [];

  beforeAll(async () => {
    // As the environment of the fleet says where AWS is: both the manager and the CLI read it there.
    Object.assign(process.env, { AWS_ENDPOINT_URL: moto(), AWS_ACCESS_KEY_ID: 'AKIASTATE', AWS_SECRET_ACCESS_KEY: 'secret' });
    client = createS3Client({ region: REGION });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  });
  afterAll(() => {
    client.destroy();
    process.env = environment;
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fleet-s3-backend-'));
  });
  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  async function on(url: string, objects = new MemoryObjects()): Promise<OnS3> {
    const backend = await openBackend(url, REGION);
    const told: Message[] = [];
    const engine = transpiledEngine({
      cli: pulumiCli(),
      backend: backend.url,
      files: backend.files,
      secretsProvider: 'passphrase',
      objects,
      directory: join(folder, 'runs'),
      clock: systemClock,
      reporter: { report: (message) => void told.push(message) },
      env: { ...process.env, PULUMI_CONFIG_PASSPHRASE: 'secret-passphrase', PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true' },
      spare: 0,
    });
    engines.push(engine);
    return { ...backend, engine, stacks: new StackFiles(backend.files), objects, told };
  }

  /** Runs a program as the target's; its body may use `pulumi`. */
  function run(
    { engine }: OnS3,
    body: string,
    options: Partial<EngineOptions> & { readonly action?: EngineAction; readonly attempt?: number } = {},
  ): Promise<EngineResult> {
    const { action = 'up', attempt = 1, signal = new AbortController().signal, onEvent = () => undefined, confirm } = options;
    const id = `r/${target.id}#${attempt}`;
    const job = { id, target, release: writeProgram(join(folder, 'release'), body), config: {}, run: { unprotect: 'nothing' } };
    return engine.run(action, job as unknown as EngineJob, { signal, onEvent, confirm });
  }

  async function keys(prefix: string): Promise<readonly string[]> {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
    return Contents.map(({ Key = '' }) => Key);
  }

  /** A lock as the CLI leaves it. */
  async function lock(prefix: string, holder: { readonly pid: number; readonly hostname: string }): Promise<string> {
    const Key = `${prefix}/.pulumi/locks/organization/regional/${stackName(target)}/9e9d7a5c-5a0c-4be4-8f4e-6fd9f1f4a001.json`;
    const Body = JSON.stringify({ ...holder, username: 'control', timestamp: new Date().toISOString() });
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    return Key;
  }

  /** A process of this host that has ended. */
  async function deadProcess(): Promise<ProcessIdentity> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    const identity = processOf(child.pid ?? 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    return identity;
  }

  test('a stack on S3 is what the CLI made of it: checkpoint, history and no lock, read beside it', async () => {
    const fleet = await on(`s3://${BUCKET}/a/b`);
    expect(await run(fleet, `${MAKE} return { done: 1 };`)).toMatchObject({
      status: 'succeeded',
      outputs: { done: 1 },
      changes: { create: 2 },
    });
    expect(await run(fleet, `${MAKE} return { done: 2 };`, { attempt: 2 })).toMatchObject({ changes: { create: 0, same: 2 } });

    const deployment = await fleet.stacks.deployment(target);
    expect(deployment?.resources.map(({ type }) => type)).toEqual(['pulumi:pulumi:Stack', 'test:part:Part']);
    expect(await fleet.stacks.history(target, 5)).toMatchObject([
      { message: `fleet r/${target.id}#2`, result: 'succeeded', resourceChanges: { same: 2 } },
      { message: `fleet r/${target.id}#1`, result: 'succeeded', resourceChanges: { create: 2 } },
    ]);
    expect(await fleet.stacks.history(target, 1)).toHaveLength(1);
    expect(await fleet.stacks.locks(target)).toEqual([]);
    expect(await keys('a/b/.pulumi/stacks/')).toContain(`a/b/.pulumi/stacks/regional/${stackName(target)}.json`);

    const { stdout } = spawnSync(pulumiCli(), ['stack', 'export', '--stack', `organization/regional/${stackName(target)}`], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PULUMI_BACKEND_URL: fleet.url, PULUMI_CONFIG_PASSPHRASE: 'secret-passphrase', PULUMI_SKIP_UPDATE_CHECK: '1' },
    });
    const exported = JSON.parse(stdout) as { readonly deployment: { readonly resources: readonly { readonly urn: string }[] } };
    expect(exported.deployment.resources.map(({ urn }) => urn)).toEqual(deployment?.resources.map(({ urn }) => urn));
  }, 90_000);

  test('destroyed, its stack is gone, and the stack of the same name below another prefix is not', async () => {
    const [fleet, other] = [await on(`s3://${BUCKET}/one`), await on(`s3://${BUCKET}/one/two/`)];
    await run(fleet, MAKE);
    await run(other, MAKE);
    expect(await run(fleet, MAKE, { action: 'destroy', attempt: 2 })).toMatchObject({ status: 'succeeded', changes: { delete: 2 } });

    expect(await fleet.stacks.deployment(target)).toBeUndefined();
    expect(await fleet.engine.inspect(target)).toMatchObject({ exists: false });
    expect(await other.engine.inspect(target)).toMatchObject({ exists: true, lastAttempt: { result: 'succeeded' } });
    expect((await keys('one/.pulumi/stacks/')).filter((key) => key.endsWith('.json'))).toEqual([]);
  }, 90_000);

  test('while a run is under way its lock is there, and names its holder', async () => {
    const fleet = await on(`s3://${BUCKET}/held`);
    const seen: Promise<unknown>[] = [];
    const stop = new AbortController();
    const onEvent = () => {
      if (seen.length > 0) return;
      seen.push(fleet.stacks.locks(target).finally(() => stop.abort()));
    };
    const hanging = `${MAKE} await new Promise(() => setInterval(() => undefined, 1000));`;

    expect(await run(fleet, hanging, { signal: stop.signal, onEvent })).toMatchObject({ error: { code: 'fleet/cancelled' } });
    expect(await Promise.all(seen)).toMatchObject([[{ hostname: hostname(), pid: expect.any(Number) as number }]]);
    expect(await fleet.engine.inspect(target)).toMatchObject({ lock: null, lastAttempt: { result: 'failed' } });
  }, 90_000);

  test('a lock that an own attempt left, whose process is dead, is taken away; then the run goes on', async () => {
    const fleet = await on(`s3://${BUCKET}/left`);
    await run(fleet, MAKE);
    const dead = await deadProcess();
    const { pid } = dead;
    const notes = new AttemptNotes(fleet.objects);
    const note: AttemptNote = {
      ...{
        id: 'r/lost#1',
        action: 'up',
        startedAt: new Date(0).toISOString(),
        endedAt: null,
        result: null,
        changes: noChanges,
        error: null,
      },
      process: dead,
      controller: dead,
    };
    await notes.replace(target, note, (await notes.look(target)).version);
    const key = await lock('left', { pid, hostname: hostname() });
    expect(await fleet.stacks.locks(target)).toMatchObject([{ pid, key: key.slice('left/'.length) }]);

    expect(await run(fleet, MAKE, { attempt: 2 })).toMatchObject({ status: 'succeeded' });
    expect(fleet.told).toMatchObject([{ code: 'target-recovered', message: expect.stringContaining(`pid ${pid}`) as string }]);
    expect(await keys('left/.pulumi/locks/')).toEqual([]);
  }, 90_000);

  test('a controller that slept before its attempt began writes nothing more, neither a note nor into the stack', async () => {
    const fleet = await on(`s3://${BUCKET}/slept`);
    const other = await on(`s3://${BUCKET}/slept`, fleet.objects);
    await run(fleet, MAKE);
    // It wakes after another one has taken over and run the target.
    let taken: Promise<EngineResult> | undefined;
    const confirm = async () => {
      taken ??= run(other, `${MAKE} new Part('two');`, { attempt: 3 });
      await taken;
    };

    expect(await run(fleet, MAKE, { attempt: 2, confirm })).toMatchObject({ status: 'failed', error: { code: 'fleet/fenced' } });
    expect(await taken).toMatchObject({ status: 'succeeded' });
    const lost = () => Promise.reject(new FleetError('fleet/fenced', "the lease is another one's"));
    expect(await run(fleet, MAKE, { attempt: 4, confirm: lost })).toMatchObject({ status: 'failed', error: { code: 'fleet/fenced' } });
    expect((await new AttemptNotes(fleet.objects).look(target)).note).toMatchObject({ id: `r/${target.id}#3`, result: 'succeeded' });
    expect((await fleet.stacks.deployment(target))?.resources).toHaveLength(3);
  }, 90_000);

  test('a lock of somebody else stays, and is told by its holder', async () => {
    const fleet = await on(`s3://${BUCKET}/foreign`);
    await run(fleet, MAKE);
    const key = await lock('foreign', { pid: (await deadProcess()).pid, hostname: 'elsewhere' });

    expect(await run(fleet, MAKE, { attempt: 2 })).toMatchObject({
      status: 'failed',
      error: { code: 'pulumi/locked', message: expect.stringContaining('control@elsewhere') as string },
    });
    expect(await keys('foreign/.pulumi/locks/')).toEqual([key]);
  }, 90_000);

  test('two runs of one stack at a time: the second one meets the lock of the first, which ends undisturbed', async () => {
    const [first, second] = [await on(`s3://${BUCKET}/both`), await on(`s3://${BUCKET}/both`)];
    await run(first, MAKE);
    const more = `${MAKE} new Part('two'); await new Promise((done) => setTimeout(done, 6000)); return { first: true };`;
    const meanwhile: Promise<EngineResult>[] = [];
    const onEvent = () => {
      if (meanwhile.length === 0) meanwhile.push(run(second, MAKE, { attempt: 3 }));
    };

    expect(await run(first, more, { attempt: 2, onEvent })).toMatchObject({ status: 'succeeded', outputs: { first: true } });
    expect(await Promise.all(meanwhile)).toMatchObject([{ status: 'failed', error: { code: 'pulumi/locked' } }]);
  }, 90_000);

  test('a bucket that is not there, and a place where nobody answers, fail the target with one line', async () => {
    const nowhere = await on('s3://no-such-bucket');
    expect(await run(nowhere, MAKE)).toMatchObject({
      status: 'failed',
      error: { code: 'pulumi/backend-unreachable', message: expect.stringMatching(/^[^\n]*bucket[^\n]*$/) as string },
    });

    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:9';
    const silent = await run(await on(`s3://${BUCKET}`), MAKE).finally(() => (process.env.AWS_ENDPOINT_URL = moto()));
    expect(silent).toMatchObject({
      status: 'failed',
      error: { code: 'pulumi/backend-unreachable', message: expect.stringMatching(/^[^\n]*ECONNREFUSED[^\n]*$/) as string },
    });
  }, 90_000);

  test('a folder with more keys than one answer holds is listed whole, sorted, and without its neighbours', async () => {
    const { files } = await on(`s3://${BUCKET}/long`);
    const names = Array.from({ length: 1010 }, (_, index) => `.pulumi/history/s/${String(index).padStart(8, '0')}.history.json`);
    const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `long/${Key}`, Body: 'x' }));
    for (let start = 0; start < names.length; start += 50) await Promise.all(names.slice(start, start + 50).map(put));
    await put('.pulumi/history/s.2/00000000.history.json');

    expect(await files.list('.pulumi/history/s')).toEqual(names);
    expect(await files.list('.pulumi/history/none')).toEqual([]);
    expect(await files.read('.pulumi/history/none')).toBeUndefined();
    await files.remove(names[0] ?? '');
    expect(await files.read(names[0] ?? '')).toBeUndefined();
    expect(await files.read(names[1] ?? '')).toEqual(Buffer.from('x'));
  }, 60_000);

  test('the region is in the URL that the CLI gets, and one that the URL names stays', async () => {
    expect((await openBackend('s3://bucket/prefix/', REGION)).url).toBe('s3://bucket/prefix/?region=eu-west-1');
    expect((await openBackend('s3://bucket?region=us-east-1&awssdk=v2', REGION)).url).toBe('s3://bucket?region=us-east-1&awssdk=v2');
    await expect(openBackend('s3://bucket?region=moon', REGION)).rejects.toThrow(/moon/);
  });
});
