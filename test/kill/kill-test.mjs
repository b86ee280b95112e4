// kill -9 of a real rollout, again and again: npm run kill-test -- [--kills 50] [--targets 100] [--what rollout|destroy|destroy-data|destroy-account|repair] [--signal SIGKILL|SIGHUP] [--state folder|s3] [--engine sandbox|pulumi] [--seed N] [--verbose]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { build } from 'esbuild';

import obtainEngine from '../../tools/obtain-engine.mjs';
import { obtainMoto } from '../../tools/obtain-python.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    targets: { type: 'string', default: '100' },
    what: { type: 'string', default: 'rollout' },
    signal: { type: 'string', default: 'SIGKILL' },
    state: { type: 'string', default: 'folder' },
    engine: { type: 'string', default: 'sandbox' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    verbose: { type: 'boolean', default: false },
  },
});
const [kills, targets, seed] = [values.kills, values.targets, values.seed].map(Number);
if (!['folder', 's3'].includes(values.state)) throw new Error(`--state ${values.state} is neither folder nor s3`);
if (!['sandbox', 'pulumi'].includes(values.engine)) throw new Error(`--engine ${values.engine} is neither sandbox nor pulumi`);
const regions = ['eu-west-1', 'us-east-1'];
const accounts = Math.max(1, Math.round(targets / regions.length) - 2);

const { killRollout } = await load('kill-rollout');

async function load(name) {
  const outfile = join(root, `node_modules/.cache/kill-test/${name}.cjs`);
  mkdirSync(dirname(outfile), { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [`test/kill/${name}.ts`],
    ...{ outfile, bundle: true, packages: 'external', platform: 'node', format: 'cjs', target: 'node20', logLevel: 'warning' },
  });
  return createRequire(import.meta.url)(outfile);
}

/** An emulated S3, which this process and those it starts find where their environment says. */
async function openS3() {
  const { openS3Place } = await load('s3-place');
  const place = await openS3Place(await obtainMoto({ env: process.env, onAttempt: ({ message }) => console.log(message) }));
  Object.assign(process.env, place.environment);
  return place;
}

if (values.engine === 'pulumi') await obtainEngine();
const folder = mkdtempSync(join(tmpdir(), 'fleet-kill-'));
const began = Date.now();
let broken = true;
const s3 = values.state === 's3' ? await openS3() : undefined;
try {
  console.log(
    `seed ${seed}: ${kills} kills of a ${values.what} of ${(accounts + 2) * regions.length} targets on ${values.engine}${s3 ? ', state on S3' : ''}`,
  );
  const tell = values.verbose ? (line) => console.log(line) : () => undefined;
  const bin = join(root, 'dist/fleet/bin.js');
  // What takes a hang-up for a polite request ends what runs, and is at its end before so many kills: then another fleet takes the rest.
  const [deaths, checks] = [new Map(), new Map()];
  let [killed, fleets, ended] = [0, 0, true];
  while (killed < kills && ended) {
    fleets += 1;
    const round = fleets;
    const at = join(folder, String(fleets));
    mkdirSync(at);
    const result = await killRollout({
      what: values.what,
      signal: values.signal,
      engine: values.engine,
      bin,
      folder: at,
      accounts,
      regions,
      bakeSeconds: 4,
      kills: kills - killed,
      seed: seed + fleets - 1,
      tell,
      ...(s3 && { stateOf: (name) => s3.stateOf(`${name}-${round}`) }),
    });
    for (const [place, times] of result.deaths) deaths.set(place, (deaths.get(place) ?? 0) + times);
    for (const { name, looked, problems } of result.checks) {
      const before = checks.get(name) ?? { looked: 0, problems: [] };
      checks.set(name, { looked: before.looked + looked, problems: [...before.problems, ...problems] });
    }
    const now = [...result.deaths.values()].reduce((sum, times) => sum + times, 0);
    const { undisturbed, killed: lived } = result.seconds;
    console.log(
      `fleet ${fleets}: ${now} kills of ${result.targets} targets; undisturbed ${undisturbed.toFixed(1)} s, killed lives of ${lived.toFixed(1)} s`,
    );
    killed += now;
    ended = now > 0 && result.checks.every(({ problems }) => problems.length === 0);
  }
  for (const [place, times] of [...deaths].sort()) console.log(`${String(times).padStart(6)}  killed ${place}`);
  console.log('');
  for (const [name, { looked, problems }] of checks)
    console.log(
      `${problems.length === 0 ? '    ok' : 'BROKEN'}  ${name.padEnd(34)} ${String(looked).padStart(6)}  ${problems.slice(0, 3).join('; ')}`,
    );
  broken = killed < kills || !ended;
  const requests = s3 ? `, ${s3.requests()} requests to S3` : '';
  console.log(
    `\n${killed} of ${kills} kills: ${broken ? 'BROKEN' : 'each fleet ends as the undisturbed one'}; ${((Date.now() - began) / 1000).toFixed(0)} s in all${requests}`,
  );
} finally {
  await s3?.close();
  if (broken)
    console.log(
      `left for a look: ${folder}; again with --what ${values.what} --signal ${values.signal} --engine ${values.engine} --seed ${seed} --state ${values.state}`,
    );
  else rmSync(folder, { recursive: true, force: true });
}
process.exitCode = broken ? 1 : 0;
