import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { targetSchema } from '../../contracts/target';
import { findPulumiCli } from '../../fleet/engine/pulumi/cli/find-pulumi-cli';
import { folderBackend } from '../../fleet/engine/pulumi/folder-backend';
import type { PulumiEngine } from '../../fleet/engine/pulumi/pulumi-engine';
import type { EngineAction, EngineJob, EngineOptions, EngineResult } from '../../fleet/ports';
import { MemoryObjects } from '../../fleet/state/memory-objects';
import { systemClock } from '../../fleet/system-clock';
import { describeWithEngine } from '../helpers/engine-tier';
import { writeProgram } from '../helpers/written-program';
import { MAKE, transpiledEngine } from '../helpers/transpiled-engine';

describeWithEngine('programs in processes of their own', () => {
  let attempts = 0;
  let folder: string;
  let engine: PulumiEngine;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fleet-engine-'));
    const backend = join(folder, 'backend');
    mkdirSync(backend);
    engine = transpiledEngine({
      cli: (await findPulumiCli({ env: process.env })).path,
      backend: pathToFileURL(backend).href,
      files: folderBackend(backend),
      secretsProvider: 'passphrase',
      objects: new MemoryObjects(),
      directory: join(folder, 'runs'),
      clock: systemClock,
      reporter: { report: () => undefined },
      env: { ...process.env, PULUMI_CONFIG_PASSPHRASE: 'secret-passphrase', PULUMI_OPTION_REFRESH: 'true' },
      ladder: { askSeconds: 2, tellSeconds: 1 },
    });
  });
  afterEach(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a program as a target's; its body may use `pulumi`. */
  function run(
    account: number,
    body: string,
    options: Partial<EngineOptions> & { readonly action?: EngineAction } = {},
  ): Promise<EngineResult> {
    const target = targetSchema.parse(`regional/${String(account).padStart(12, '2')}/eu-west-1`);
    const job = {
      id: `r/${target.id}#${(attempts += 1)}`,
      target,
      release: writeProgram(join(folder, `release-${account}`), body),
      config: {},
      run: { unprotect: 'nothing' },
    };
    const { action = 'up', signal = new AbortController().signal, onEvent = () => undefined } = options;
    return engine.run(action, job as unknown as EngineJob, { signal, onEvent });
  }

  test('a promise that one program rejects and nobody awaits fails that target alone', async () => {
    const [broken, sound] = await Promise.all([
      run(1, `${MAKE} Promise.reject(new Error('nobody waits for this')); await new Promise((done) => setTimeout(done, 300));`),
      run(2, `${MAKE} await new Promise((done) => setTimeout(done, 1500)); return { done: true };`),
    ]);

    expect(broken).toMatchObject({
      status: 'failed',
      error: { code: 'pulumi/program-failed', message: expect.stringContaining('nobody waits for this') as string },
    });
    expect(sound).toMatchObject({ status: 'succeeded', outputs: { done: true }, changes: { create: 2 } });
  }, 60_000);

  test('a program that never ends is cancelled at its signal, and its lock is gone', async () => {
    const stop = new AbortController();
    const hanging = run(1, `${MAKE} await new Promise(() => setInterval(() => undefined, 1000));`, {
      signal: stop.signal,
      onEvent: () => stop.abort(),
    });

    expect(await hanging).toMatchObject({ status: 'failed', error: { code: 'fleet/cancelled' } });
    expect(await engine.inspect(targetSchema.parse('regional/222222222221/eu-west-1'))).toMatchObject({
      lock: null,
      lastAttempt: { result: 'failed' },
    });
    expect(await run(1, MAKE)).toMatchObject({ status: 'succeeded' });
  }, 60_000);

  test('a process that is ended from within fails its target, and the CLI ends in order', async () => {
    expect(await run(1, `${MAKE} process.kill(process.pid, 'SIGKILL');`)).toMatchObject({
      status: 'failed',
      error: { code: 'pulumi/crashed' },
    });
    expect(await run(1, `${MAKE}`)).toMatchObject({ status: 'succeeded' });
  }, 60_000);

  test('an error of the program is told in one line, without the noise around it', async () => {
    const failed = await run(1, `throw new pulumi.RunError('stack config fleet:target is missing');`);

    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: 'pulumi/program-failed', message: 'stack config fleet:target is missing' },
    });
  }, 60_000);

  test('a program sees neither the passphrase, nor credentials, nor options for the CLI', async () => {
    const seen = await run(1, `return { seen: Object.keys(process.env).filter((name) => /PULUMI|AWS|FLEET/.test(name)) };`);

    expect(seen).toMatchObject({ status: 'succeeded', outputs: { seen: [] } });
  }, 60_000);

  test('secret outputs are masked in results and inspections, and encrypted in the backend', async () => {
    const result = await run(1, `return { token: pulumi.secret('canary-71b3'), plain: 'here' };`);
    const inspection = await engine.inspect(targetSchema.parse('regional/222222222221/eu-west-1'));

    expect(result).toMatchObject({ outputs: { token: '[secret]', plain: 'here' } });
    expect(JSON.stringify([result, inspection])).not.toContain('canary-71b3');
  }, 60_000);

  test('preview tells what an up would do and changes nothing; refresh and destroy run without a program', async () => {
    expect(await run(1, MAKE, { action: 'preview' })).toMatchObject({ status: 'succeeded', changes: { create: 2 } });
    expect((await run(1, MAKE)).changes).toMatchObject({ create: 2 });
    expect((await run(1, MAKE, { action: 'refresh' })).changes).toMatchObject({ create: 0, update: 0, delete: 0 });
    expect((await run(1, 'throw new Error("it is not run")', { action: 'destroy' })).changes).toMatchObject({ delete: 2 });
    expect(await engine.inspect(targetSchema.parse('regional/222222222221/eu-west-1'))).toMatchObject({ exists: false, outputs: null });
  }, 60_000);
});
