import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { changeMemory, drive, idsWith, rollOut, sandboxFleet } from './sandbox-fleet';

const FIRST = 'regional/200000000001/eu-west-1';
const SECOND = 'regional/200000000002/eu-west-1';
const THIRD = 'regional/200000000003/eu-west-1';
const TABLE = 'aws:dynamodb/table:Table';
const fleets = sandboxFleet({
  accounts: 3,
  configure: (fleet) => {
    fleet.waves = [{ name: 'all' }];
    fleet.limits.failureTolerance = 1;
  },
});
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

test.each([
  ['strict', 0, 3, { failed: 1, cancelled: 2 }],
  ['strict', 1, 3, { failed: 2, cancelled: 1 }],
  ['soft', 0, 2, { failed: 2, cancelled: 1 }],
  ['soft', 2, 3, { failed: 3, cancelled: 0 }],
])(
  'where every create fails, mode %s with a tolerance of %i and %i at once ends at its bound',
  async (mode, failureTolerance, maxConcurrent, counts) => {
    const fleet = fleets.built();
    fleet.configure(({ limits }) => void Object.assign(limits, { mode, failureTolerance, maxConcurrent }));
    fleet.plant({ target: 'regional/**', kind: 'create-fails', on: 'aws:sqs/queue:Queue' });
    const { exitCode, report } = await rollOut(fleet);

    expect([exitCode, report.outcome]).toEqual([1, 'failed']);
    expect(report.counts).toMatchObject({ ...counts, succeeded: 2 });
    expect(report.targets.find(({ layer }) => layer === 'observability')?.outcome).toBe('succeeded');
    expect(report.targets.find(({ outcome }) => outcome === 'failed')?.error).toMatchObject({ code: 'aws/InternalFailure' });
  },
);

test('a call that is throttled is tried again, and the target succeeds', async () => {
  const fleet = fleets.built();
  fleet.plant({ target: 'regional/**', kind: 'throttle', on: TABLE, times: 3 });
  const { exitCode, report, out } = await rollOut(fleet, '--verbose');

  expect([exitCode, report.counts.succeeded]).toEqual([0, 5]);
  expect(out.filter((line) => line.includes('"resource-retried"'))).toHaveLength(9);
});

test('an operation that hangs is stopped by the timeout of its target alone', async () => {
  const fleet = fleets.built();
  fleet.configure(
    (config) =>
      (config.waves = [{ name: 'one', pick: { account: '200000000001' }, targetTimeout: '10s', failureTolerance: 1 }, { name: 'all' }]),
  );
  fleet.plant({ target: FIRST, kind: 'hang', on: TABLE, times: 1 });
  const { exitCode, report } = await rollOut(fleet);

  expect([exitCode, idsWith(report, 'failed')]).toEqual([1, [FIRST]]);
  expect(report.targets.find(({ id }) => id === FIRST)?.error).toMatchObject({ code: 'fleet/timeout', message: matching(/10 ?s/) });
  expect(idsWith(report, 'succeeded')).toEqual(expect.arrayContaining([SECOND, THIRD]));
});

