import type { HealthReport } from '../../fleet/commands/health';

import type { FleetRunner } from './fleet-runner';
import { skipInWorker } from './running-fleet';
import { drive, plantTraffic, sandboxFleet } from './sandbox-fleet';

const ILL = 'regional/200000000002/us-east-1';
const WELL = 'regional/200000000001/eu-west-1';
const fleets = sandboxFleet({ accounts: 2, regions: 'eu-west-1,us-east-1' });

/** Real seconds of the sandbox in which one window of the alarms passes, and the three of a heartbeat with its last one. */
const WINDOW = 1;
const SILENCE = 5;

async function healthOf(fleet: FleetRunner): Promise<HealthReport> {
  return (await fleet.run('status', '--health', '--json')).result as HealthReport;
}

const cellOf = ({ cells }: HealthReport, id: string) => cells.find((cell) => cell.id === id);
const others = ({ cells }: HealthReport, id: string) => cells.filter((cell) => cell.id !== id).map(({ state }) => state);

describe('the health matrix', () => {
  test('has every target, ok where nothing is planted', async () => {
    const fleet = fleets.deployed();
    skipInWorker(SILENCE);
    const report = await healthOf(fleet);

    expect(report).toMatchObject({ version: 1, counts: { total: 4, ok: 4 }, regions: ['eu-west-1', 'us-east-1'], notes: [] });
    expect(report.objectives).toMatchObject({ counted: 4, notCounted: [], levels: [{ state: 'met' }, { state: 'met' }, { state: 'met' }] });
  });

  test('shows a target whose orders fail within one window, with its page, as does status; recovery clears both', async () => {
    const fleet = fleets.deployed();
    skipInWorker(SILENCE);
    await plantTraffic(fleet, [{ target: ILL, failPercent: 20 }], 2 * WINDOW);
    const report = await healthOf(fleet);
    const status = (await fleet.run('status')).out.join('\n');

    expect(cellOf(report, ILL)).toMatchObject({
      state: 'critical',
      account: '200000000002',
      region: 'us-east-1',
      alarms: [{ name: 'orders-order-failures', severity: 'critical', runbook: 'docs/runbooks/order-failures.md' }, {}, {}],
    });
    expect(others(report, ILL)).toEqual(['ok', 'ok', 'ok']);
    expect(report.objectives).toMatchObject({ levels: [{ objective: 'success', state: 'missed' }, {}, {}], worst: [{ id: ILL }] });
    expect(status).toContain('3 ok, 1 critical of 4 targets');
    expect(status).toMatch(new RegExp(`X ${ILL} .*orders-order-failures.*docs/runbooks/order-failures\\.md`));

    await plantTraffic(fleet, [], 2 * WINDOW);
    expect(cellOf(await healthOf(fleet), ILL)).toMatchObject({ state: 'ok', alarms: [] });
    expect((await fleet.run('status')).out.join('\n')).toContain('4 ok of 4 targets');
  });

  test('shows a target that falls silent, with its page; recovery clears it', async () => {
    const fleet = fleets.deployed();
    skipInWorker(SILENCE);
    await plantTraffic(fleet, [{ target: ILL, ordersPerMinute: 0, heartbeat: false }], SILENCE);
    const report = await healthOf(fleet);

    expect(cellOf(report, ILL)).toMatchObject({
      state: 'silent',
      alarms: [{ name: 'orders-heartbeat', runbook: 'docs/runbooks/heartbeat.md' }, {}],
    });
    expect(others(report, ILL)).toEqual(['ok', 'ok', 'ok']);

    await plantTraffic(fleet, [], 2 * WINDOW);
    expect(cellOf(await healthOf(fleet), ILL)?.state).toBe('ok');
  });

  test('shows a warning as one', async () => {
    const fleet = fleets.deployed();
    skipInWorker(SILENCE);
    await plantTraffic(fleet, [{ target: ILL, slowPercent: 50 }], 2 * WINDOW);

    expect(cellOf(await healthOf(fleet), ILL)).toMatchObject({
      state: 'warning',
      alarms: [{ runbook: 'docs/runbooks/slow-orders.md' }, {}],
    });
  });

  test('says of what cannot be read that it is not known, and of what was never deployed that it is missing', async () => {
    const fleet = fleets.deployed();
    fleet.organize(({ accounts }) => {
      accounts.find(({ id }) => id === '200000000002')!.state = 'SUSPENDED';
      accounts.push({ id: '200000000003', name: 'new-one', email: 'new@example.com', unit: 'Workloads/Prod' });
    });
    await fleet.run('plan');
    const report = await healthOf(fleet);

    expect(cellOf(report, ILL)).toMatchObject({ state: 'not-known', reason: expect.stringContaining('200000000002') as unknown });
    expect(cellOf(report, 'regional/200000000003/eu-west-1')).toMatchObject({ state: 'missing', accountName: 'new-one' });
    expect(report.counts).toMatchObject({ 'not-known': 2, missing: 2 });
    expect(report.objectives.notCounted.map(({ id }) => id)).toEqual(['regional/200000000002/eu-west-1', ILL]);
  });

  test('leaves the report of a rollout as it is, and refuses flags that say nothing', async () => {
    const fleet = fleets.deployed();

    expect((await drive(fleet, ['status'])).report.outcome).toBe('succeeded');
    expect(await fleet.run('status', '--interval', '5s')).toMatchObject({ exitCode: 2 });
    expect(await fleet.run('status', '--watch', '--interval', '0s')).toMatchObject({ exitCode: 2 });
    expect(await fleet.run('status', 'r-1', '--health')).toMatchObject({ exitCode: 2 });
    expect(await fleets.built().run('status', '--health')).toMatchObject({
      exitCode: 2,
      err: [expect.stringContaining('user/nothing-known')],
    });
  });

  test('is watched: one line a change, until Ctrl-C ends it well', async () => {
    const fleet = fleets.deployed();
    skipInWorker(SILENCE);
    const watching = fleet.start('status', '--watch', '--interval', '1s');
    await watching.line(/ 4 ok of 4 targets/);
    fleet.organize((organization) => (organization.traffic = [{ target: WELL, failPercent: 20 }]));
    const red = await watching.line(new RegExp(`${WELL} .*ok -> critical`));
    fleet.organize((organization) => (organization.traffic = []));
    const green = await watching.line(new RegExp(`${WELL} .*critical -> ok`));
    watching.interrupt();

    expect(await watching.ended).toMatchObject({ exitCode: 0, err: [] });
    expect(red).toContain('docs/runbooks/order-failures.md');
    expect(green).not.toContain('runbooks');
  });
});
