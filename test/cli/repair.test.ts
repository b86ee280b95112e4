import { DRIFTED_REGIONAL, plantedDrift } from './planted-drift';
import { drive, idsWith, rollOut, sandboxFleet, waveOf } from './sandbox-fleet';
import type { FleetRunner } from './fleet-runner';

const fleets = sandboxFleet({ accounts: 3 });
const OTHER = 'regional/200000000002/eu-west-1';

type Entry = Readonly<Record<string, unknown>>;
const plant = (fleet: FleetRunner, ...drift: readonly Entry[]) => fleet.organize((organization) => (organization.drift = drift));
const planted = (...whats: readonly string[]) => plantedDrift.filter(({ what }) => whats.includes(what)).map(({ entry }) => entry);
const repair = (fleet: FleetRunner, ...flags: readonly string[]) => drive(fleet, ['repair', '--yes', ...flags]);
const drift = async (fleet: FleetRunner) => {
  const { exitCode, result } = await fleet.run('drift', '--json', '--detailed-exitcode');
  return { exitCode, counts: (result as { readonly counts: Readonly<Record<string, number>> }).counts };
};
const threshold = (target: string): Entry => ({
  target,
  on: 'aws:cloudwatch/metricAlarm:MetricAlarm',
  name: 'errors',
  set: { threshold: 99 },
});
const gone = (on: string, name: string): Entry => ({ target: DRIFTED_REGIONAL, on, name, gone: true });