test('a slow operation takes its time, and succeeds', async () => {
  const fleet = fleets.built();
  fleet.plant({ target: SECOND, kind: 'slow', on: TABLE, seconds: 5 });
  const { exitCode, report } = await rollOut(fleet);
  const seconds = (id: string) => {
    const { startedAt, endedAt } = report.targets.find((one) => one.id === id) ?? {};
    return (Date.parse(endedAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
  };

  expect([exitCode, report.outcome]).toEqual([0, 'succeeded']);
  expect(seconds(SECOND)).toBeGreaterThanOrEqual(5);
});

test('a target whose process crashes fails alone, and the next rollout goes on where it stood', async () => {
  const fleet = fleets.built();
  fleet.plant({ target: FIRST, kind: 'crash', on: TABLE, times: 1 });
  const crashed = await rollOut(fleet);
  expect([crashed.exitCode, crashed.report.outcome, idsWith(crashed.report, 'failed')]).toEqual([1, 'failed', [FIRST]]);
  expect(crashed.report.targets.find(({ id }) => id === FIRST)?.error?.code).toBe('pulumi/crashed');

  const next = await rollOut(fleet);
  expect([next.exitCode, idsWith(next.report, 'succeeded')]).toEqual([0, [FIRST, 'observability/100000000003/eu-west-1']]);
  expect(next.report.targets.find(({ id }) => id === FIRST)?.changes).toMatchObject({ replace: 0, delete: 0 });
});

test('a role that is missing fails its target before anything is made', async () => {
  const fleet = fleets.built();
  fleet.plant({ target: FIRST, kind: 'role-missing' });
  const { exitCode, report } = await rollOut(fleet);

  expect([exitCode, idsWith(report, 'failed')]).toEqual([1, [FIRST]]);
  expect(report.targets.find(({ id }) => id === FIRST)).toMatchObject({ error: { code: 'aws/AccessDenied' }, changes: { create: 0 } });
});

describe('a rollback by hand', () => {
  test('is a rollout to what was good before, once', async () => {
    const fleet = fleets.deployed();
    changeMemory(fleet, 512);
    const forward = await rollOut(fleet);
    expect(forward.exitCode).toBe(0);

    const asked = await fleet.answer('n', 'rollback');
    expect([asked.exitCode, asked.out.join('\n')]).toEqual([1, matching(/not confirmed: nothing was changed$/)]);
    const back = await drive(fleet, ['rollback', forward.report.rollout, '--yes']);
    expect([back.exitCode, back.report.outcome, back.report.counts]).toEqual([
      0,
      'succeeded',
      expect.objectContaining({ total: 3, succeeded: 3 }),
    ]);
    expect(back.report.waves.map(({ name }) => name)).toEqual(['rollback/all/eu-west-1']);

    const again = await fleet.run('rollback', forward.report.rollout, '--yes');
    expect([again.exitCode, again.err.join()]).toEqual([2, matching(/^user\/nothing-to-roll-back: .*stands on it again/)]);
    changeMemory(fleet, 1024);
    expect((await rollOut(fleet)).report.counts).toMatchObject({ total: 5, unchanged: 5 });
  });

  test('of a first rollout has nothing to go back to', async () => {
    const fleet = fleets.deployed();
    const { exitCode, err } = await fleet.run('rollback', '--yes');
    expect([exitCode, err.join()]).toEqual([2, matching(/none of the targets it changed had an earlier release/)]);
  });
});

describe('drift', () => {
  interface Drift {
    readonly counts: Readonly<Record<string, number>>;
    readonly targets: readonly {
      readonly id: string;
      readonly state: string;
      readonly reason?: string;
      readonly resources?: readonly object[];
    }[];
  }

  test('is looked for without deploying: clean, drifted, and what could not be looked at', async () => {
    const fleet = fleets.deployed();
    const clean = await fleet.run('drift', '--json', '--detailed-exitcode');
    expect([clean.exitCode, (clean.result as Drift).counts]).toEqual([0, { total: 5, clean: 5, drifted: 0, notChecked: 0 }]);

    fleet.organize(
      (organization) => (organization.drift = [{ target: FIRST, on: 'aws:sqs/queue:Queue', set: { visibilityTimeoutSeconds: 10 } }]),
    );
    expect((await fleet.run('drift')).exitCode).toBe(0);
    const drifted = await fleet.run('drift', '--json', '--detailed-exitcode', '--account', '200000000001');
    expect([drifted.exitCode, (drifted.result as Drift).counts]).toEqual([4, { total: 1, clean: 0, drifted: 1, notChecked: 0 }]);
    expect((drifted.result as Drift).targets[0]).toMatchObject({
      id: FIRST,
      state: 'drifted',
      resources: expect.arrayContaining([
        expect.objectContaining({ op: 'update', type: 'aws:sqs/queue:Queue', keys: ['visibilityTimeoutSeconds'] }),
      ]) as object,
    });

    rmSync(join(fleet.directory, '.fleet/releases'), { recursive: true });
    const blind = await fleet.run('drift', '--json', '--detailed-exitcode');
    expect([blind.exitCode, (blind.result as Drift).counts]).toEqual([1, { total: 5, clean: 0, drifted: 0, notChecked: 5 }]);
    expect((blind.result as Drift).targets.find(({ id }) => id === SECOND)).toMatchObject({
      state: 'not checked',
      reason: matching(/is not stored/),
    });
  });

  test.each([
    [['--only', 'changed'], /says nothing of what is deployed/],
    [['--account', '999999999999'], /no deployed target matches/],
  ])('%j is refused', async (flags, message) => {
    const { exitCode, err } = await fleets.deployed().run('drift', ...flags);
    expect([exitCode, err.join()]).toEqual([2, matching(message)]);
  });
});
