import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runTool, type ToolResult } from '../../../../../fleet/engine/pulumi/cli/run-tool';
import { isGone } from '../../../../../fleet/state/process-identity';
import { temporaryFolder } from '../../../../helpers/temporary-folder';
import { until } from '../../../../helpers/until';
import { ManualClock } from '../../../state/manual-clock';

const folder = temporaryFolder('run-tool');
const env = { PATH: '/bin:/usr/bin' };

/** A script that starts another process, writes both their numbers down, and then waits for ever. */
const hanging = (file: string) => `sleep 600 & echo $! $$ > '${file}.part'; mv '${file}.part' '${file}'; wait`;

function shell(
  script: string,
  { signal, clock = new ManualClock() }: { readonly signal?: AbortSignal; readonly clock?: ManualClock } = {},
) {
  return runTool('/bin/sh', { args: ['-c', script], env, limitSeconds: 60, clock, signal });
}

const processesIn = (file: string) => readFileSync(file, 'utf8').trim().split(' ').map(Number);

describe('a tool', () => {
  test('that ends well gives what it printed, and leaves no timer', async () => {
    const clock = new ManualClock();

    expect(await shell('echo done; echo chatter >&2', { clock })).toEqual({ ok: true, output: 'done\n' });
    expect(clock.sleeping).toBe(0);
  });

  test('knows its environment and nothing else', async () => {
    process.env.FLEET_CANARY = 'canary';
    try {
      expect(await shell('echo "[$FLEET_CANARY] $PATH"')).toEqual({ ok: true, output: `[] ${env.PATH}\n` });
    } finally {
      delete process.env.FLEET_CANARY;
    }
  });

  test.each<[string, string, string]>([
    ['what it said last', 'echo downloading >&2; echo "no such host" >&2; echo >&2; exit 7', 'no such host'],
    ['not what it was only noticed of', 'echo broken >&2; echo "[notice] a new version is there" >&2; exit 1', 'broken'],
    ['what it printed, where it complained of nothing', 'echo "cannot do it"; exit 1', 'cannot do it'],
    ['its exit code, where it said nothing', 'exit 7', 'exit code 7'],
    ['what ended it', 'kill -TERM $$', 'ended by SIGTERM'],
  ])('that fails gives as reason %s', async (_what, script, why) => {
    expect(await shell(script)).toEqual({ ok: false, why });
  });

  test('that says very much gives a short reason', async () => {
    const result: ToolResult = await shell(`head -c 5000 /dev/zero | tr '\\0' x >&2; exit 1`);

    expect(result).toEqual({ ok: false, why: `${'x'.repeat(300)}...` });
  });

  test('that is not there is named, and so is a folder that is not', async () => {
    const run = { args: [], env, limitSeconds: 60, clock: new ManualClock() };

    expect(await runTool('no-such-tool', run)).toEqual({ ok: false, why: 'no-such-tool is not there' });
    expect(await runTool('/bin/sh', { ...run, cwd: '/no/such/folder' })).toEqual({ ok: false, why: '/no/such/folder is not there' });
  });

  test('that takes too long is ended, with what it has started', async () => {
    const file = join(folder, 'late');
    const clock = new ManualClock();
    const result = shell(hanging(file), { clock });
    await until(() => existsSync(file));
    await clock.pass(59_000);
    expect(processesIn(file).map(isGone)).toEqual([false, false]);
    await clock.pass(1000);

    expect(await result).toEqual({ ok: false, why: 'it was ended: it took longer than 60 s' });
    await until(() => processesIn(file).every(isGone));
  });

  test('that is interrupted is ended, with what it has started, and rejects with the reason', async () => {
    const file = join(folder, 'interrupted');
    const interrupt = new AbortController();
    const clock = new ManualClock();
    const result = shell(hanging(file), { signal: interrupt.signal, clock });
    await until(() => existsSync(file));
    const reason = new Error('interrupted');
    interrupt.abort(reason);

    await expect(result).rejects.toBe(reason);
    await until(() => processesIn(file).every(isGone));
    expect(clock.sleeping).toBe(0);
  });

  test('is not even started where the signal has come before', async () => {
    const file = join(folder, 'never');
    const signal = AbortSignal.abort(new Error('interrupted'));

    await expect(shell(`touch '${file}'`, { signal })).rejects.toThrow('interrupted');
    expect(existsSync(file)).toBe(false);
  });
});
