import { changeMemory, codesOf, drive, idsWith, memoryOf, rollOut, sandboxFleet, waveOf } from './sandbox-fleet';

const CANARY = 'regional/200000000001/eu-west-1';
const REST = ['regional/200000000002/eu-west-1', 'regional/200000000003/eu-west-1'];
const newAlarm = { target: 'regional/**', kind: 'alarm', release: 'new' };
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

interface Plan {
  readonly counts: object;
  readonly waves: readonly { readonly targets: readonly object[] }[];
}

const fleets = sandboxFleet({ accounts: 3 });

describe('a red alarm', () => {
  test('in the canary takes the release back before wave two; once repaired, it goes through', async () => {
    const fleet = fleets.deployed();
    fleet.plant(newAlarm);
    changeMemory(fleet, 512);
    const bad = await rollOut(fleet);

    expect(bad.exitCode).toBe(1);
    expect(bad.report).toMatchObject({
      outcome: 'rolled_back',
      waiting: null,
      until: null,
      counts: { total: 5, rolled_back: 1, cancelled: 2, unchanged: 2 },
    });
    expect(idsWith(bad.report, 'rolled_back')).toEqual([CANARY]);
    expect(waveOf(bad.report, 'canary')).toMatchObject({ verdict: 'fail', reason: matching(/red alarm.*since/) });
    expect(waveOf(bad.report, 'rest/eu-west-1')).toMatchObject({ startedAt: null, reason: 'the gate of canary failed' });
    expect(await memoryOf(fleet, CANARY)).toBe(1024);

    const plan = (await fleet.run('plan', '--json')).result as Plan;
    expect(plan.counts).toMatchObject({ changed: 4, unchanged: 1 });
    expect(plan.waves.flatMap(({ targets }) => targets)).toEqual([
      ...[CANARY, ...REST].map((id) => ({ id, reasons: ['config'], details: ['settings.memoryMb 1024 -> 512'] })),
      { id: 'observability/100000000003/eu-west-1', reasons: ['upstream'], details: [] },
    ]);

    fleet.plant();
    const good = await rollOut(fleet);
    expect([good.exitCode, good.report.outcome, good.report.counts.succeeded]).toEqual([0, 'succeeded', 3]);
    expect(await memoryOf(fleet, CANARY)).toBe(512);
  });

  test('that comes during the bake does so, and the bake is not waited for', async () => {
    const fleet = fleets.deployed();
    fleet.changeWave('canary', { bake: '60s' });
    fleet.plant({ ...newAlarm, after: 3 });
    changeMemory(fleet, 512);
    const { exitCode, report, ...ran } = await rollOut(fleet);

    expect([exitCode, report.outcome, idsWith(report, 'rolled_back')]).toEqual([1, 'rolled_back', [CANARY]]);
    expect(codesOf(ran)).toEqual(expect.arrayContaining(['bake-started', 'rollback-started']));
    const { bakeUntil, endedAt } = waveOf(report, 'canary') ?? {};
    expect((endedAt ?? '') < (bakeUntil ?? '')).toBe(true);
  });

  test('that fired and cleared while it baked counts', async () => {
    const fleet = fleets.deployed();
    fleet.changeWave('canary', { bake: '30s' });
    fleet.organize((organization) => (organization.clock = { secondsPerSecond: 3000 }));
    fleet.plant({ ...newAlarm, after: 2, times: 2 });
    changeMemory(fleet, 512);
    const { exitCode, report } = await rollOut(fleet);

    expect([exitCode, report.outcome, idsWith(report, 'rolled_back')]).toEqual([1, 'rolled_back', [CANARY]]);
    expect(waveOf(report, 'canary')).toMatchObject({ verdict: 'fail' });
  });

  test('before the wave holds it until a person accepts just that', async () => {
    const fleet = fleets.deployed();
    // A window passes before the gate is asked.
    fleet.organize((organization) => (organization.clock = { secondsPerSecond: 3000 }));
    fleet.plant({ target: CANARY, kind: 'alarm' });
    changeMemory(fleet, 512);
    const held = await rollOut(fleet);

    expect(held.exitCode).toBe(3);
    expect(held.report).toMatchObject({
      outcome: null,
      waiting: { for: 'person', wave: 'canary', reason: matching(/red alarm/), action: matching(/--accept-red, then fleet resume/) },
      until: null,
      counts: { succeeded: 0 },
    });
    expect(waveOf(held.report, 'canary')).toMatchObject({ verdict: 'fail', startedAt: null });
    expect((await drive(fleet, ['resume'])).exitCode).toBe(3);

    const plain = await fleet.run('approve');
    expect([plain.exitCode, plain.err.join()]).toEqual([2, matching(/has red alarms before it began .*--accept-red/)]);
    expect((await fleet.run('approve', '--accept-red')).exitCode).toBe(0);
    const { exitCode, report } = await drive(fleet, ['resume']);
    expect([exitCode, report.counts.succeeded]).toEqual([0, 3]);
    expect(waveOf(report, 'canary')).toMatchObject({ verdict: 'pass', reason: matching(/accepted as red/) });
  });

  test.each([
    ['target', { rolled_back: 1, succeeded: 2 }],
    ['wave', { rolled_back: 2, succeeded: 1 }],
    ['rollout', { rolled_back: 3, succeeded: 0 }],
  ])('of one target in the last wave takes back what the scope `%s` says', async (scope, counts) => {
    const fleet = fleets.deployed();
    fleet.changeWave('rest', { bake: '60s', failureTolerance: 2 });
    if (scope !== 'wave') fleet.configure((config) => (config.rollback = scope));
    fleet.plant({ ...newAlarm, target: REST[0], after: 4 });
    changeMemory(fleet, 512);
    const { exitCode, report } = await rollOut(fleet);

    expect([exitCode, report.outcome]).toEqual([1, 'rolled_back']);
    expect(report.counts).toMatchObject(counts);
    expect(await memoryOf(fleet, REST[0] ?? '')).toBe(1024);
    expect(await memoryOf(fleet, REST[1] ?? '')).toBe(scope === 'target' ? 512 : 1024);
    expect(await memoryOf(fleet, CANARY)).toBe(scope === 'rollout' ? 1024 : 512);
  });

  test('whose way back fails ends as such, and the target is redone by the next rollout', async () => {
    const fleet = fleets.deployed();
    const stuck = { target: CANARY, kind: 'update-fails', on: 'aws:lambda/function:Function', phase: 'rollback' };
    fleet.plant(newAlarm, stuck);
    changeMemory(fleet, 512);
    const { exitCode, report } = await rollOut(fleet);

    expect([exitCode, report.outcome, idsWith(report, 'rollback_failed')]).toEqual([1, 'rollback_failed', [CANARY]]);
    expect(report.targets.find(({ id }) => id === CANARY)?.error).toMatchObject({
      code: 'aws/InternalFailure',
      resource: matching(/aws:lambda\/function:Function/),
    });
    fleet.plant();
    changeMemory(fleet, 1024);
    const next = await rollOut(fleet);
    expect([next.exitCode, idsWith(next.report, 'succeeded')]).toEqual([0, [CANARY]]);
    expect(await memoryOf(fleet, CANARY)).toBe(1024);
  });
});

