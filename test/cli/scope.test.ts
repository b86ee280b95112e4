import type { FleetRunner } from './fleet-runner';
import { drive, idsWith, rollOut, sandboxFleet } from './sandbox-fleet';

const FIRST = '200000000001';
const SECOND = '200000000002';
const TARGET = `regional/${SECOND}/eu-west-1`;
const fleets = sandboxFleet({ accounts: 2 });
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

function setAccount(fleet: FleetRunner, id: string, change: Readonly<Record<string, unknown>>): void {
  fleet.organize(
    ({ accounts }) => void accounts.filter((account) => account.id === id).forEach((account) => Object.assign(account, change)),
  );
}

interface PlanResult {
  readonly counts: unknown;
  readonly waves: readonly { readonly name: string; readonly targets: readonly { readonly id: string }[] }[];
  readonly blocked: unknown;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}
const planned = async (fleet: FleetRunner, ...flags: readonly string[]) => {
  const { exitCode, result } = await fleet.run('plan', '--detailed-exitcode', '--json', ...flags);
  return { exitCode, plan: result as PlanResult };
};

describe('an account whose tags are refused', () => {
  const reason = `tag Environment is "qa"; allowed are dev, staging, prod: correct the tags of account workload-0002 (${SECOND}), or set it in an override for the account`;

  test('blocks its own targets, by name, and nobody else', async () => {
    const fleet = fleets.built();
    setAccount(fleet, SECOND, { tags: { Environment: 'qa' } });

    const { exitCode, plan } = await planned(fleet);
    expect([exitCode, plan.counts, plan.blocked]).toEqual([
      4,
      { total: 4, changed: 3, unchanged: 0, blocked: 1 },
      [{ target: TARGET, reason }],
    ]);
    const { out } = await fleet.run('plan');
    expect(out.join('\n')).toMatch(/: 3 of 4 targets change, 1 blocked\n/);
    expect(out.join('\n')).toContain(`\n${TARGET}  ${reason}`);
    expect((await fleet.run('preview', TARGET)).err).toEqual([matching(/^user\/invalid-target: regional\/.* is blocked: tag Environment/)]);
    const preflight = await fleet.run('preflight');
    expect([preflight.exitCode, preflight.out.join('\n')]).toEqual([
      1,
      matching(/settings .*a rollout leaves the target as it is: tag Env/),
    ]);

    const rolled = await rollOut(fleet);
    expect([rolled.exitCode, rolled.report.outcome, rolled.report.counts]).toMatchObject([1, 'failed', { succeeded: 3, blocked: 1 }]);
    expect(rolled.report.targets.find(({ id }) => id === TARGET)).toMatchObject({
      ...{ state: 'done', outcome: 'blocked', wave: null, attempts: 0 },
      error: { code: 'fleet/blocked', message: reason },
    });

    // Nothing is left but what is blocked: that is no success either.
    const again = await fleet.run('rollout');
    expect([again.exitCode, again.out.join('\n')]).toEqual([1, matching(/^rollout .* failed.*: 3 unchanged, 1 blocked of 4 targets/m)]);
    expect(again.out.join('\n')).toContain(`${TARGET} (workload-0002) blocked: fleet/blocked: ${reason}`);
    expect(await planned(fleet)).toMatchObject({ exitCode: 0, plan: { counts: { changed: 0, unchanged: 3, blocked: 1 } } });
    expect(await drive(fleet, ['rollout', '--account', SECOND])).toMatchObject({
      exitCode: 1,
      report: { counts: { total: 1, blocked: 1 } },
    });

    setAccount(fleet, SECOND, { tags: { Environment: 'dev' } });
    expect(await rollOut(fleet)).toMatchObject({ exitCode: 0, report: { outcome: 'succeeded' } });
  });

  test('takes what needs its targets with it, and leaves what is deployed as it is', async () => {
    const fleet = fleets.deployed();
    setAccount(fleet, '100000000002', { tags: { Environment: 'qa' } });
    fleet.configure(({ order }) => (order.memoryMb = 512));

    const { exitCode, report } = await rollOut(fleet);
    expect([exitCode, idsWith(report, 'blocked'), idsWith(report, 'skipped')]).toEqual([
      1,
      ['foundation/100000000002/eu-west-1'],
      [`regional/${FIRST}/eu-west-1`, TARGET],
    ]);
  });
});

