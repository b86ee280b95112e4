import type { FleetRunner } from './fleet-runner';
import { drive, idsWith, rollOut, sandboxFleet } from './sandbox-fleet';

/** Targets that nothing can reach any more, and what is left of them once somebody has let go of them. */
const fleets = sandboxFleet({ accounts: 3, regions: 'eu-west-1,us-east-1' });

const LOST = '200000000003';
const HERE = `regional/${LOST}/eu-west-1`;
const THERE = `regional/${LOST}/us-east-1`;

async function told(fleet: FleetRunner, ...argv: readonly string[]) {
  const { exitCode, out, err } = await fleet.run(...argv);
  return { exitCode, text: [...out, ...err].join('\n') };
}

const forget = (fleet: FleetRunner, target: string, ...more: readonly string[]) =>
  told(fleet, 'forget', target, '--reason', 'ticket 12', '--confirm', 'orders', ...more);

const change = (fleet: FleetRunner, change: Record<string, unknown>) =>
  fleet.organize(({ accounts }) => void Object.assign(accounts.find(({ id }) => id === LOST) ?? {}, change));

test('of a closed account: drift, audit, verify, health and plan are clean of it, and the foundation can be destroyed', async () => {
  const fleet = fleets.deployed();
  change(fleet, { state: 'SUSPENDED' });
  expect((await told(fleet, 'drift')).exitCode).toBe(1);
  expect((await forget(fleet, HERE)).exitCode).toBe(0);
  const { result } = await fleet.run('forget', THERE, '--reason', 'ticket 12', '--confirm', 'orders', '--json');
  expect(result).toEqual({
    version: 1,
    target: THERE,
    forgotten: { at: expect.stringMatching(/^2\d{3}-/) as string, by: expect.any(String) as string, reason: 'ticket 12' },
  });

  expect((await told(fleet, 'drift')).text).toContain('8 of 8 targets are as they were deployed, 0 drifted, 0 not checked');
  for (const argv of [['audit'], ['verify', '--no-order'], ['status', '--health'], ['plan']]) {
    const { exitCode, text } = await told(fleet, ...argv);
    expect([argv[0], exitCode, text.includes(`${LOST}/`)]).toEqual([argv[0], 0, argv[0] === 'plan']);
  }
  const plan = await told(fleet, 'plan');
  expect(plan.text).not.toContain('orphans');
  expect((await rollOut(fleet)).exitCode).toBe(0);
  expect((await told(fleet, 'plan')).text).toMatch(/: 0 of 8 targets change/);
  expect(await told(fleet, 'destroy', '--confirm', 'orders')).toMatchObject({
    exitCode: 0,
    text: expect.stringContaining('8 succeeded of 8 targets') as string,
  });
}, 60_000);

test('back again it is new, what stands is taken over with the time of its first creation, and there is no tombstone any more', async () => {
  const fleet = fleets.deployed();
  change(fleet, { state: 'SUSPENDED' });
  await forget(fleet, HERE);
  change(fleet, { state: 'ACTIVE' });
  expect((await told(fleet, 'plan')).text).toMatch(/new/);
  const back = await rollOut(fleet);
  expect([back.exitCode, idsWith(back.report, 'succeeded')]).toEqual([0, expect.arrayContaining([HERE])]);
  expect(back.report.targets.find(({ id }) => id === HERE)).toMatchObject({ changes: { create: 0, delete: 0, replace: 0 } });
  expect(await told(fleet, 'forget', HERE, '--reason', 'x', '--confirm', 'orders')).toMatchObject({
    exitCode: 1,
    text: expect.stringMatching(/^fleet\/still-reached: /) as string,
  });
}, 60_000);

test.each<[string, (fleet: FleetRunner) => void, RegExp]>([
  [
    'that left the organisation',
    (fleet) => fleet.organize((one) => (one.accounts = one.accounts.filter(({ id }) => id !== LOST))),
    /is not in organisation/,
  ],
  ['that is being closed', (fleet) => change(fleet, { state: 'PENDING_CLOSURE' }), /is PENDING_CLOSURE/],
  ['whose region is disabled', (fleet) => change(fleet, { regions: { 'eu-west-1': 'DISABLED' } }), /region eu-west-1 is not enabled/],
  [
    'whose region is disabled and in fleet.yaml no more',
    (fleet) => {
      change(fleet, { regions: { 'eu-west-1': 'DISABLED' } });
      fleet.configure((config) => Object.assign(config, { regions: ['us-east-1'], homeRegion: 'us-east-1' }));
    },
    /region eu-west-1 is not enabled/,
  ],
  [
    'whose deploy role is gone',
    (fleet) => fleet.plant({ target: `regional/${LOST}/*`, kind: 'role-missing' }),
    /role\/fleet\/orders\/orders-deploy cannot be assumed/,
  ],
])(
  'a target is let go of in an account %s',
  async (_name, lose, why) => {
    const fleet = fleets.deployed();
    lose(fleet);
    expect(await forget(fleet, HERE)).toMatchObject({ exitCode: 0, text: expect.stringMatching(why) as string });
    // Twice says what was done, and does nothing.
    const again = await told(fleet, 'forget', HERE, '--reason', 'another', '--confirm', 'orders');
    expect([again.exitCode, again.text]).toEqual([0, expect.stringMatching(/was forgotten already, at .* by .*: ticket 12$/)]);
  },
  30_000,
);

