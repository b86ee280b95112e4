import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { takeLock } from '../../../fleet/state/lock-file';
import { temporaryFolder } from '../../helpers/temporary-folder';

const folder = temporaryFolder('lock');
const since = '2026-01-01T00:00:00.000Z';
const claim = { verb: 'rollout', since };

let count = 0;
function freshPath(): string {
  count += 1;
  return join(folder, `${count}`, 'lock');
}

/** The lock as a holder that is not this process would have left it. */
function heldBy(holder: { readonly pid: number; readonly host: string }): string {
  const path = freshPath();
  takeLock(path, claim);
  writeFileSync(path, JSON.stringify({ verb: 'destroy', since, ...holder }));
  return path;
}

const deadPid = spawnSync(process.execPath, ['--eval', '']).pid;

describe('the lock', () => {
  test('is held until it is let go, and leaves nothing behind', () => {
    const path = freshPath();
    const letGo = takeLock(path, claim);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ pid: process.pid, host: hostname(), ...claim });
    letGo();
    takeLock(path, claim)();

    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  test('is refused to a second one, naming who has it', () => {
    const path = freshPath();
    takeLock(path, claim);

    expect(() => takeLock(path, { verb: 'destroy', since })).toThrow(
      expect.objectContaining({
        code: 'fleet/locked',
        message: `fleet is locked by rollout (pid ${process.pid} on ${hostname()} since ${since}): wait for it, or end that process`,
      }),
    );
    expect(readdirSync(join(path, '..'))).toEqual(['lock']);
  });

  test('is taken over where its holder on this host is gone', () => {
    const path = heldBy({ pid: deadPid, host: hostname() });
    const letGo = takeLock(path, claim);

    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, verb: 'rollout' });
    expect(readdirSync(join(path, '..'))).toEqual(['lock']);
    letGo();
    expect(existsSync(path)).toBe(false);
  });

  test('is not taken over from another host, whose processes cannot be seen', () => {
    const path = heldBy({ pid: deadPid, host: 'elsewhere' });

    expect(() => takeLock(path, claim)).toThrow(`fleet is locked by destroy (pid ${deadPid} on elsewhere`);
    expect(existsSync(path)).toBe(true);
  });

  test.each(['', '{"pid":', 'null', '{}'])('that holds %j is refused, naming the file, and not waited for', (text) => {
    const path = freshPath();
    takeLock(path, claim);
    writeFileSync(path, text);

    expect(() => takeLock(path, claim)).toThrow(
      expect.objectContaining({ code: 'fleet/locked', message: expect.stringContaining(path) as string }),
    );
  });
});
