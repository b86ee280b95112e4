import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FleetRunner } from './fleet-runner';
import { changeMemory, drive, idsWith, memoryOf, rollOut, sandboxFleet } from './sandbox-fleet';

/** What left the organisation after a rollout was planned, or since it ended. */
const fleets = sandboxFleet({ accounts: 3, regions: 'eu-west-1,us-east-1' });

const LEFT = '200000000003';
const ITS = [`regional/${LEFT}/eu-west-1`, `regional/${LEFT}/us-east-1`];

const change = (fleet: FleetRunner, change: Record<string, unknown>, account = LEFT) =>
  fleet.organize(({ accounts }) => void Object.assign(accounts.find(({ id }) => id === account) ?? {}, change));
const leaves = (fleet: FleetRunner) =>
  fleet.organize((organization) => (organization.accounts = organization.accounts.filter(({ id }) => id !== LEFT)));

/** Ways to leave, with the targets that do, and how that is told. */
const ways: readonly [string, (fleet: FleetRunner) => void, readonly string[], RegExp][] = [
  ['left the organisation', leaves, ITS, /is not in organisation/],
  ['was suspended', (fleet) => change(fleet, { state: 'SUSPENDED' }), ITS, /is SUSPENDED$/],
  ['was moved out of the units', (fleet) => change(fleet, { unit: 'Elsewhere' }), ITS, /unit Elsewhere is not in workloads.units$/],
  [
    'had a region disabled',
    (fleet) => change(fleet, { regions: { 'us-east-1': 'DISABLED' } }),
    ITS.slice(1),
    /region us-east-1 is not enabled/,
  ],
];

async function blockedBy(fleet: FleetRunner, argv: readonly string[]) {
  const { exitCode, report } = await drive(fleet, argv);
  const blocked = idsWith(report, 'blocked');
  const reasons = report.targets.filter(({ outcome }) => outcome === 'blocked').map(({ error }) => `${error?.code} ${error?.message}`);
  return { exitCode, report, blocked, reasons };
}

const memories = async (fleet: FleetRunner, ids: readonly string[]) => Promise.all(ids.map((id) => memoryOf(fleet, id)));

describe('a rollout that is resumed', () => {
  const waiting = async () => {
    const fleet = fleets.deployed();
    fleet.changeWave('rest', { approval: 'required' });
    changeMemory(fleet, 512);
    expect((await rollOut(fleet)).exitCode).toBe(3);
    return fleet;
  };

  test.each(ways)(
    'leaves alone what %s while it waited, and does the rest',
    async (_name, leave, ids, why) => {
      const fleet = await waiting();
      leave(fleet);
      await fleet.run('approve', '--wave', 'rest');
      const { exitCode, report, blocked, reasons } = await blockedBy(fleet, ['resume']);

      expect([exitCode, [...blocked].sort(), report.counts]).toEqual([
        1,
        ids,
        expect.objectContaining({ failed: 0, cancelled: 0, skipped: 0, blocked: ids.length, succeeded: 6 - ids.length }),
      ]);
      for (const reason of reasons) expect(reason).toMatch(why);
      expect(reasons.every((reason) => reason.startsWith('fleet/blocked '))).toBe(true);
      const others = ['regional/200000000001/us-east-1', 'regional/200000000002/eu-west-1', 'regional/200000000002/us-east-1'];
      expect(await memories(fleet, [...others, ...ids])).toEqual([...others.map(() => 512), ...ids.map(() => 1024)]);
    },
    60_000,
  );

  test('deploys where an account left and is back before its turn', async () => {
    const fleet = await waiting();
    change(fleet, { state: 'SUSPENDED' });
    change(fleet, { state: 'ACTIVE' });
    await fleet.run('approve', '--wave', 'rest');
    expect((await drive(fleet, ['resume'])).exitCode).toBe(0);
  }, 60_000);

  test('goes by the last inventory where the organisation cannot be read, and says so', async () => {
    const fleet = await waiting();
    await fleet.run('approve', '--wave', 'rest');
    // What the simulated provider reads stays readable: only accounts cannot be listed.
    change(fleet, { state: 'SUSPENDED' });
    await fleet.run('discover');
    change(fleet, { state: 'ACTIVE' });
    fleet.organize((organization) => (organization.drift = [{ target: '**', on: 'aws:no/such:Type', set: {} }]));
    const { out, report } = await drive(fleet, ['resume']);

    expect(out.join('\n')).toMatch(/"code":"organization-not-read".*it is taken to be as it was at 2/);
    expect(idsWith(report, 'blocked')).toEqual(expect.arrayContaining(ITS));
  }, 60_000);

  test('is aborted without a look at the organisation', async () => {
    const fleet = await waiting();
    leaves(fleet);
    const { exitCode, report } = await drive(fleet, ['abort']);
    expect([exitCode, idsWith(report, 'blocked'), idsWith(report, 'cancelled').length]).toEqual([0, [], 5 + 2]);
  }, 60_000);
});

