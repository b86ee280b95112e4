// Rollouts under faults, drawn from seeds, in virtual time: npm run simulate -- --seeds 10000 [--from N] [--workers 2] [--verbose]
// The same over a source with a bug in it (see tools/planted-bugs.mjs): --plant NAME
// Every point at which a controller of 3, 20 or 100 targets can die around a write: npm run simulate -- --crash-points 100
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
/** Seeds that a worker takes at once. */
const CHUNK = 50;
/** Much is made and soon forgotten. */
const resourceLimits = { maxYoungGenerationSizeMb: 256 };

if (isMainThread) await main();
else await work();

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      workers: { type: 'string', default: '2' },
      verbose: { type: 'boolean', default: false },
      'crash-points': { type: 'string' },
      plant: { type: 'string' },
    },
  });
  const [seeds, from, workers] = [values.seeds, values.from, values.workers].map(Number);
  const bundle = await bundled(values.plant);
  const { runScenario, scenarioOf, vacuous } = require(bundle);
  if (values.verbose) {
    for (let seed = from; seed < from + seeds; seed += 1) {
      const { trace, violations, hash } = await runScenario(scenarioOf(seed));
      console.log(JSON.stringify(scenarioOf(seed), null, 1));
      console.log(trace.join('\n'));
      for (const { invariant, at, message } of violations) console.log(`VIOLATION ${invariant} at ${at}: ${message}`);
      console.log(`seed ${seed}, trace ${hash()}, ${violations.length} violations`);
    }
    return;
  }
  if (values['crash-points'] !== undefined) await crashEverywhere({ bundle, targets: Number(values['crash-points']), workers });
  else await simulate({ bundle, seeds, from, workers, vacuous });
}

async function simulate({ bundle, seeds, from, workers, vacuous }) {
  const began = Date.now();
  const coverage = new Map();
  const failures = [];
  await pool(bundle, workers, chunks({ seeds, from }), (result) => {
    for (const [what, times] of Object.entries(result.coverage)) coverage.set(what, (coverage.get(what) ?? 0) + times);
    failures.push(...result.failures);
  });
  const seconds = (Date.now() - began) / 1000;

  for (const [what, times] of [...coverage].sort()) console.log(`${String(times).padStart(9)}  ${what}`);
  for (const { seed, violations } of failures.sort((left, right) => left.seed - right.seed).slice(0, 20)) {
    console.log(`\nseed ${seed}: again with npm run simulate -- --seeds 1 --from ${seed} --verbose`);
    for (const { invariant, at, message } of violations.slice(0, 5)) console.log(`  ${invariant} at ${at}: ${message}`);
  }
  const unreached = vacuous(coverage, seeds);
  if (unreached.length > 0) console.log(`\nnot reached often enough, so this run proves little: ${unreached.join(', ')}`);
  const broken = failures.reduce((sum, { violations }) => sum + violations.length, 0);
  console.log(
    `\n${seeds} seeds from ${from} in ${seconds.toFixed(1)} s: ${broken} violations in ${failures.length} seeds, ${coverage.size} counters`,
  );
  process.exitCode = failures.length > 0 || unreached.length > 0 ? 1 : 0;
}

async function crashEverywhere({ bundle, targets, workers }) {
  const began = Date.now();
  const { crashPoints, undisturbed } = require(bundle);
  const { writes, final } = await undisturbed(targets);
  const points = crashPoints(writes);
  const failures = [];
  const jobs = points.map((point) => ({ targets, point, final }));
  await pool(bundle, workers, jobs, ({ point, problems }) => {
    if (problems.length > 0) failures.push({ point, problems });
  });
  for (const { point, problems } of failures.slice(0, 20)) console.log(`${JSON.stringify(point)}: ${problems[0]}`);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(
    `${points.length} crash points of ${targets} targets (${writes} writes) in ${seconds} s: ${failures.length} end otherwise than undisturbed`,
  );
  process.exitCode = failures.length > 0 ? 1 : 0;
}

function chunks({ seeds, from }) {
  return Array.from({ length: Math.ceil(seeds / CHUNK) }, (_, index) => ({
    from: from + index * CHUNK,
    seeds: Math.min(CHUNK, seeds - index * CHUNK),
  }));
}

/** Has jobs done by so many workers, each taking the next one as soon as it is free. */
function pool(path, workers, jobs, onResult) {
  const left = [...jobs];
  return Promise.all(
    Array.from({ length: Math.min(workers, jobs.length) }, async () => {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { path }, resourceLimits });
      try {
        const broken = new Promise((_done, failed) => worker.on('error', failed));
        for (let job = left.shift(); job !== undefined; job = left.shift()) {
          const result = new Promise((done) => worker.once('message', done));
          worker.postMessage(job);
          onResult(await Promise.race([result, broken]));
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
}

async function work() {
  const { problemsOf, simulateSeeds } = require(workerData.path);
  parentPort.on('message', async (job) => {
    if ('point' in job) parentPort.postMessage({ point: job.point, problems: await problemsOf(job.targets, job.point, job.final) });
    else parentPort.postMessage(await simulateSeeds(job));
  });
}

/** Jest's way of loading this many files would take longer than a thousand seeds. */
async function bundled(planted) {
  const outfile = join(root, 'node_modules', '.cache', 'simulate', planted === undefined ? 'simulate.cjs' : `planted-${planted}.cjs`);
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
    plugins: planted === undefined ? [] : [planting(planted)],
  });
  return outfile;
}

/** Gives esbuild one source with a bug in it. A place that is not there exactly once is an error, never a bug that went unnoticed. */
function planting(name) {
  const bugs = JSON.parse(readFileSync(join(root, 'test', 'planted-bugs', 'planted-bugs.json'), 'utf8'));
  const bug = bugs.find((one) => one.name === name);
  if (!bug) throw new Error(`--plant ${name} is no bug of planted-bugs.json`);
  const path = resolve(root, bug.file);
  return {
    name: 'planted-bug',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, (file) => {
        if (file.path !== path) return undefined;
        const source = readFileSync(path, 'utf8');
        if (source.split(bug.from).length !== 2) throw new Error(`${bug.name}: its place is not exactly once in ${bug.file}: ${bug.from}`);
        return { contents: source.replace(bug.from, () => bug.to), loader: 'ts' };
      }),
  };
}
