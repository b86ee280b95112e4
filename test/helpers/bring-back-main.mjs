// Runs the engine of a fleet over its deployed targets with `refresh`, one after another, with nothing of a rollout around it: what each was deployed
// with, as its record tells. Arguments: fleet.yaml, action, provider to attach to or nothing, targets or nothing for all. Prints the results as JSON.
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const productRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const load = (file) => createRequire(import.meta.url)(join(productRoot, 'dist', file));
const { openFleet } = load('fleet/commands/context.js');
const { openEngine } = load('fleet/commands/open-ports.js');
const { inLayerOrder } = load('fleet/commands/deployed-targets.js');
const { openRelease } = load('fleet/release/release-folder.js');
const { systemClock } = load('fleet/system-clock.js');
const { targetSchema } = load('contracts/target.js');
const { runInputsSchema } = load('contracts/target-config.js');

const [file, action, attachProvider, ...only] = process.argv.slice(2);
const fleet = await openFleet(file);
const { signal } = new AbortController();
const reporter = { report: ({ message }) => process.stderr.write(`${message}\n`) };
const context = {
  reporter,
  clock: systemClock,
  cwd: process.cwd(),
  productRoot,
  env: process.env,
  temporary: tmpdir(),
  interrupt: signal,
  cancel: signal,
};
const ports = await openEngine(fleet, { ...context, ...(attachProvider !== '' && { attachProvider }) });
const records = [...(await fleet.store.loadRecords()).values()].filter(({ target }) => only.length === 0 || only.includes(target));
await fleet.store.fetchReleases(records.map(({ current }) => current.release));
const results = [];
for (const { target, current, createdAt } of records.sort((one, other) => inLayerOrder(one.target, other.target))) {
  const servedBefore = [current.live, current.previous].filter((version) => typeof version === 'string');
  const job = {
    id: `brought-back-${Date.now()}/${target}#1`,
    target: targetSchema.parse(target),
    release: openRelease(fleet.store.releases, current.release),
    config: current.config,
    run: runInputsSchema.parse({ createdAt, publish: true, servedBefore }),
    fingerprint: current.fingerprint,
    purpose: 'forward',
    refresh: true,
  };
  results.push({ target, ...(await ports.engine.run(action, job, { signal, onEvent: () => undefined })) });
}
await ports.close();
process.stdout.write(`${JSON.stringify(results)}\n`);