describe('a gate that does not pass and does not fail', () => {
  test('for want of traffic waits for a person, by name and wave; approved, it goes on', async () => {
    const fleet = fleets.deployed();
    fleet.plant({ target: CANARY, kind: 'no-traffic' });
    changeMemory(fleet, 512);
    const left = await rollOut(fleet);

    expect(left.exitCode).toBe(3);
    expect(left.report).toMatchObject({
      outcome: null,
      waiting: {
        for: 'person',
        wave: 'canary',
        reason: matching(/^inconclusive: .*no order/),
        action: matching(/^fleet approve .* --wave canary/),
      },
      until: null,
    });
    expect(waveOf(left.report, 'canary')).toMatchObject({ verdict: 'inconclusive' });
    expect((await drive(fleet, ['status'])).report).toMatchObject({ waiting: { for: 'person', wave: 'canary' } });

    expect((await fleet.run('approve')).exitCode).toBe(0);
    const { exitCode, report } = await drive(fleet, ['resume']);
    expect([exitCode, report.outcome]).toEqual([0, 'succeeded']);
    expect(waveOf(report, 'canary')).toMatchObject({ verdict: 'inconclusive', reason: matching(/^accepted by tester@here: /) });
  });

  test('since it cannot be read starts nothing, and goes on by itself once it can', async () => {
    const fleet = fleets.deployed();
    fleet.plant({ target: CANARY, kind: 'gate-error' });
    changeMemory(fleet, 512);
    const left = await rollOut(fleet);

    expect(left.exitCode).toBe(3);
    expect(left.report).toMatchObject({
      waiting: { for: 'person', wave: 'canary', reason: matching(/DescribeAlarms/) },
      counts: { succeeded: 0 },
    });
    expect(waveOf(left.report, 'canary')).toMatchObject({ verdict: 'error' });

    fleet.plant();
    const { exitCode, report } = await drive(fleet, ['resume']);
    expect([exitCode, report.outcome, report.counts.succeeded]).toEqual([0, 'succeeded', 3]);
  });
});

describe('a first rollout', () => {
  test('that turns red has nothing to go back to: the target stays as it is and says so', async () => {
    const fleet = fleets.built();
    fleet.plant({ target: CANARY, kind: 'alarm' });
    const { exitCode, report } = await rollOut(fleet);

    expect([exitCode, report.outcome]).toEqual([1, 'failed']);
    expect(report.targets.find(({ id }) => id === CANARY)).toMatchObject({
      outcome: 'failed',
      error: { code: 'fleet/no-good', message: matching(/no earlier release to go back to and stays as it is$/) },
    });
    expect(idsWith(report, 'cancelled')).toEqual(REST);
    expect((await fleet.run('show', CANARY)).exitCode).toBe(0);
  });
});
