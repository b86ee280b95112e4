import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FleetRunner } from './fleet-runner';
import { rollOut, sandboxFleet } from './sandbox-fleet';

const fleets = sandboxFleet({ accounts: 1, configure: (fleet) => (fleet.waves = [{ name: 'all', bake: '1s' }]) });
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
const inState = (fleet: FleetRunner, ...path: readonly string[]) => join(fleet.directory, '.fleet', ...path);

test('what a fleet keeps is its owner’s alone, and doctor tells where it is not', async () => {
  const fleet = fleets.built();
  rmSync(inState(fleet), { recursive: true });
  await rollOut(fleet);
  const entries = readdirSync(inState(fleet), { recursive: true, withFileTypes: true });
  const wide = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => (statSync(path).mode & 0o077) !== 0)
    .filter((path) => !path.startsWith(inState(fleet, 'releases') + '/'));
  expect([wide, statSync(inState(fleet)).mode & 0o777, statSync(inState(fleet, 'releases')).mode & 0o777]).toEqual([[], 0o700, 0o700]);

  expect((await fleet.run('doctor')).out.join('\n')).toMatch(/state +ok/);
  chmodSync(inState(fleet), 0o755);
  const told = await fleet.run('doctor');
  expect(told.out.join('\n')).toMatch(/state +warning +.*others can read it \(mode 755\): chmod -R go= /);
}, 60_000);

test('releases that cannot be kept are told in one line, with the folder and what to do', async () => {
  const fleet = fleets.built();
  rmSync(inState(fleet, 'releases'), { recursive: true });
  writeFileSync(inState(fleet, 'releases'), '');
  const { exitCode, err } = await fleet.run('build');

  expect([exitCode, err]).toEqual([1, [matching(/^fleet\/releases-io: [0-9a-f]{64} cannot be kept in folder .*releases: .*; make room there, or let this user/)]]); // prettier-ignore
}, 60_000);

test.each([
  ['empty', ''],
  ['cut short', 'abc'],
])(
  'a note of a build that is %s is built anew',
  async (_how, text) => {
    const fleet = fleets.built();
    await rollOut(fleet);
    const folder = inState(fleet, 'releases', 'by-source');
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), text);
    const { exitCode, out } = await fleet.run('plan');

    expect([exitCode, out[0]]).toEqual([0, matching(/0 of 3 targets change/)]);
  },
  60_000,
);
