// kill -9 of a real rollout, again and again: npm run kill-test -- [--kills 50] [--targets 100] [--seed N] [--verbose]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    targets: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    verbose: { type: 'boolean', default: false },
  },
});
const [kills, targets, seed] = [values.kills, values.targets, values.seed].map(Number);
const regions = ['eu-west-1', 'us-east-1'];
const accounts = Math.max(1, Math.round(targets / regions.length) - 2);

const outfile = join(root, 'node_modules/.cache/kill-test/kill-rollout.cjs');
mkdirSync(dirname(outfile), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ['test/kill/kill-rollout.ts'],
  ...{ outfile, bundle: true, packages: 'external', platform: 'node', format: 'cjs', target: 'node20', logLevel: 'warning' },
});
const { killRollout } = createRequire(import.meta.url)(outfile);

const folder = mkdtempSync(join(tmpdir(), 'fleet-kill-'));
const began = Date.now();
let broken = true;
try {
  console.log(`seed ${seed}: ${kills} kills of a rollout of ${(accounts + 2) * regions.length} targets`);
  const tell = values.verbose ? (line) => console.log(line) : () => undefined;
  const result = await killRollout({ bin: join(root, 'dist/fleet/bin.js'), folder, accounts, regions, bakeSeconds: 4, kills, seed, tell });
  for (const [place, times] of [...result.deaths].sort()) console.log(`${String(times).padStart(6)}  killed ${place}`);
  console.log('');
  for (const { name, looked, problems } of result.checks)
    console.log(
      `${problems.length === 0 ? '    ok' : 'BROKEN'}  ${name.padEnd(34)} ${String(looked).padStart(6)}  ${problems.slice(0, 3).join('; ')}`,
    );
  const killed = [...result.deaths.values()].reduce((sum, times) => sum + times, 0);
  if (killed < kills) console.log(`BROKEN  it ended after ${killed} of ${kills} kills`);
  broken = killed < kills || result.checks.some(({ problems }) => problems.length > 0);
  const { undisturbed, killed: lived } = result.seconds;
  console.log(
    `\n${result.targets} targets, ${kills} kills: ${broken ? 'BROKEN' : 'ends as the undisturbed one'}; undisturbed ${undisturbed.toFixed(1)} s, killed lives of ${lived.toFixed(1)} s, ${((Date.now() - began) / 1000).toFixed(0)} s in all`,
  );
} finally {
  if (broken) console.log(`left for a look: ${folder}; again with --seed ${seed}`);
  else rmSync(folder, { recursive: true, force: true });
}
process.exitCode = broken ? 1 : 0;
