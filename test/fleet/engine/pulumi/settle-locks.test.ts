import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';

import { targetSchema } from '../../../../contracts/target';
import type { AttemptNote } from '../../../../fleet/engine/pulumi/attempt-notes';
import { settleLocks } from '../../../../fleet/engine/pulumi/settle-locks';
import { StackFiles } from '../../../../fleet/engine/pulumi/stack-files';
import { noChanges } from '../../../../fleet/ports';
import { processOf, thisProcess, type ProcessIdentity } from '../../../../fleet/state/process-identity';

import { MemoryBackend } from './memory-backend';

const target = targetSchema.parse('regional/200000000001/eu-west-1');
const KEY = '.pulumi/locks/organization/regional/200000000001.eu-west-1/a.json';

/** A process that was there and is not any more. */
async function deadProcess(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  const identity = processOf(child.pid ?? 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return identity;
}

function noteOf(process: ProcessIdentity, startedAt = '2026-01-01T00:00:00.000Z'): AttemptNote {
  const attempt = { id: 'r/t#1', action: 'up' as const, startedAt, endedAt: null, result: null, changes: noChanges, error: null };
  return { ...attempt, process, controller: process };
}

/** Settles one lock; time passes only where it is waited for, and the holder ends after so many looks. */
async function settle(
  lock: { readonly pid: number; readonly host?: string; readonly timestamp?: string },
  note: AttemptNote | undefined,
  endsAfter = Infinity,
): Promise<{ readonly error: unknown; readonly told: readonly string[]; readonly left: boolean; readonly looks: number }> {
  const { pid, host = hostname(), timestamp = '2026-01-01T00:00:01Z' } = lock;
  const backend = new MemoryBackend().put(KEY, { pid, username: 'u', hostname: host, timestamp });
  const told: string[] = [];
  let looks = 0;
  const sleep = () => {
    looks += 1;
    if (looks >= endsAfter) backend.files.delete(KEY);
    return Promise.resolve();
  };
  const error: unknown = await settleLocks(target, {
    ...{ files: new StackFiles(backend), note, clock: { now: () => new Date(), sleep } },
    onRecovered: (message) => told.push(message),
  }).catch((thrown: unknown) => thrown);
  return { error, told, left: backend.files.has(KEY), looks };
}

const LOCKED = expect.objectContaining({ code: 'pulumi/locked' }) as unknown;

test('a lock that the fleet’s own attempt left, whose processes are gone, is taken away and told', async () => {
  const gone = await deadProcess();
  expect(await settle({ pid: gone.pid }, noteOf(gone))).toEqual({
    error: undefined,
    told: [`took away the lock that attempt r/t#1 left: pid ${gone.pid} of ${hostname()} is gone`],
    left: false,
    looks: 0,
  });
});

test('one whose CLI still ends is waited for', async () => {
  const gone = await deadProcess();
  expect(await settle({ pid: process.pid }, noteOf(gone), 3)).toMatchObject({ error: undefined, told: [], looks: 3 });
  expect(await settle({ pid: gone.pid }, noteOf(thisProcess()), 3)).toMatchObject({ error: undefined, told: [], looks: 3 });
});

test('one whose CLI does not end in two minutes stays', async () => {
  const gone = await deadProcess();
  expect(await settle({ pid: process.pid }, noteOf(gone))).toMatchObject({ error: LOCKED, left: true, looks: 600 });
});

test('one of another host, of before the attempt, or with no attempt known is never touched', async () => {
  const gone = await deadProcess();
  for (const outcome of [
    await settle({ pid: gone.pid, host: 'elsewhere' }, noteOf({ ...gone, host: 'elsewhere' })),
    await settle({ pid: gone.pid, host: 'elsewhere' }, noteOf(gone)),
    await settle({ pid: gone.pid, timestamp: '2025-12-31T23:59:59Z' }, noteOf(gone)),
    await settle({ pid: gone.pid }, undefined),
  ])
    expect(outcome).toMatchObject({ error: LOCKED, told: [], left: true, looks: 0 });
});
