// The fleet's command line as bin.ts starts it, but for the provider, which is a test's, and for waits, which are cut short: AWS's alarms are
// asked about every half minute, and an emulator's never change by themselves.
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const productRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { main } = createRequire(import.meta.url)(join(productRoot, 'dist/fleet/main.js'));

const SHORTER = 30;
const signal = () => new AbortController().signal;

process.exitCode = await main(process.argv.slice(3), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  clock: {
    now: () => new Date(),
    sleep: (milliseconds, aborted) => delay(milliseconds / SHORTER, undefined, aborted ? { signal: aborted } : {}),
  },
  cwd: process.cwd(),
  // The sources that a release is built from.
  productRoot: process.env.FLEET_PRODUCT ?? productRoot,
  env: process.env,
  temporary: tmpdir(),
  ask: () => Promise.reject(new Error('nobody is there')),
  interrupt: signal(),
  cancel: signal(),
  person: 'tester@here',
  ...(process.argv[2] !== '' && { attachProvider: process.argv[2] }),
});
