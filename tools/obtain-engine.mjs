// Jest's global setup of `npm run test:engine`: obtains the Pulumi CLI, the AWS emulator and actionlint, once per version, outside the clone.
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { obtainActionlint } from './obtain-actionlint.mjs';
import { obtainMoto } from './obtain-python.mjs';

const { obtainPulumiCli } = createRequire(import.meta.url)('../dist/fleet/engine/pulumi/cli/obtain-pulumi-cli.js');
const productRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Leaves their paths to the tests in `FLEET_PULUMI`, `MOTO_PYTHON` and `ACTIONLINT`. Where one cannot be had, the reason is in the same name with `_MISSING`,
 * and its tests are skipped; with `CI=true` that fails instead.
 */
export default async function obtainEngine() {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort(new Error('interrupted'));
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const options = { env: process.env, productRoot, signal: interrupt.signal };
    const missing = [
      await leave('FLEET_PULUMI', 'pulumi', async (onAttempt) => (await obtainPulumiCli({ ...options, onAttempt })).path),
      await leave('MOTO_PYTHON', 'moto', (onAttempt) => obtainMoto({ ...options, onAttempt })),
      await leave('ACTIONLINT', 'actionlint', (onAttempt) => obtainActionlint({ ...options, onAttempt })),
    ].filter((why) => why !== undefined);
    interrupt.signal.throwIfAborted();
    if (missing.length > 0 && process.env.CI === 'true') throw new Error(missing.join('\n'));
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** Undefined where it was obtained, else why not. */
async function leave(name, what, obtain) {
  delete process.env[`${name}_MISSING`];
  try {
    process.env[name] = await obtain(({ message }) => process.stderr.write(`${what}: ${message}\n`));
    return undefined;
  } catch (error) {
    delete process.env[name];
    process.env[`${name}_MISSING`] = error.message;
    return error.message;
  }
}
