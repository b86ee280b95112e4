import type { FleetRunner } from './fleet-runner';
import { drive, idsWith, rollOut, sandboxFleet } from './sandbox-fleet';

/** docs/recovery.md, "Moving": what fleet.yaml moves elsewhere, rolled out. */
const NEW_SHARED = '100000000004';
const NEW_MONITORING = '100000000005';
const SHARED = '100000000002';
const MONITORING = '100000000003';
const fleets = sandboxFleet({ accounts: 2, regions: 'eu-west-1,us-east-1' });

/** A deployed fleet in whose organisation there are two more accounts. */
function deployed(): FleetRunner {
  const fleet = fleets.deployed();
  fleet.organize(({ accounts }) => {
    for (const id of [NEW_SHARED, NEW_MONITORING])
      accounts.push({ id, name: `n${id}`, email: `${id}@example.com`, unit: 'Infrastructure' });
  });
  return fleet;
}

const accounts = (fleet: FleetRunner, change: Readonly<Record<string, string>>) =>
  fleet.configure((config) => (config.accounts = { shared: SHARED, monitoring: MONITORING, ...change }));

async function told(fleet: FleetRunner, ...argv: readonly string[]) {
  const { exitCode, out, err } = await fleet.run(...argv);
  return { exitCode, text: [...out, ...err].join('\n') };
}

async function sinkOf(fleet: FleetRunner, region: string): Promise<string> {
  const { result } = await fleet.run('show', `foundation/${SHARED}/${region}`, '--json');
  return (result as { readonly outputs: { readonly sinkArn: string } }).outputs.sinkArn;
}

test.each([
  ['shared', NEW_SHARED, /fleet.yaml:\d+:\d+: accounts.shared cannot move from 100000000002 to 100000000004 alone/],
  ['monitoring', NEW_MONITORING, /fleet.yaml:\d+:\d+: accounts.monitoring cannot move from 100000000003 to 100000000005 alone/],
])(
  'accounts.%s alone cannot move: plan tells, preflight fails, and rollout refuses before anything is touched',
  async (key, to, why) => {
    const fleet = deployed();
    accounts(fleet, { [key]: to });
    expect(await told(fleet, 'plan')).toEqual({ exitCode: 0, text: expect.stringMatching(why) as string });
    const preflight = await told(fleet, 'preflight');
    expect([preflight.exitCode, preflight.text]).toEqual([1, expect.stringMatching(/FAILED +moves/)]);
    const before = fleet.files();
    expect(await told(fleet, 'rollout', '--yes')).toEqual({ exitCode: 2, text: expect.stringMatching(/^user\/cannot-move: /) as string });
    expect(fleet.files()).toEqual(before);
  },
  60_000,
);

test('both move together: the new ones beside the old, then what reads them, and the old ones go; orders arrive after each step', async () => {
  const fleet = deployed();
  accounts(fleet, { shared: NEW_SHARED, monitoring: NEW_MONITORING });
  expect((await told(fleet, 'plan')).text).toMatch(
    /accounts.shared moves from 100000000002 to 100000000004: foundation is made there beside the old one/,
  );
  expect((await told(fleet, 'preflight')).exitCode).toBe(0);
  const { exitCode, report } = await rollOut(fleet);
  expect([exitCode, report.waves.map(({ name }) => name)]).toEqual([
    0,
    ['foundation/eu-west-1', 'foundation/us-east-1', 'canary', 'rest/eu-west-1', 'rest/us-east-1', 'observability'],
  ]);
  const regional = report.targets.find(({ id }) => id === 'regional/200000000001/eu-west-1');
  expect(regional?.changes).toMatchObject({ create: 0, replace: 1, delete: 0 });
  expect((await told(fleet, 'verify')).exitCode).toBe(0);

  expect((await told(fleet, 'plan')).text).toMatch(/accounts.shared has moved .* fleet destroy --account 100000000002 --layer foundation/);
  for (const argv of [
    ['--account', SHARED, '--layer', 'foundation'],
    ['--account', MONITORING, '--layer', 'observability'],
  ])
    expect((await drive(fleet, ['destroy', ...argv, '--confirm', 'orders', '--delete-data'])).exitCode).toBe(0);
  const after = (await told(fleet, 'plan')).text;
  expect([after.includes('orphans'), after.includes('moved')]).toEqual([false, false]);
  expect((await told(fleet, 'drift')).text).toContain('8 of 8 targets are as they were deployed, 0 drifted');
  expect((await told(fleet, 'verify')).exitCode).toBe(0);
}, 90_000);