test('a destroy goes on in an account that left: its targets are what it is for', async () => {
  const fleet = fleets.deployed();
  change(fleet, { unit: 'Elsewhere' });
  const { exitCode, report } = await drive(fleet, ['destroy', '--confirm', 'orders']);
  expect([exitCode, idsWith(report, 'blocked')]).toEqual([0, []]);
}, 60_000);

describe('a rollout that is taken back', () => {
  const changed = async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    const { report } = await rollOut(fleet);
    return { fleet, id: report.rollout };
  };

  test.each([
    ...ways,
    [
      'was excluded',
      (fleet: FleetRunner) => fleet.configure((config) => (config.workloads = { units: ['Workloads/**'], exclude: { accounts: [LEFT] } })),
      ITS,
      /is in workloads.exclude.accounts$/,
    ] as const,
    [
      'is in a region that is removed',
      (fleet: FleetRunner) => fleet.configure((config) => (config.regions = ['eu-west-1'])),
      ['regional/200000000001/us-east-1', 'regional/200000000002/us-east-1', ITS[1] ?? ''],
      /region us-east-1 is not in regions of fleet.yaml$/,
    ] as const,
  ])(
    'leaves alone what %s since, and takes the rest back',
    async (_name, leave, ids, why) => {
      const { fleet, id } = await changed();
      leave(fleet);
      const { exitCode, blocked, reasons } = await blockedBy(fleet, ['rollback', id, '--yes']);
      expect([exitCode, [...blocked].sort()]).toEqual([1, ids]);
      for (const reason of reasons) expect(reason).toMatch(why);
      expect(await memories(fleet, ['regional/200000000001/eu-west-1', ...ids])).toEqual([1024, ...ids.map(() => 512)]);
    },
    60_000,
  );

  test('does not make again what was destroyed since', async () => {
    const { fleet, id } = await changed();
    const destroyed = await drive(fleet, ['destroy', '--account', LEFT, '--confirm', 'orders', '--delete-data']);
    const { exitCode, blocked, reasons } = await blockedBy(fleet, ['rollback', id, '--yes']);
    expect([exitCode, [...blocked].sort(), reasons[0]]).toEqual([
      1,
      ITS,
      `fleet/blocked destroy ${destroyed.report.rollout} destroyed it since, fleet rollout deploys it again`,
    ]);
    expect((await fleet.run('show', ITS[0] ?? '')).exitCode).toBe(2);
  }, 60_000);

  test('says before it asks what later rollouts changed there, and asks for that as well', async () => {
    const { fleet, id } = await changed();
    changeMemory(fleet, 768);
    const later = await rollOut(fleet);
    change(fleet, { state: 'SUSPENDED' });
    const { out, err } = await fleet.answer('n', 'rollback', id);
    const text = [...out, ...err].join('\n');
    expect(text).toMatch(
      new RegExp(
        `rollout ${later.report.rollout} \\(release \\w{12}\\) changed 4 of these since, and its release and settings there go as well`,
      ),
    );
    expect(text).toContain(`BLOCKED, LEFT AS IT IS`);
    const yes = await fleet.run('rollback', id, '--yes');
    expect([...yes.out, ...yes.err].join('\n')).toMatch(/warning: rollout .* changed 4 of these since/);
  }, 60_000);

  test('is refused where all of it left, with the reason', async () => {
    const { fleet, id } = await changed();
    fleet.organize(({ accounts }) => accounts.filter(({ unit }) => unit === 'Workloads/Prod').forEach((one) => (one.state = 'SUSPENDED')));
    const { exitCode, err } = await fleet.run('rollback', id, '--yes');
    expect([exitCode, err.join()]).toEqual([
      2,
      expect.stringMatching(/^user\/nothing-to-roll-back: .* is SUSPENDED \(and 5 more like it\)$/),
    ]);
  }, 60_000);
});

describe('a plan that was made before', () => {
  test.each(ways)(
    'is rolled out but for what %s since',
    async (_name, leave, ids, why) => {
      const fleet = fleets.deployed();
      changeMemory(fleet, 512);
      const file = join(fleet.directory, 'plan.json');
      await fleet.run('plan', '-o', file);
      leave(fleet);
      const { exitCode, blocked, reasons } = await blockedBy(fleet, ['rollout', file, '--yes']);
      expect([exitCode, [...blocked].sort()]).toEqual([1, ids]);
      for (const reason of reasons) expect(reason).toMatch(why);
    },
    60_000,
  );

  test('is outdated where anything else is different, and the first such thing is named', async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    const file = join(fleet.directory, 'plan.json');
    await fleet.run('plan', '-o', file);
    leaves(fleet);
    fleet.organize(({ accounts }) => accounts.push({ id: '200000000009', name: 'new', email: 'n@example.com', unit: 'Workloads/Prod' }));
    const { exitCode, err } = await fleet.run('rollout', file, '--yes');
    expect([exitCode, err.at(-1)]).toEqual([
      2,
      expect.stringMatching(
        /^user\/plan-outdated: plan \w{12} of .*plan.json is outdated: regional\/200000000009\/eu-west-1 was not in it; today's is/,
      ),
    ]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 1 });
  }, 60_000);
});
