// Plants each bug of test/planted-bugs/planted-bugs.json, one at a time, and runs the test that is said to catch it: that very test must fail,
// and pass without the bug. One that names seeds is to be caught by simulated rollouts, by the invariant that it names. Exit 1 where one is not caught. `--only <part of a name>` runs some of them.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const all = JSON.parse(readFileSync(join(root, 'test', 'planted-bugs', 'planted-bugs.json'), 'utf8'));
const bugs = all.filter(({ name }) => name.includes(values.only));
const AT_ONCE = 2;

/** Results by title of one test file, with a bug planted or without. */
function results({ test, title }, bug) {
  const config = bug === undefined ? 'jest.config.js' : 'jest.planted.config.js';
  const args = [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '-c', config, '--json', '-w', '1', test, '-t', title];
  const env = { ...process.env, ...(bug === undefined ? {} : { PLANTED_BUG: bug }) };
  return new Promise((done, fail) => {
    execFile(process.execPath, args, { cwd: root, env, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) => {
      try {
        const { testResults } = JSON.parse(stdout);
        const ran = testResults.flatMap((file) => file.assertionResults).filter(({ status }) => status === 'passed' || status === 'failed');
        const broken = testResults.find((file) => file.status === 'failed' && file.assertionResults.length === 0);
        if (broken) fail(new Error(`${test} does not run: ${broken.message.slice(0, 400)}`));
        else done(ran);
      } catch {
        fail(new Error(`jest gave no result for ${test}: ${stderr.slice(-400)}`));
      }
    });
  });
}

/** Invariants that are broken in a range of seeds, with a bug planted or without. */
function brokenBy({ from, seeds }, bug) {
  const args = [join(root, 'tools', 'simulate.mjs'), '--from', String(from), '--seeds', String(seeds), '--workers', '1'];
  return new Promise((done, fail) => {
    execFile(
      process.execPath,
      [...args, ...(bug === undefined ? [] : ['--plant', bug])],
      { cwd: root, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => {
        if (!/^\d+ seeds from \d+ in /m.test(stdout)) fail(new Error(`the simulation gave no result: ${stderr.slice(-400)}`));
        else done(new Set([...stdout.matchAll(/^ {2}(\S+) at /gm)].map(([, invariant]) => invariant)));
      },
    );
  });
}

/** Seeds are run without a bug once, however many bugs they are for. */
const undisturbed = new Map();

async function checkSimulated({ name, simulate }) {
  const seeds = `${simulate.from} ${simulate.seeds}`;
  if (!undisturbed.has(seeds)) undisturbed.set(seeds, brokenBy(simulate));
  if ((await undisturbed.get(seeds)).size > 0) return 'its seeds break something without the bug as well';
  const broken = await brokenBy(simulate, name);
  return broken.has(simulate.invariant) ? null : `NOT CAUGHT, broken: ${[...broken].join(', ') || 'nothing'}`;
}

async function check(bug) {
  if ('simulate' in bug) return checkSimulated(bug);
  const [without, planted] = [await results(bug), await results(bug, bug.name)];
  if (without.length === 0) return 'no test has that title';
  if (without.some(({ status }) => status === 'failed')) return 'its test fails without the bug as well';
  return planted.some(({ status }) => status === 'failed') ? null : 'NOT CAUGHT';
}

const caughtBy = ({ test, title, simulate }) =>
  simulate ? `seeds ${simulate.from} to ${simulate.from + simulate.seeds - 1}: ${simulate.invariant}` : `${test}: ${title}`;

let missed = 0;
const queue = [...bugs];
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let bug = queue.shift(); bug !== undefined; bug = queue.shift()) {
      const problem = await check(bug).catch((error) => error.message);
      if (problem !== null) missed += 1;
      console.log(
        `${problem === null ? 'caught' : 'MISSED'}  ${bug.name} (${bug.file}) by ${caughtBy(bug)}${problem === null ? '' : ` -- ${problem}`}`,
      );
    }
  }),
);
console.log(`${bugs.length - missed} of ${bugs.length} planted bugs are caught`);
process.exitCode = missed === 0 && bugs.length > 0 ? 0 : 1;
