import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setImmediate } from 'node:timers/promises';

import { isProcessAlive, thisProcess } from '../../../fleet/state/process-identity';

describe('a process', () => {
  test('is this one, and lives', () => {
    expect(thisProcess()).toMatchObject({ host: hostname(), pid: process.pid });
    expect(thisProcess()).toEqual(thisProcess());
    expect(isProcessAlive(thisProcess())).toBe(true);
  });

  test('with the number of this one that was started at another time is gone', () => {
    const { processStart } = thisProcess();
    const earlier = processStart.replace(/\d+$/, (ticks) => `${Number(ticks) - 1}`);

    expect(isProcessAlive({ ...thisProcess(), processStart: earlier })).toBe(false);
  });

  test('that was killed is gone', async () => {
    const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);
    const pid = child.pid ?? 0;
    const identity = { ...thisProcess(), pid };
    expect(isProcessAlive(identity)).toBe(false); // It lives, but was started later than this says.
    child.kill('SIGKILL');
    await new Promise((gone) => child.once('close', gone));

    expect(isProcessAlive(identity)).toBe(false);
  });

  (process.platform === 'linux' ? test : test.skip)('that has ended is gone, also before anybody has waited for it', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      const { processStart } = thisProcess();
      const identity = { host: hostname(), pid, processStart: processStart.replace(/\d+$/, stat()[19] ?? '') };
      while (stat()[0] !== 'Z') await setImmediate();

      expect(isProcessAlive(identity)).toBe(false);
    } finally {
      parent.kill('SIGKILL');
    }
  });

  test.each([['unknown'], ['another boot/pid:[4026531836]/1234']])('of which nothing can be known (%s) counts as alive', (processStart) => {
    const isLinux = process.platform === 'linux';
    expect(isProcessAlive({ host: hostname(), pid: 2 ** 22 + 1, processStart })).toBe(isLinux || processStart === 'unknown');
  });
});
