// What a function costs at its start and per order on Node 24, by how it is bundled: npm run bench:lambda -- [--rounds 15] [--only released,unbundled]
// Cold start: a fresh process loads the code (init), then takes its first order (first). Lambda has no compile cache for it; its column is for comparison.
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';

import { build } from 'esbuild';

import { findNode24 } from './node24/index.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(join(root, 'dist', 'fleet', 'bin.js'));
const { buildLambda } = require('./release/build-release');
const { lambdaOptions } = require('./release/bundle-options');

/** Changes of the released options, each alone; `null` is the release itself. */
const VARIANTS = {
  released: null,
  'main field first': { mainFields: ['main', 'module'] },
  'no keepNames': { keepNames: false },
  'not minified': { minify: false },
  'ES module': {
    format: 'esm',
    banner: {
      js: "import{createRequire as $makeRequire}from'node:module';const require=$makeRequire(import.meta.url),__filename=import.meta.filename;",
    },
  },
  'map of everything': { plugins: [] },
  'SDK not bundled': { external: ['@aws-sdk/*', '@smithy/*'] },
  "import { z } from 'zod'": { plugins: [namedZod(), ...lambdaOptions.plugins] },
  'maps read by Node': 'maps read by Node',
  unbundled: 'unbundled',
};

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' }, only: { type: 'string' } } });
const folder = mkdtempSync(join(tmpdir(), 'fleet-bench-lambda-'));
try {
  await bench(Number(values.rounds), values.only?.split(',') ?? Object.keys(VARIANTS));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(rounds, names) {
  const node = findNode24();
  console.log(`Node ${node.version}${node.insteadBecause ? ` (${node.insteadBecause})` : ''}, ${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}; ${rounds} fresh processes each, in turn`); // prettier-ignore
  // Outside the clone nothing but a bundle itself is found, as on Lambda; the two that need it are given node_modules.
  const { FunctionProcess, FakeOrdersTable, serveWire } = await runtime();
  const server = await serveWire(new FakeOrdersTable('orders-order-table').handle);
  const setups = [];
  for (const name of names) setups.push(await setupOf(name, { node: node.path, url: server.url }));

  const times = new Map(setups.map((setup) => [setup, { init: [], first: [], cached: [] }]));
  for (const setup of setups) await coldStart(FunctionProcess, cached(setup));
  for (let round = 0; round < rounds; round += 1)
    for (const setup of setups) {
      const { init, first } = await coldStart(FunctionProcess, setup);
      times.get(setup).init.push(init);
      times.get(setup).first.push(first);
      times.get(setup).cached.push((await coldStart(FunctionProcess, cached(setup))).init);
    }
  const row = (name, cells) => console.log(`${name.padEnd(26)}${cells.map((cell) => cell.padStart(14)).join('')}`);
  console.log('\nmilliseconds: median of processor time (smallest by the clock)');
  row('order function', ['code kB', 'zip kB', 'init', 'first order', 'init cached']);
  for (const setup of setups) {
    const { init, first, cached: warm } = times.get(setup);
    row(setup.name, [kb(setup.bytes), kb(setup.zipBytes), costText(init), costText(first), costText(warm)]);
  }
  console.log(
    '\norders per second, batches of 10, one environment, against an HTTP fake of DynamoDB on the same machine; processor ms an order',
  );
  const rivals = setups.filter(({ name }) => ['released', 'unbundled'].includes(name));
  const rates = await ordersPerSecond(FunctionProcess, rivals);
  for (const setup of rivals) row(setup.name, [rates.get(setup).perSecond, rates.get(setup).cpuMs]);
  await server.close();
}

/** One variant's code in a folder of its own, and how it is run. */
async function setupOf(name, { node, url }) {
  const directory = join(folder, name.replace(/\W+/g, '-'));
  mkdirSync(directory);
  const variant = VARIANTS[name];
  if (variant === undefined) throw new Error(`--only ${name}: there is ${Object.keys(VARIANTS).join(', ')}`);
  const needsModules = variant === 'unbundled' || variant?.external !== undefined;
  if (needsModules) symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  let handler = 'index.handler';
  if (variant === null || variant === 'maps read by Node') {
    const { code, map } = await buildLambda(root, 'order');
    writeFileSync(join(directory, 'index.js'), code);
    writeFileSync(join(directory, 'index.js.map'), map);
  } else if (variant === 'unbundled') {
    handler = 'lambda/order/index.handler';
    const files = ['lambda/order', 'lambda/common', 'contracts'].flatMap((part) =>
      readdirSync(join(root, part)).map((file) => join(root, part, file)),
    );
    await build({ entryPoints: files, outbase: root, outdir: directory, platform: 'node', format: 'cjs', target: 'node24', logLevel: 'warning' }); // prettier-ignore
  } else {
    const options = {
      ...lambdaOptions,
      absWorkingDir: root,
      entryPoints: ['lambda/order/index.ts'],
      write: true,
    };
    await build({ ...options, ...variant, outfile: join(directory, 'index.js') });
    if (variant.format === 'esm') writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  }
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const contents = files.map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  return {
    name,
    bytes: needsModules ? undefined : statSync(join(directory, 'index.js')).size,
    zipBytes: needsModules ? undefined : contents.reduce((sum, content) => sum + deflateRawSync(content).length, 0),
    node,
    directory,
    handler,
    functionName: 'orders-order',
    functionVersion: '8',
    memoryMb: 1024,
    timeoutSeconds: 30,
    variables: {
      ORDERS_TABLE: 'orders-order-table',
      POWERTOOLS_SERVICE_NAME: 'orders-order',
      POWERTOOLS_METRICS_NAMESPACE: 'fleet/orders',
      ...(variant === 'maps read by Node' ? { NODE_OPTIONS: '--enable-source-maps' } : {}),
    },
    surroundings: { AWS_ENDPOINT_URL_DYNAMODB: url },
  };
}

function cached(setup) {
  return { ...setup, surroundings: { ...setup.surroundings, NODE_COMPILE_CACHE: join(setup.directory, 'cache') } };
}

async function coldStart(FunctionProcess, setup) {
  const environment = await FunctionProcess.start(setup);
  await environment.invoke(event(1));
  await environment.close();
  return { init: environment.initCost, first: environment.lastCost };
}

function event(count) {
  const Records = Array.from({ length: count }, () => {
    const messageId = randomUUID();
    const order = { schemaVersion: 1, orderId: `order-${messageId}`, customerId: 'customer-1', currency: 'EUR' };
    const items = Array.from({ length: 3 }, (_, line) => ({ sku: `sku-${line}`, quantity: 2, unitPriceMinor: 1250 }));
    const attributes = { ApproximateReceiveCount: '1', SentTimestamp: '1772618399000' };
    return { messageId, body: JSON.stringify({ ...order, items, placedAt: '2026-03-04T09:59:58Z' }), attributes };
  });
  return { Records };
}

async function ordersPerSecond(FunctionProcess, setups) {
  const runs = [];
  for (const setup of setups) runs.push({ setup, environment: await FunctionProcess.start(setup), rates: [], cpu: [] });
  for (let turn = 0; turn < 8; turn += 1)
    for (const { environment, rates, cpu } of runs) {
      let spent = 0;
      const began = performance.now();
      for (let batch = 0; batch < 40; batch += 1) {
        await environment.invoke(event(10));
        spent += environment.lastCost.cpuMs;
      }
      if (turn === 0) continue; // Warm by then.
      rates.push(400_000 / (performance.now() - began));
      cpu.push(spent / 400);
    }
  for (const { environment } of runs) await environment.close();
  return new Map(runs.map(({ setup, rates, cpu }) => [setup, { perSecond: median(rates).toFixed(0), cpuMs: median(cpu).toFixed(2) }]));
}

/** The harness of the tests, from TypeScript. */
async function runtime() {
  const source = ['function-process', 'fake-orders-table', 'wire-server'].map((file) => `export * from './test/lambda/runtime/${file}';`);
  const outfile = join(folder, 'runtime', 'runtime.cjs');
  await build({
    stdin: { contents: source.join('\n'), resolveDir: root, loader: 'ts' },
    ...{ bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'warning' },
  });
  cpSync(join(root, 'test/lambda/runtime/bootstrap.cjs'), join(folder, 'runtime', 'bootstrap.cjs'));
  return require(outfile);
}

/** The other way to import zod, in our own sources. */
function namedZod() {
  return {
    name: 'named-zod',
    setup: ({ onLoad }) =>
      onLoad({ filter: /[/\\](contracts|lambda)[/\\].*\.ts$/ }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replace("import * as z from 'zod'", "import { z } from 'zod'"),
        loader: 'ts',
      })),
  };
}

function median(all) {
  const sorted = [...all].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}

function costText(costs) {
  return `${median(costs.map(({ cpuMs }) => cpuMs)).toFixed(0)} (${Math.min(...costs.map(({ ms }) => ms)).toFixed(0)})`;
}

function kb(bytes) {
  return bytes === undefined ? '-' : (bytes / 1000).toFixed(0);
}