test.each<[string, (fleet: FleetRunner) => void, number, RegExp]>([
  [
    'it can still be reached',
    () => undefined,
    1,
    /^fleet\/still-reached: .*fleet destroy --layer regional --account 200000000003 --region eu-west-1/,
  ],
  [
    'it is only excluded',
    (fleet) => fleet.configure((config) => (config.workloads = { units: ['Workloads/**'], exclude: { accounts: [LOST] } })),
    1,
    /^fleet\/still-reached: /,
  ],
  ['no role at all is to be had', (fleet) => fleet.plant({ target: '**', kind: 'role-missing' }), 1, /^fleet\/reach-unknown: .*neither/],
  [
    'the organisation cannot be read',
    (fleet) => fleet.edit('organization.yaml', (text) => `${text}\n: [`),
    1,
    /^fleet\/reach-unknown: nobody can tell whether .* can be reached: the organisation cannot be read/,
  ],
])(
  'nothing is forgotten where %s',
  async (_name, lose, exitCode, why) => {
    const fleet = fleets.deployed();
    lose(fleet);
    const before = fleet.contents()['.fleet/records.json'];
    expect(await forget(fleet, HERE)).toEqual({ exitCode, text: expect.stringMatching(why) as string });
    expect(fleet.contents()['.fleet/records.json']).toBe(before);
  },
  30_000,
);

test.each<[readonly string[], RegExp]>([
  [[`regional/200000000009/eu-west-1`, '--reason', 'x', '--confirm', 'orders'], /^user\/not-deployed: .* is not deployed; did you mean /],
  [['nonsense', '--reason', 'x', '--confirm', 'orders'], /^user\/invalid-flag: target "nonsense" is not <layer>/],
  [[HERE, '--confirm', 'orders'], /^user\/invalid-flag: --reason is missing or empty/],
  [[HERE, '--reason', '  ', '--confirm', 'orders'], /^user\/invalid-flag: --reason is missing or empty/],
  [[HERE, '--reason', 'x', '--yes'], /^user\/not-confirmed: --yes does not confirm a forget/],
  [
    [HERE, '--reason', 'x', '--confirm', 'other'],
    /user\/not-confirmed: "other" is not the name of this fleet, orders: nothing was forgotten/,
  ],
])(
  '%j is refused before anything is touched',
  async (argv, why) => {
    const fleet = fleets.deployed();
    change(fleet, { state: 'SUSPENDED' });
    expect(await told(fleet, 'forget', ...argv)).toEqual({ exitCode: 2, text: expect.stringMatching(why) as string });
  },
  30_000,
);

test.each<[string, number, RegExp]>([
  ['orders', 0, /is forgotten: ticket 12/],
  ['y', 2, /user\/not-confirmed: "y" is not the name of this fleet, orders: nothing was forgotten/],
])(
  'the name is asked for: %s ends it with %i',
  async (typed, exitCode, why) => {
    const fleet = fleets.deployed();
    change(fleet, { state: 'SUSPENDED' });
    const { out, err, ...ran } = await fleet.answer(typed, 'forget', HERE, '--reason', 'ticket 12');
    expect([ran.exitCode, [...out, ...err].join('\n')]).toEqual([exitCode, expect.stringMatching(why)]);
  },
  30_000,
);

test('not while a rollout has not ended; after its abort also a target that it named, and was never whole', async () => {
  const fleet = fleets.built();
  fleet.plant({ target: HERE, kind: 'create-fails', on: 'aws:lambda/alias:Alias' });
  fleet.changeWave('rest', { approval: 'required', failureTolerance: 9 });
  expect((await rollOut(fleet)).exitCode).toBe(3);
  change(fleet, { state: 'SUSPENDED' });
  expect(await forget(fleet, 'foundation/100000000002/eu-west-1')).toEqual({
    exitCode: 1,
    text: expect.stringMatching(/^fleet\/unfinished: /) as string,
  });
  await told(fleet, 'abort');
  expect(await forget(fleet, HERE)).toEqual({ exitCode: 2, text: expect.stringMatching(/^user\/not-deployed: /) as string });

  change(fleet, { state: 'ACTIVE' });
  fleet.changeWave('rest', { approval: 'none' });
  expect(idsWith((await rollOut(fleet)).report, 'failed')).toEqual([HERE]);
  change(fleet, { state: 'SUSPENDED' });
  expect((await forget(fleet, HERE)).exitCode).toBe(0);
  expect((await told(fleet, 'drift', '--region', 'eu-west-1')).exitCode).toBe(0);
}, 60_000);

test('a rollback does not make again what was forgotten since', async () => {
  const fleet = fleets.deployed();
  fleet.configure((config) => (config.order.memoryMb = 512));
  const { report } = await rollOut(fleet);
  change(fleet, { state: 'SUSPENDED' });
  await forget(fleet, HERE);
  change(fleet, { state: 'ACTIVE' });
  const back = await drive(fleet, ['rollback', report.rollout, '--yes']);
  expect([back.exitCode, idsWith(back.report, 'blocked')]).toEqual([1, [HERE]]);
  expect(back.report.targets.find(({ id }) => id === HERE)?.error?.message).toMatch(/^it was forgotten at .* by .*: ticket 12$/);
}, 60_000);