describe('a rename in the organisation', () => {
  test('of a unit changes nothing, and its new name finds what stands there', async () => {
    const fleet = fleets.deployed();
    setAccount(fleet, SECOND, { unit: 'Workloads/Live (EU)/R%2FD' });
    expect(await planned(fleet)).toMatchObject({ exitCode: 0, plan: { counts: { changed: 0, unchanged: 4 } } });

    const drifted = async (unit: string) => {
      const { exitCode, result, err } = await fleet.run('drift', '--unit', unit, '--json');
      return { exitCode, targets: (result as { targets?: readonly { id: string }[] }).targets?.map(({ id }) => id), err };
    };
    expect(await drifted('Workloads/Live (EU)/**')).toMatchObject({ exitCode: 0, targets: [TARGET] });
    expect(await drifted('Workloads/Prod')).toMatchObject({ exitCode: 0, targets: [`regional/${FIRST}/eu-west-1`] });
    // The slash is one of the name.
    expect(await drifted('Workloads/Live (EU)/R/D')).toMatchObject({ exitCode: 2 });
    expect(await planned(fleet, '--unit', 'Workloads/*/R%2FD')).toMatchObject({ exitCode: 0, plan: { counts: { total: 1 } } });
  });

  test('of an account changes the dashboards that show it', async () => {
    const fleet = fleets.deployed();
    setAccount(fleet, SECOND, { name: 'storefront' });
    const { plan } = await planned(fleet);

    expect(plan.waves.map(({ name, targets }) => [name, targets.map(({ id }) => id)])).toEqual([
      ['observability', ['observability/100000000003/eu-west-1']],
    ]);
    expect(await rollOut(fleet)).toMatchObject({ exitCode: 0, report: { counts: { succeeded: 1, unchanged: 3 } } });
    expect(await planned(fleet)).toMatchObject({ exitCode: 0 });
  });
});

describe('an excluded account', () => {
  test('that leaves the organisation is a warning from then on, and no reason to stop', async () => {
    const fleet = fleets.deployed();
    fleet.configure((config) => (config.workloads = { units: ['Workloads/**'], exclude: { accounts: [SECOND] } }));
    await planned(fleet);
    fleet.organize((organization) => (organization.accounts = organization.accounts.filter(({ id }) => id !== SECOND)));

    for (let time = 0; time < 2; time += 1) {
      const { plan } = await planned(fleet);
      expect(plan.warnings.map(({ code, message }) => [code, message])).toContainEqual([
        'unmatched',
        `workloads.exclude.accounts: account ${SECOND} has left organisation o-sandbox0001: correct or remove it`,
      ]);
    }
    expect((await rollOut(fleet)).exitCode).toBe(0);
  });

  test('that never was there stops plans and rollouts, and nothing else', async () => {
    const fleet = fleets.deployed();
    fleet.configure((config) => {
      config.workloads = { units: ['Workloads/**', 'Labs'], exclude: { accounts: ['999999999999'], units: ['Nowhere'] } };
      config.overrides = [{ match: { region: 'us-east-1' }, tags: { Team: 'x' } }];
    });
    for (const verb of [['plan'], ['rollout', '--yes'], ['discover']]) {
      const { exitCode, err } = await fleet.run(...verb);
      expect([exitCode, err.map((line) => /fleet\.yaml:\d+:\d+: ([\w.]+): /.exec(line)?.[1])]).toEqual([
        2,
        ['workloads.units', 'workloads.exclude.accounts', 'workloads.exclude.units', 'overrides.match.region'],
      ]);
    }
    for (const verb of [['status'], ['status', '--health'], ['drift'], ['report'], ['show', TARGET]])
      expect([verb, (await fleet.run(...verb)).exitCode]).toEqual([verb, 0]);
    expect((await fleet.run('destroy', '--account', SECOND, '--confirm', 'orders')).exitCode).toBe(0);
  });
});
