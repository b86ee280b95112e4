import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { buildSync } from 'esbuild';

const root = resolve(__dirname, '../..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'order-fleet-lambda-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bundles a function as a release does; `external` stays out of it. */
function bundle(name: string, external: string[]): string {
  const outfile = join(folder, `${name}-${external.length}.js`);
  const entryPoints = [join(root, 'lambda', name, 'index.ts')];
  buildSync({
    entryPoints,
    outfile,
    external,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    legalComments: 'none',
    logLevel: 'silent',
  });
  return outfile;
}

const environment = {
  PATH: process.env.PATH,
  AWS_REGION: 'eu-west-1',
  POWERTOOLS_SERVICE_NAME: 'orders',
  POWERTOOLS_METRICS_NAMESPACE: 'fleet/orders',
  ORDERS_TABLE: 'orders-order-table',
  ARCHIVE_BUCKET: 'orders-archive-123456789012-eu-west-1-an',
};

/** Loads a bundle in a Node process of its own, as Lambda does. */
function load(file: string, env: Readonly<Record<string, string | undefined>>) {
  const script = `process.stdout.write(typeof require(${JSON.stringify(file)}).handler)`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    cwd: folder,
    env: { ...env },
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { stdout, stderr };
}

// Kilobytes of 1,000 bytes. Over budget: look for an import of a whole package (zod is imported as a namespace for this reason).
test.each([
  { name: 'order', variable: 'ORDERS_TABLE', whole: 900, own: 300 },
  { name: 'dead-letter', variable: 'ARCHIVE_BUCKET', whole: 950, own: 300 },
])('the $name function fits its size, loads by itself and names a missing $variable', ({ name, variable, whole, own }) => {
  const file = bundle(name, []);

  expect(statSync(file).size).toBeLessThan(whole * 1000);
  expect(statSync(bundle(name, ['@aws-sdk/*'])).size).toBeLessThan(own * 1000);
  expect(load(file, environment).stdout).toBe('function');
  expect(load(file, { ...environment, [variable]: undefined }).stderr).toContain(`${variable} is not set`);
});
