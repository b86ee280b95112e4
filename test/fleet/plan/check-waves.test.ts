import type { FleetConfig } from '../../../fleet/config/fleet-config';
import { withPreset } from '../../../fleet/config/resolve-config';
import { planDigest } from '../../../fleet/plan/rollout-plan';
import { warningText } from '../../../fleet/plan/settings-review';
import { everything } from '../../../fleet/plan/target-filter';
import { problemsOf } from '../config/problems-of';

import { planOf, recordsAfter, smallFleet } from './plan-fixture';

type Source = FleetConfig['organization']['source'];

/** A fleet with other lines in place of its waves and the rest of its file, on an organisation of this kind; one account stands in Dev. */
function fleetWith(source: Source, waves: string, rest = '') {
  let text = '';
  const { config, inventory } = smallFleet({
    fleet: (initial) => (text = initial.replace(/waves:\n[^]*?(?=limits:)/, () => `${waves}\n`).replace('rollback: wave\n', '') + rest),
    organization: ({ accounts }) =>
      accounts.filter(({ id }) => id === '200000000004').forEach((account) => Object.assign(account, { unit: 'Workloads/Dev' })),
  });
  const organization = source === 'aws' ? { source } : { source, path: '/somewhere/organization.yaml' };
  /** Line and column of what is written behind some words. */
  const behind = (words: string) => {
    const before = text.slice(0, text.indexOf(words) + words.length).split('\n');
    return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  };
  return { fleet: { config: { ...config, organization }, inventory }, behind };
}

/** The lines under `waves:`. */
const waves = (...lines: string[]) => ['waves:', ...lines.map((line) => `  - { ${line} }`), '  - name: rest'].join('\n');

describe('a wave whose filter matches no target of the fleet', () => {
  test.each([
    ['unit: Workloads/Deev', 'unit Workloads/Deev', 'unit: '],
    ['region: ap-southeast-2', 'region ap-southeast-2', 'pick: { region: '],
    ['account: "300000000001"', 'account 300000000001', 'account: '],
    // Only its foundation stands there, which no wave picks.
    ['account: "100000000002"', 'account 100000000002', 'account: '],
    ['environment: staging', 'environment staging', 'environment: '],
    ['tag: Team=nobody', 'tag Team=nobody', 'tag: '],
    ['count: 1, unit: Workloads/Deev', 'unit Workloads/Deev', 'unit: '],
    ['unit: Workloads/Dev, tag: Team=nobody', 'unit Workloads/Dev, tag Team=nobody', 'some, pick: '],
  ])('is refused at its place: %s', (pick, named, words) => {
    const { fleet, behind } = fleetWith('sandbox', waves(`name: some, pick: { ${pick} }`));

    expect(problemsOf(() => planOf(fleet))).toEqual({
      code: 'user/waves',
      problems: [`${behind(words)}: wave some picks by ${named}, which matches no target of the fleet: correct it, or remove the wave`],
    });
  });

  test('is no wave that has nothing to change, or whose share is none', () => {
    const { fleet } = fleetWith('sandbox', waves('name: dev, pick: { percent: 1, unit: Workloads/Dev }'));
    const first = planOf(fleet);
    const records = recordsAfter(first);

    expect(first.waves.map((wave) => wave.group)).not.toContain('dev');
    expect(planOf({ ...fleet, records }).waves).toEqual([]);
    expect(() => planOf({ ...fleet, records, filter: { ...everything, layers: ['foundation'] } })).not.toThrow();
  });
});

