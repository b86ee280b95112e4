// Rollouts under faults, drawn from seeds, in virtual time: npm run simulate -- --seeds 10000 [--from N] [--workers 2] [--verbose]
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
/** Seeds that a worker takes at once. */
const CHUNK = 50;

if (isMainThread) await main();
else await work();

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const [seeds, from, workers] = [values.seeds, values.from, values.workers].map(Number);
  const bundle = await bundled();
  const { mustReach, runScenario, scenarioOf } = require(bundle);
  if (values.verbose) {
    for (let seed = from; seed < from + seeds; seed += 1) {
      const { trace, violations, hash } = await runScenario(scenarioOf(seed));
      console.log(JSON.stringify(scenarioOf(seed), null, 1));
      console.log(trace.join('\n'));
      for (const { invariant, at, message } of violations) console.log(`VIOLATION ${invariant} at ${at}: ${message}`);
      console.log(`seed ${seed}, trace ${hash}, ${violations.length} violations`);
    }
    return;
  }

  const began = Date.now();
  const coverage = new Map();
  const failures = [];
  let next = from;
  await Promise.all(Array.from({ length: Math.min(workers, Math.ceil(seeds / CHUNK)) }, () => runWorker(bundle)));
  const seconds = (Date.now() - began) / 1000;

  for (const [what, times] of [...coverage].sort()) console.log(`${String(times).padStart(9)}  ${what}`);
  for (const { seed, violations } of failures.sort((left, right) => left.seed - right.seed).slice(0, 20)) {
    console.log(`\nseed ${seed}: again with npm run simulate -- --seeds 1 --from ${seed} --verbose`);
    for (const { invariant, at, message } of violations.slice(0, 5)) console.log(`  ${invariant} at ${at}: ${message}`);
  }
  // A few seeds cannot reach everything.
  const unreached = seeds < 500 ? [] : mustReach.filter((what) => !coverage.has(what));
  if (unreached.length > 0) console.log(`\nnever reached, so this run proves little: ${unreached.join(', ')}`);
  const broken = failures.reduce((sum, { violations }) => sum + violations.length, 0);
  console.log(`\n${seeds} seeds from ${from} in ${seconds.toFixed(1)} s: ${broken} violations in ${failures.length} seeds, ${coverage.size} counters`);
  process.exitCode = failures.length > 0 || unreached.length > 0 ? 1 : 0;

  function runWorker(path) {
    return new Promise((done, failed) => {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { path } });
      const give = () => {
        const left = from + seeds - next;
        if (left <= 0) {
          worker.postMessage(null);
          return;
        }
        worker.postMessage({ from: next, seeds: Math.min(CHUNK, left) });
        next += CHUNK;
      };
      worker.on('message', (result) => {
        for (const [what, times] of Object.entries(result.coverage)) coverage.set(what, (coverage.get(what) ?? 0) + times);
        failures.push(...result.failures);
        give();
      });
      worker.on('error', failed);
      worker.on('exit', done);
      give();
    });
  }
}

async function work() {
  const { simulateSeeds } = require(workerData.path);
  parentPort.on('message', async (range) => {
    if (range === null) parentPort.close();
    else parentPort.postMessage(await simulateSeeds(range));
  });
}

/** Jest's way of loading this many files would take longer than a thousand seeds. */
async function bundled() {
  const outfile = join(root, 'node_modules', '.cache', 'simulate', 'simulate.cjs');
  mkdirSync(dirname(outfile), { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/simulation/simulate-entry.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}