describe('fleet repair', () => {
  test('brings every kind of drift back through the canary and its gates, and then drift is clean and plan says unchanged', async () => {
    const fleet = fleets.deployed();
    plant(fleet, ...plantedDrift.map(({ entry }) => entry), threshold(OTHER));
    expect((await drift(fleet)).exitCode).toBe(4);

    const { exitCode, report } = await repair(fleet);

    expect([exitCode, report.purpose, report.outcome]).toEqual([0, 'repair', 'succeeded']);
    expect(report.waves.map(({ name }) => name)).toEqual(['foundation/eu-west-1', 'canary', 'rest/eu-west-1']);
    expect(waveOf(report, 'canary')).toMatchObject({ verdict: 'pass' });
    expect(await drift(fleet)).toEqual({ exitCode: 0, counts: { total: 5, clean: 5, drifted: 0, notChecked: 0 } });
    expect((await rollOut(fleet)).report.counts).toMatchObject({ unchanged: 5 });
    expect((await fleet.run('audit', '--fail-on', 'high')).out.join('\n')).not.toContain('drift ');
  }, 120_000);

  test('says what it would put back, from what is found to what was deployed, before it asks', async () => {
    const fleet = fleets.deployed();
    plant(fleet, ...planted('an attribute of a queue', 'an alarm that is gone'));

    const { exitCode, out } = await fleet.answer('n', 'repair');

    expect(exitCode).toBe(1);
    expect(out.join('\n')).toMatch(/order-queue redrivePolicy\.maxReceiveCount 2 -> 5/);
    expect(out.join('\n')).toContain('dlq-age is gone');
    expect((await drift(fleet)).counts).toMatchObject({ drifted: 1 });
  }, 60_000);

  test('has nothing to do where nothing drifted', async () => {
    const { exitCode, out } = await fleets.deployed().run('repair', '--yes');
    expect([exitCode, out.join('\n')]).toEqual([0, expect.stringContaining('nothing to repair: 5 of 5 targets are as they were deployed')]);
  });

  test('stops where its canary goes red, says that there is no way back, and touches nothing further', async () => {
    const fleet = fleets.deployed();
    plant(fleet, threshold('regional/*/*'));
    fleet.plant({ target: DRIFTED_REGIONAL, kind: 'alarm' });

    const { exitCode, report } = await repair(fleet);

    expect([exitCode, report.outcome]).toEqual([1, 'failed']);
    const canary = report.targets.find(({ id }) => id === DRIFTED_REGIONAL);
    expect([canary?.outcome, canary?.error?.code]).toEqual(['failed', 'fleet/no-way-back']);
    expect(idsWith(report, 'cancelled')).toHaveLength(2);
    expect(idsWith(report, 'rolled_back')).toEqual([]);
    const refused = await fleet.run('rollback', '--yes');
    expect([refused.exitCode, refused.err.join('\n')]).toEqual([2, expect.stringMatching(/was a repair.*fleet rollback \S+/)]);
  }, 60_000);

  test.each([
    ['a table', 'aws:dynamodb/table:Table', 'orders-table'],
    ['a queue', 'aws:sqs/queue:Queue', 'dead-letter-queue'],
    ['a log group', 'aws:cloudwatch/logGroup:LogGroup', 'order-logs'],
  ])(
    'never makes %s anew by itself: its target is blocked, the others are repaired',
    async (_name, type, name) => {
      const fleet = fleets.deployed();
      plant(fleet, gone(type, name), threshold(OTHER));

      const { exitCode, report } = await repair(fleet);

      expect([exitCode, idsWith(report, 'blocked'), idsWith(report, 'succeeded')]).toEqual([1, [DRIFTED_REGIONAL], [OTHER]]);
      const { error } = report.targets.find(({ id }) => id === DRIFTED_REGIONAL) ?? {};
      expect([error?.code, error?.message]).toEqual(['fleet/restore-first', expect.stringMatching(`--recreate urn:.*::${name}`)]);
    },
    60_000,
  );

  test('makes anew what is named, once the name of the fleet is typed', async () => {
    const fleet = fleets.deployed();
    plant(fleet, gone('aws:sqs/queue:Queue', 'dead-letter-queue'));
    const { result } = await fleet.run('drift', '--json');
    const { targets } = result as { readonly targets: readonly { readonly resources: readonly { readonly urn: string }[] }[] };
    const urn = targets.flatMap(({ resources }) => resources.map((one) => one.urn))[0] ?? '';

    const unnamed = await fleet.run('repair', '--yes', '--recreate', urn, '--confirm', 'another');
    expect([unnamed.exitCode, unnamed.err.join('\n')]).toEqual([2, expect.stringContaining('"another" is not the name of this fleet')]);
    const wrong = await fleet.run('repair', '--yes', '--recreate', `${urn}-typo`, '--confirm', 'orders');
    expect([wrong.exitCode, wrong.err.join('\n')]).toEqual([2, expect.stringContaining(urn)]);

    const { exitCode, report } = await repair(fleet, '--recreate', urn, '--confirm', 'orders');
    expect([exitCode, idsWith(report, 'succeeded')]).toEqual([0, [DRIFTED_REGIONAL]]);
    expect((await drift(fleet)).exitCode).toBe(0);
  }, 60_000);

  test('leaves out, and names, what stands otherwise than good', async () => {
    const fleet = fleets.deployed();
    fleet.configure((config) => (config.order.memoryMb = 2048));
    fleet.plant({ target: DRIFTED_REGIONAL, kind: 'update-fails' });
    expect((await rollOut(fleet)).exitCode).toBe(1);
    fleet.plant();
    plant(fleet, threshold(DRIFTED_REGIONAL), threshold(OTHER));

    const { exitCode, report, err } = await repair(fleet);

    expect([exitCode, idsWith(report, 'succeeded')]).toEqual([0, [OTHER]]);
    expect([...err, ...report.targets.map(({ id }) => id)].join('\n')).not.toContain(`${DRIFTED_REGIONAL} succeeded`);
  }, 60_000);

  test('waits for a person where the wave asks for one', async () => {
    const fleet = fleets.deployed();
    fleet.configure(({ waves }) => (waves[1] = { ...waves[1], approval: 'required' }));
    plant(fleet, threshold('regional/*/*'));

    const { exitCode, report } = await repair(fleet);

    expect([exitCode, report.waiting?.wave]).toEqual([3, 'rest/eu-west-1']);
    expect((await fleet.run('approve')).exitCode).toBe(0);
    expect((await fleet.run('resume')).exitCode).toBe(0);
    expect((await drift(fleet)).exitCode).toBe(0);
  }, 60_000);

  test('exits 1 where a target could not be looked at, and repairs the others', async () => {
    const fleet = fleets.deployed();
    plant(fleet, threshold(OTHER));
    fleet.plant({ target: DRIFTED_REGIONAL, kind: 'role-missing' });

    const { exitCode, report } = await repair(fleet);

    expect([exitCode, idsWith(report, 'succeeded')]).toEqual([1, [OTHER]]);
  }, 60_000);
});
