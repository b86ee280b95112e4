import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { DashboardsResult } from '../../fleet/report/dashboards-text';

import type { FleetRunner } from './fleet-runner';
import { skipInWorker } from './running-fleet';
import { plantTraffic, sandboxFleet } from './sandbox-fleet';

const ILL = { account: '200000000002', region: 'us-east-1' };
const TARGET = `regional/${ILL.account}/${ILL.region}`;
const fleets = sandboxFleet({ accounts: 3, regions: 'eu-west-1,us-east-1' });

/** Real seconds of the sandbox in which two windows of the metrics pass, and the three of a heartbeat with its last one. */
const WINDOWS = 2;
const SILENCE = 5;

/** What is told of who is not well on one page, in words, each with the page of its runbook. */
interface Mark {
  readonly says: string;
  readonly runbook: string;
}

/** Pages of the monitoring account as they are drawn now, by dashboard. */
async function pagesOf(fleet: FleetRunner): Promise<(name: string) => string> {
  const folder = join(fleet.directory, 'pages');
  const ran = await fleet.run('dashboards', '--html', folder, '--json');
  expect(ran).toMatchObject({ exitCode: 0 });
  const { dashboards } = ran.result as DashboardsResult;
  return (name) => readFileSync(join(folder, dashboards.find((one) => one.name === name)?.page ?? ''), 'utf8');
}

const wordsOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

function marksOf(page: string): readonly Mark[] {
  return [...page.matchAll(/<ul class="marks">([\s\S]*?)<\/ul>/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, item = '']) => ({
      says: wordsOf(item),
      runbook: /href="([^"]*)"/.exec(item)?.[1] ?? '',
    })),
  );
}

/** State of an alarm as a region's page shows it. */
function stateOf(page: string, alarm: string): string {
  const row = new RegExp(`<th scope="row">${alarm}</th>([\\s\\S]*?)</tr>`).exec(page)?.[1] ?? '';
  return wordsOf(/<td>([\s\S]*?)<\/td>/.exec(row)?.[1] ?? '');
}

const MARKED = {
  failing: [{ says: expect.stringMatching(/failing : 200000000002, us-east-1: 0\.3 Runbook$/) as unknown, runbook: 'runbooks/fleet-order-failures.html' }],
  silent: [{ says: expect.stringMatching(/silent : 200000000002 .*, us-east-1: 0 Runbook$/) as unknown, runbook: 'runbooks/heartbeat.html' }],
}; // prettier-ignore

describe('the overview as a page', () => {
  test('marks nobody where nothing is planted, and every runbook that it names is a link', async () => {
    const fleet = fleets.deployed();
    skipInWorker(SILENCE);
    const pages = await pagesOf(fleet);
    const overview = pages('orders-overview');

    expect(marksOf(overview)).toEqual([]);
    expect(overview).toContain('<a href="runbooks/heartbeat.html"><code>docs/runbooks/heartbeat.md</code></a>');
    expect(overview).not.toContain('not evaluated');
    for (const region of ['eu-west-1', 'us-east-1']) expect(pages(`orders-region-${region}`)).not.toContain('not evaluated');
  });

  test('names the account and region whose orders fail, with its runbook, as soon as a window is over; recovery clears it', async () => {
    const fleet = fleets.deployed();
    skipInWorker(SILENCE);
    await plantTraffic(fleet, [{ target: TARGET, failPercent: 30 }], WINDOWS);
    const ill = await pagesOf(fleet);
    skipInWorker(WINDOWS);
    const later = await pagesOf(fleet);

    expect(marksOf(ill('orders-overview'))).toEqual(MARKED.failing);
    expect(['us-east-1', 'eu-west-1'].map((region) => stateOf(later(`orders-region-${region}`), 'orders-fleet-order-failures'))).toEqual(['▲ In alarm', '✓ OK']); // prettier-ignore
    expect(stateOf(later('orders-region-us-east-1'), 'orders-fleet-critical')).toBe('▲ In alarm');
    expect(later('orders-region-us-east-1')).toContain('href="runbooks/fleet-order-failures.html"');

    await plantTraffic(fleet, [], SILENCE);
    const well = await pagesOf(fleet);
    expect(marksOf(well('orders-overview'))).toEqual([]);
    expect(stateOf(well('orders-region-us-east-1'), 'orders-fleet-order-failures')).toBe('✓ OK');
  });

  test('names the account and region that fell silent, with its runbook; recovery clears it', async () => {
    const fleet = fleets.deployed();
    skipInWorker(SILENCE);
    await plantTraffic(fleet, [{ target: TARGET, ordersPerMinute: 0, heartbeat: false }], SILENCE);
    expect(marksOf((await pagesOf(fleet))('orders-overview'))).toEqual(MARKED.silent);

    await plantTraffic(fleet, [], WINDOWS);
    expect(marksOf((await pagesOf(fleet))('orders-overview'))).toEqual([]);
  });
});
