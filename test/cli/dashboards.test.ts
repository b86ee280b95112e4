import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { DashboardsResult } from '../../fleet/report/dashboards-text';

import { sandboxFleet } from './sandbox-fleet';

const fleets = sandboxFleet({ accounts: 2 });

describe('fleet dashboards', () => {
  test('lists what is deployed, the views over all accounts first', async () => {
    const ran = await fleets.deployed().run('dashboards', '--json');
    const { dashboards, pages } = ran.result as DashboardsResult;
    expect(ran.exitCode).toBe(0);
    expect(pages).toBeNull();
    expect(dashboards.map(({ name, account, widgets }) => [name, account, widgets > 0])).toEqual([
      ['orders-region-eu-west-1', '100000000003', true],
      ['orders-overview', '100000000003', true],
      ['orders-account', '100000000003', true],
      ['orders-cost', '100000000003', true],
      ['orders-target-eu-west-1', '200000000001', true],
      ['orders-target-eu-west-1', '200000000002', true],
    ]);
  });

  test('--html draws the deployed bodies with the metrics of the sandbox', async () => {
    const fleet = fleets.deployed();
    const folder = join(fleet.directory, 'pages');
    const ran = await fleet.run('dashboards', '--account', '200000000001', '--html', folder, '--json');
    const { dashboards, pages } = ran.result as DashboardsResult;
    expect(ran.exitCode).toBe(0);
    expect(dashboards.map(({ page }) => page)).toEqual(['200000000001.orders-target-eu-west-1.html']);
    expect(pages?.written).toEqual(expect.arrayContaining(['index.html', 'runbooks/critical.html']));
    const page = readFileSync(join(folder, dashboards[0]?.page ?? ''), 'utf8');
    expect(page).toContain('Error rate (%)');
    expect(page).toContain('orders that were slow');
    expect(page).not.toContain('not evaluated');
    expect((await fleet.run('dashboards', '--html', folder)).exitCode).toBe(0);
  });

  test('refuses a folder that it must not write to: exit 2, nothing is touched', async () => {
    const fleet = fleets.deployed();
    const file = join(fleet.directory, 'fleet.yaml');
    expect(await fleet.run('dashboards', '--html', file)).toMatchObject({ exitCode: 2, err: [expect.stringMatching(/is a file/)] });
    writeFileSync(join(fleet.directory, 'index.html'), 'mine');
    expect(await fleet.run('dashboards', '--html', fleet.directory)).toMatchObject({ exitCode: 2 });
    expect(readFileSync(join(fleet.directory, 'index.html'), 'utf8')).toBe('mine');
    expect(existsSync(join(fleet.directory, 'runbooks'))).toBe(false);
  });
});