// Orders of this fleet are dead letters after 5 x 6 x 30 s: 15 minutes.
describe.each(['recorded', 'aws'] as const)('on an organisation that is %s', (source) => {
  test.each(['24m', '1s', '1499s'])('a bake of %s is refused at its place', (bake) => {
    const { fleet, behind } = fleetWith(source, waves(`name: some, bake: ${bake}, pick: { count: 1 }`));

    expect(problemsOf(() => planOf(fleet))).toEqual({
      code: 'user/waves',
      problems: [
        `${behind('some, bake: ')}: wave some bakes ${bake}, but a fault takes up to 15m to show and 10m to raise an alarm: bake 25m or longer, or set shortBake: true`,
      ],
    });
  });

  test.each([
    ['it is as long as it must be', 'bake: 25m'],
    ['it is said to be short', 'bake: 1m, shortBake: true'],
    ['there is none', 'spread: true'],
  ])('a bake is accepted where %s', (_name, bake) => {
    const { fleet } = fleetWith(source, waves(`name: some, ${bake}, pick: { count: 1 }`));

    expect(planOf(fleet).warnings).toEqual([]);
  });

  test('a traffic watch shorter than two evaluations and the lag of metrics is refused, unless its waves are said to be short', () => {
    const watched = (watch: string, short: boolean) =>
      fleetWith(source, waves(`name: some, shortBake: ${short}, pick: { count: 1 }`), `traffic: { watch: ${watch}, in: [some] }\n`);
    const { fleet, behind } = watched('779s', false);

    expect(problemsOf(() => planOf(fleet))).toEqual({
      code: 'user/waves',
      problems: [
        `${behind('watch: ')}: traffic.watch 779s ends before the alarms of wave some can tell: watch 13m or longer, or set shortBake: true there`,
      ],
    });
    expect(planOf(watched('13m', false).fleet).warnings).toEqual([]);
    expect(planOf(watched('1s', true).fleet).warnings).toEqual([]);
  });

  test('all that is wrong is told at once', () => {
    const { fleet } = fleetWith(
      source,
      waves('name: a, bake: 1m, pick: { count: 1 }', 'name: b, pick: { environment: staging }'),
      'traffic: { watch: 1m, in: [a] }\n',
    );

    expect(problemsOf(() => planOf(fleet)).problems).toHaveLength(3);
  });
});

describe('how long a bake must be', () => {
  const slowDev = 'overrides: [{ match: { unit: Workloads/Dev }, order: { visibilityTimeout: 1h } }]\n';
  const byUnit = (bake: string) =>
    fleetWith(
      'recorded',
      waves('name: prod, bake: 30m, pick: { count: 1, unit: Workloads/Prod }', `name: dev, bake: ${bake}, pick: { unit: Workloads/Dev }`),
      slowDev,
    ).fleet;

  test('goes by the slowest target of the wave itself', () => {
    expect(problemsOf(() => planOf(byUnit('5h'))).problems).toEqual([
      expect.stringContaining('wave dev bakes 5h, but a fault takes up to 5h to show'),
    ]);
    expect(() => planOf(byUnit('310m'))).not.toThrow();
    expect(() => planOf(fleetWith('recorded', waves('name: both, bake: 30m, pick: { region: eu-west-1 }'), slowDev).fleet)).toThrow(
      'wave both bakes 30m, but a fault takes up to 5h to show',
    );
  });

  test('is known before anything changes, where it is too short for every target', () => {
    const records = recordsAfter(planOf(byUnit('6h')));

    expect(() => planOf({ ...byUnit('4h'), records })).toThrow('wave dev bakes 4h');
    expect(() => planOf({ ...byUnit('6h'), records })).not.toThrow();
  });

  test('is not held against a wave of which some targets would do with it', () => {
    const mixed = fleetWith('recorded', waves('name: some, bake: 30m, pick: { count: 1 }'), slowDev).fleet;
    const records = recordsAfter(planOf(mixed));

    expect(() => planOf({ ...mixed, records })).not.toThrow();
  });

  test('is said of a preset where the preset is named, and of a flag without a place', () => {
    const slow = 'overrides: [{ match: { unit: "Workloads/**" }, order: { visibilityTimeout: 1h } }]\n';
    const { fleet, behind } = fleetWith('recorded', 'preset: careful', slow);
    const message = (wave: string, bake: string) =>
      expect.stringContaining(`wave ${wave} bakes ${bake}, but a fault takes up to 5h to show`) as string;

    expect(problemsOf(() => planOf(fleet)).problems).toEqual([message('canary', '1h'), message('rest', '2h')]);
    expect(problemsOf(() => planOf(fleet)).problems[0]).toMatch(new RegExp(`^${behind('preset: ')}: `));
    expect(problemsOf(() => planOf({ ...fleet, config: withPreset(fleet.config, 'careful') })).problems[0]).toMatch(/^wave canary/);
    expect(planOf({ ...fleet, config: withPreset(fleet.config, 'emergency') }).warnings).toEqual([]);
  });
});

describe('on a simulated organisation', () => {
  test('a short bake is a warning, which is no part of the plan digest', () => {
    const { fleet, behind } = fleetWith('sandbox', waves('name: some, bake: 2s, pick: { count: 1 }'));
    const plan = planOf(fleet);

    expect(plan.warnings).toMatchObject([{ code: 'short-watch', targets: 0 }]);
    expect(plan.warnings.map(warningText)).toEqual([
      expect.stringContaining(`/somewhere/fleet.yaml:${behind('bake: ')}: wave some bakes 2s, but`),
    ]);
    expect(planDigest({ ...plan, warnings: [] })).toBe(plan.digest);
  });
});
