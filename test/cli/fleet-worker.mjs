// Carries command lines out with the transpiled fleet, many in one process: jest's realm and Pulumi's SDK do not agree on what an array is,
// and a process for each would spend most of its time on loading. Its clock runs faster than the wall's, and stays behind it.
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const productRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { main } = createRequire(import.meta.url)(join(productRoot, 'dist/fleet/main.js'));

const speed = Number(process.argv[2]);
const DAYS_BEHIND = 4;
let start = Date.now() - DAYS_BEHIND * 86_400_000 - performance.now();
const clock = {
  now: () => new Date(Math.floor(start + performance.now() * speed)),
  sleep: async (milliseconds, signal) => {
    await delay(milliseconds / speed, undefined, signal ? { signal } : {});
    signal?.throwIfAborted();
  },
};

const stops = new Map();

process.on('message', async ({ id, argv, cwd, env, answer, stop, skip }) => {
  if (skip !== undefined) return (start += skip * 1000);
  if (stop !== undefined) return stops.get(id)?.[stop].abort(new Error('interrupted'));
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  const signals = { interrupt: new AbortController(), cancel: new AbortController() };
  stops.set(id, signals);
  const exitCode = await main(argv, {
    out: (line) => process.send({ id, out: line }),
    err: (line) => process.send({ id, err: line }),
    clock,
    cwd,
    productRoot,
    env: process.env,
    temporary: tmpdir(),
    ask: () => (answer === undefined ? Promise.reject(new Error('nobody is there')) : Promise.resolve(answer)),
    interrupt: signals.interrupt.signal,
    cancel: signals.cancel.signal,
    person: 'tester@here',
  });
  stops.delete(id);
  process.send({ id, exitCode });
});
process.on('disconnect', () => process.exit(0));
