import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sealVersion1 } from '../fleet/state/version-1';

import { earlierFleet } from './earlier-fleet';
import type { FleetRunner } from './fleet-runner';
import { changeMemory, codesOf, rollOut, sandboxFleet } from './sandbox-fleet';

const fleets = sandboxFleet({ accounts: 1, configure: (fleet) => (fleet.waves = [{ name: 'all', bake: '1s' }]) });
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

const inState = (fleet: FleetRunner, ...path: readonly string[]) => join(fleet.directory, '.fleet', ...path);
const beginnings = (fleet: FleetRunner) => readdirSync(inState(fleet, 'begun')).sort();

/** Verbs that would tell, or change, what a rollout did. */
const verbs = [['status'], ['report'], ['plan'], ['rollout', '--yes'], ['resume'], ['rollback', '--yes'], ['abort']] as const;

describe('the beginning of an unfinished rollout', () => {
  test('that was deleted is refused by its name, never told as nothing changed', async () => {
    const fleet = earlierFleet('unfinished');
    const last = beginnings(fleet).at(-1) ?? '';
    rmSync(inState(fleet, 'begun', last));
    for (const argv of verbs) {
      const { exitCode, err } = await fleet.run(...argv);
      expect([argv, exitCode, err.at(-1)]).toEqual([argv, 2, matching(/^user\/state-damaged: begun\/.*3c58\.json is gone: its journal .* docs\/recovery\.md/)]); // prettier-ignore
    }
    fleet.remove();
  }, 60_000);

  test.each([
    [
      'a plan',
      (fleet: FleetRunner) => join('plans', readdirSync(inState(fleet, 'plans'))[0] ?? ''),
      /it is the plan that was kept as plans/,
    ],
    ['the inventory', () => 'inventory.json', /it is the inventory that was kept as inventory.json/],
    ['another beginning', (fleet: FleetRunner) => join('begun', beginnings(fleet)[0] ?? ''), /it is the begun that was kept as begun/],
  ])(
    'that is %s now is refused by its name',
    async (_what, other, message) => {
      const fleet = fleets.deployed();
      changeMemory(fleet, 512);
      await rollOut(fleet);
      const last = beginnings(fleet).at(-1) ?? '';
      const from = inState(fleet, other(fleet));
      const body = readFileSync(from, 'utf8') || readFileSync(join(`${from}~`, readdirSync(`${from}~`).find((name) => name.startsWith('body')) ?? ''), 'utf8'); // prettier-ignore
      writeFileSync(inState(fleet, 'begun', last), body);
      for (const argv of verbs) {
        const { exitCode, err } = await fleet.run(...argv);
        expect([argv, exitCode, err.at(-1)]).toEqual([argv, 2, matching(/^user\/state-damaged: begun\//)]);
        expect(err.at(-1)).toMatch(message);
      }
    },
    60_000,
  );
});

test('records and a beginning that were exchanged are refused, never read as empty', async () => {
  const fleet = fleets.deployed();
  const [first = ''] = beginnings(fleet);
  renameSync(inState(fleet, 'records.json'), inState(fleet, 'kept'));
  renameSync(inState(fleet, 'begun', first), inState(fleet, 'records.json'));
  renameSync(inState(fleet, 'kept'), inState(fleet, 'begun', first));
  for (const argv of [['prune', '--dry-run'], ['drift'], ['show', 'regional/200000000001/eu-west-1']]) {
    const { exitCode, err } = await fleet.run(...argv);
    expect([argv, exitCode, err.at(-1)]).toEqual([argv, 2, matching(/^user\/state-damaged: records.json is damaged: it is the begun that was kept as begun\//)]); // prettier-ignore
  }
}, 60_000);

describe('an inventory that cannot be read', () => {
  const takenAt = '2026-01-01T00:00:00.000Z';
  test.each([
    [
      'of another version',
      () => sealVersion1({ version: 2, takenAt }),
      /inventory has version 2, this fleet reads 1: run fleet discover again/,
    ],
    ['without accounts', () => sealVersion1({ version: 1, takenAt }), /inventory is damaged: run fleet discover again/],
    ['cut short', (body: string) => body.slice(0, 100), /inventory.json is damaged: its end is missing; run fleet discover again/],
    ['empty', () => '', /inventory.json is damaged: its end is missing; run fleet discover again/],
  ])(
    '%s is told by plan, and taken anew by discover',
    async (_how, change, message) => {
      const fleet = fleets.built();
      await fleet.run('discover');
      const path = inState(fleet, 'inventory.json');
      writeFileSync(path, change(readFileSync(path, 'utf8')));
      const refused = await fleet.run('plan');
      expect([refused.exitCode, refused.err.at(-1)]).toEqual([2, matching(message)]);
      const anew = await fleet.run('discover', '--json');

      expect([anew.exitCode, codesOf(anew)]).toEqual([0, ['inventory-replaced', 'result']]);
      expect((await fleet.run('plan')).exitCode).toBe(0);
      expect(codesOf(await fleet.run('discover', '--json'))).toEqual(['result']);
    },
    60_000,
  );
});
