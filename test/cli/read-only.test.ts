import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { FleetRunner } from './fleet-runner';
import { startFleet } from './lost-output';
import { changeMemory, drive, rollOut, sandboxFleet } from './sandbox-fleet';

const FIRST = 'regional/200000000001/eu-west-1';
const fleets = sandboxFleet({ accounts: 2 });
const isRoot = process.getuid?.() === 0;

/** Root may write whatever a file's mode says, but for this right of its own. */
const bound = isRoot ? 'exec setpriv --bounding-set=-dac_override,-dac_read_search' : 'exec';

/** Everything below a folder and the folder itself, with or without the right to write. */
function setWritable(folder: string, writable: boolean): void {
  if (!existsSync(folder)) return;
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) setWritable(join(folder, entry.name), writable);
    else chmodSync(join(folder, entry.name), writable ? 0o600 : 0o400);
  chmodSync(folder, writable ? 0o700 : 0o500);
}

let shut: FleetRunner[] = [];
afterEach(() => {
  shut.forEach(({ directory }) => setWritable(directory, true));
  shut = [];
});

/** Runs a verb that may read the fleet's folder and not write it; nothing in there is another than before. */
async function read(fleet: FleetRunner, line: string) {
  shut.push(fleet);
  setWritable(fleet.directory, false);
  const before = fleet.contents();
  const ran = await startFleet(fleet, line.split(' '), { shell: bound }).ended;
  expect(fleet.contents()).toEqual(before);
  return { ...ran, told: ran.err.split('\n').filter((text) => text !== '' && !text.includes('shortBake: true')) };
}

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const notKept = (what: string) => [expect.stringMatching(new RegExp(`^warning: ${what}: state .* cannot be written: EACCES`)) as string];

describe('whoever may read the state and not write it', () => {
  test.each([
    ['plan', notKept('plan [0-9a-f]{12} is not kept')],
    ['plan --json', []],
    [`preview ${FIRST}`, notKept('plan [0-9a-f]{12} is not kept')],
    ['audit', notKept('when these findings were first seen is not kept')],
    [`cost --from ${daysAgo(20)} --to ${daysAgo(10)}`, notKept('these costs are not kept, and are paid for again the next time')],
    ['discover', notKept('this inventory is not kept')],
    ['drift', []],
    ['status', []],
    ['status --health', []],
    [`show ${FIRST}`, []],
    ['report', []],
    ['report --kpi', []],
    ['dlq list', []],
    ['dashboards', []],
    ['preflight', []],
    ['verify --no-order', []],
  ])('is given the result of %s, and told in one line what is not kept', async (line, told) => {
    expect(await read(fleets.deployed(), line)).toMatchObject({ exitCode: 0, told });
  });

  test('sees what a change would do, with a release that cannot be kept', async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    rmSync(join(fleet.directory, '.fleet/releases/by-source'), { recursive: true });
    const { exitCode, out } = await read(fleet, 'plan --preview --detailed-exitcode');

    expect([exitCode, out]).toEqual([4, expect.stringMatching(/3 of 4 targets change[^]*nothing in it cannot be undone/)]);
  });

  test('sees what drifted', async () => {
    const fleet = fleets.deployed();
    fleet.organize((organization) => {
      organization.drift = [{ target: FIRST, on: 'aws:lambda/function:Function', set: { memorySize: 128 } }];
    });

    expect(await read(fleet, 'drift --detailed-exitcode')).toMatchObject({ exitCode: 4, told: [] });
  });

  test.each(['plan', 'discover', 'preflight', 'cost'])('needs no state for a first %s', async (line) => {
    const fleet = fleets.built();
    rmSync(join(fleet.directory, '.fleet'), { recursive: true });
    const { exitCode, told } = await read(fleet, line);

    expect(exitCode).toBe(0);
    expect(told.length).toBeLessThanOrEqual(1);
  });

  test.each(['rollout --yes', 'destroy --confirm orders'])('is refused a %s', async (line) => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);

    expect(await read(fleet, line)).toMatchObject({ exitCode: 1, told: [expect.stringMatching(/^fleet\/state-io: state .*EACCES/)] });
  });
});

/** Whether any user may get at a path; a clone in root's home cannot be run by others. */
function isOpenToAll(path: string): boolean {
  return (statSync(path).mode & 0o001) !== 0 && (path === dirname(path) || isOpenToAll(dirname(path)));
}

describe('a user without a name or a home', () => {
  const NAMELESS = 12_345;
  const isOther = isRoot && isOpenToAll(__dirname);

  test.each(['plan', 'rollout --yes', 'drift', 'audit', `show ${FIRST}`, 'doctor', 'destroy --confirm orders'])(
    'can run %s',
    async (line) => {
      const fleet = fleets.deployed();
      const { HOME: _, ...env } = process.env;
      if (isOther)
        for (const path of ['.', ...readdirSync(fleet.directory, { recursive: true, encoding: 'utf8' })])
          chownSync(join(fleet.directory, path), NAMELESS, NAMELESS);
      const shell = isOther ? `exec setpriv --reuid ${NAMELESS} --regid ${NAMELESS} --clear-groups` : 'exec';
      const { exitCode, err } = await startFleet(fleet, line.split(' '), { shell, env }).ended;

      expect(err).not.toMatch(/defect of fleet|uv_os/);
      expect(exitCode).toBe(0);
    },
  );
});

describe('whoever may write messages and nothing else of the state', () => {
  /** Runs a verb with a right to write below the last rollout's inbox alone. */
  async function ask(fleet: FleetRunner, line: string) {
    shut.push(fleet);
    const rollouts = join(fleet.directory, '.fleet/rollouts');
    const inbox = join(rollouts, readdirSync(rollouts).sort().at(-1) ?? '', 'inbox');
    mkdirSync(inbox, { recursive: true });
    setWritable(fleet.directory, false);
    chmodSync(inbox, 0o700);
    const ran = await startFleet(fleet, line.split(' '), { shell: bound }).ended;
    setWritable(fleet.directory, true);
    return ran;
  }

  test.each([
    ['approve', /approved/, 0, 'succeeded'],
    ['pause', /paused by/, 3, null],
    ['abort --reason enough', /aborted by/, 1, 'aborted'],
    ['limits --max-concurrent 1', /limits set by/, 3, null],
  ])(
    'leaves what %s asks, says that the next resume takes it, and it does',
    async (line, told, exitCode, outcome) => {
      const fleet = fleets.deployed();
      fleet.changeWave('rest', { approval: 'required' });
      changeMemory(fleet, 512);
      expect((await rollOut(fleet)).exitCode).toBe(3);

      const asked = await ask(fleet, line);
      expect([asked.exitCode, asked.err, asked.out]).toEqual([
        0,
        '',
        expect.stringMatching(/^rollout \S+: \w+ by \S+ is left in its inbox, and taken by the next resume: fleet resume \S+, by somebody who may deploy/), // prettier-ignore
      ]);
      const resumed = await drive(fleet, ['resume']);
      expect([resumed.exitCode, resumed.report.outcome, resumed.out.join('\n')]).toEqual([exitCode, outcome, expect.stringMatching(told)]);
    },
    60_000,
  );
});