test('the shared account moves alone onto the sinks that stand, and the old foundation stays while they are used', async () => {
  const fleet = deployed();
  const sinks = { 'eu-west-1': await sinkOf(fleet, 'eu-west-1'), 'us-east-1': await sinkOf(fleet, 'us-east-1') };
  accounts(fleet, { shared: NEW_SHARED });
  fleet.configure((config) => (config.monitoring = { sinks }));
  expect((await told(fleet, 'preflight')).exitCode).toBe(0);
  expect((await rollOut(fleet)).exitCode).toBe(0);
  expect(await told(fleet, 'destroy', '--account', SHARED, '--layer', 'foundation', '--confirm', 'orders')).toEqual({
    exitCode: 2,
    text: expect.stringMatching(
      /^user\/still-needed: foundation\/100000000002\/eu-west-1 made what .* the sink that monitoring.sinks names/,
    ) as string,
  });
  expect((await told(fleet, 'plan')).text).toMatch(/it made the sink that monitoring.sinks names, and stays as long as that is used/);
  expect((await drive(fleet, ['destroy', '--confirm', 'orders'])).exitCode).toBe(0);
}, 90_000);

test('the home region moves: preflight does not take its dashboards for those of others, and they stand once afterwards', async () => {
  const fleet = deployed();
  fleet.configure((config) => (config.homeRegion = 'us-east-1'));
  expect((await told(fleet, 'plan')).text).toMatch(/homeRegion moves from eu-west-1 to us-east-1: /);
  expect((await told(fleet, 'preflight')).exitCode).toBe(0);
  const { exitCode, report } = await rollOut(fleet);
  expect([exitCode, idsWith(report, 'succeeded').length]).toEqual([0, 8]);
  for (const verb of ['drift', 'verify']) expect([verb, (await told(fleet, verb)).exitCode]).toEqual([verb, 0]);
  expect((await told(fleet, 'plan')).text).toMatch(/: 0 of 8 targets change/);
}, 60_000);

test('a region goes: the plan says how much stays there, and destroy takes it away', async () => {
  const fleet = deployed();
  fleet.configure((config) => (config.regions = ['eu-west-1']));
  expect((await told(fleet, 'plan')).text).toMatch(
    /region us-east-1 is in regions no more: .*4 targets there stay as they are; fleet destroy --region us-east-1/,
  );
  expect((await rollOut(fleet)).exitCode).toBe(0);
  expect((await drive(fleet, ['destroy', '--region', 'us-east-1', '--confirm', 'orders', '--delete-data'])).exitCode).toBe(0);
  expect((await told(fleet, 'plan')).text).not.toMatch(/no more|orphans/);
}, 60_000);

test.each<[string, (fleet: FleetRunner) => void, RegExp]>([
  [
    'the home region is in regions no more',
    (fleet) => fleet.configure((config) => (config.regions = ['us-east-1'])),
    /^user\/fleet-file: .*homeRegion eu-west-1 is not in regions/,
  ],
  [
    'the new shared account is not in the organisation',
    (fleet) => accounts(fleet, { shared: '100000000009' }),
    /^user\/places: .*accounts.shared is 100000000009, which is no account of the organisation/,
  ],
  [
    'the new shared account is suspended',
    (fleet) => {
      accounts(fleet, { shared: NEW_SHARED });
      fleet.organize(({ accounts: all }) => void Object.assign(all.find(({ id }) => id === NEW_SHARED) ?? {}, { state: 'SUSPENDED' }));
    },
    /^user\/places: .*accounts.shared is 100000000004, which is SUSPENDED/,
  ],
  [
    'the new shared account lacks a region',
    (fleet) => {
      accounts(fleet, { shared: NEW_SHARED });
      fleet.organize(
        ({ accounts: all }) => void Object.assign(all.find(({ id }) => id === NEW_SHARED) ?? {}, { regions: { 'us-east-1': 'DISABLED' } }),
      );
    },
    /^user\/places: .*accounts.shared is 100000000004: region us-east-1 is not enabled/,
  ],
])(
  'a rollout is refused where %s',
  async (_name, change, why) => {
    const fleet = deployed();
    change(fleet);
    expect(await told(fleet, 'rollout', '--yes')).toEqual({ exitCode: 2, text: expect.stringMatching(why) as string });
  },
  60_000,
);
