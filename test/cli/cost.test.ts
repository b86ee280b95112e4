import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { CostReport } from '../../fleet/cost/cost-report';

import type { FleetRunner } from './fleet-runner';
import { codesOf, sandboxFleet } from './sandbox-fleet';

const FIRST = '200000000001';
const SECOND = '200000000002';
const fleets = sandboxFleet({ accounts: 2, place: 'worker' });
const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

/** A worker's clock is days behind the wall's: this long ago all its days are final. */
const LATELY = new Date(Date.now() - 10 * 86_400_000);
const monthBack = (months: number) =>
  new Date(Date.UTC(LATELY.getUTCFullYear(), LATELY.getUTCMonth() - months, 1)).toISOString().slice(0, 7);
const [MONTH, BEFORE] = [monthBack(1), monthBack(2)];
const on = (day: number) => `${MONTH}-${String(day).padStart(2, '0')}`;

const commerce = { Team: 'commerce', CostCenter: 'cc-101' };
const payments = { Team: 'payments', CostCenter: 'cc-102' };

/** The first account moves from commerce to payments on the 16th; amounts are fractions of cents that round up one by one. */
const rows = [
  ...Array.from({ length: 28 }, (_, index) => ({ day: on(index + 1), account: FIRST, region: 'eu-west-1', amount: '1.335', tags: index < 15 ? commerce : payments })), // prettier-ignore
  ...Array.from({ length: 28 }, (_, index) => ({ day: on(index + 1), account: SECOND, region: 'us-east-1', service: 'AmazonCloudWatch', amount: '0.0049', tags: { Team: 'commerce' } })), // prettier-ignore
  { day: on(3), account: SECOND, region: 'us-east-1', service: 'AWS CloudTrail', amount: '2.5', tags: {} },
  { day: on(4), account: FIRST, type: 'Credit', amount: '-5.005', tags: commerce },
  { day: on(20), account: SECOND, type: 'Refund', amount: '-0.7551', tags: {} },
  { day: on(28), account: FIRST, service: 'Tax', type: 'Tax', amount: '7.123456789', tags: {} },
  { day: `${BEFORE}-28`, account: FIRST, region: 'eu-west-1', amount: '20', tags: commerce },
];

/** 28 x 1.335 + 28 x 0.0049 + 2.5 - 5.005 - 0.7551 + 7.123456789, by hand. */
const TOTAL = '41.380556789';

type Shown = CostReport & { readonly calls: { readonly count: number; readonly simulated: boolean } };

async function cost(fleet: FleetRunner, ...flags: readonly string[]) {
  const ran = await fleet.run('cost', '--json', ...flags);
  return { ...ran, report: ran.result as Shown };
}

function billed(): FleetRunner {
  const fleet = fleets.deployed();
  const orders = [{ day: on(5), account: FIRST, region: 'eu-west-1', count: 10_000 }];
  fleet.organize((organization) => (organization.ledger = { rows, orders, pageSize: 3, activeTags: ['Team', 'CostCenter'] }));
  return fleet;
}

const amounts = ({ tables }: CostReport, by: string) =>
  Object.fromEntries((tables.find((table) => table.by === by)?.rows ?? []).map(({ key, amount }) => [key, amount]));

describe('fleet cost', () => {
  test('equals a known ledger to the cent, over pages, with credit, refund, tax, missing tags and an account that moves', async () => {
    const { exitCode, report } = await cost(billed(), '--month', MONTH);

    expect(exitCode).toBe(0);
    expect(report.total).toMatchObject({ exact: TOTAL, amount: '41.38', previous: '20.00', change: '21.38', changePercent: '106.9' });
    expect(report.types.map(({ type, amount }) => [type, amount])).toEqual([
      ['usage', '40.02'],
      ['credit', '-5.00'],
      ['refund', '-0.76'],
      ['tax', '7.12'],
    ]);
    // 28 x 1.335 - 5.005 + 7.123456789 = 39.498456789, and 28 x 0.0049 + 2.5 - 0.7551 = 1.8821.
    expect(amounts(report, 'account')).toEqual({ [FIRST]: '39.50', [SECOND]: '1.88' });
    expect(amounts(report, 'region')).toEqual({ 'eu-west-1': '37.38', 'us-east-1': '2.64', NoRegion: '1.36' });
    // Fifteen days of the first account are commerce's: 20.025 - 5.005 + 0.1372 = 15.1572; thirteen are payments': 17.355.
    expect(amounts(report, 'team')).toEqual({ commerce: '15.16', payments: '17.35', '': '8.87' });
    expect(amounts(report, 'cost-centre')).toEqual({ 'cc-101': '15.02', 'cc-102': '17.35', '': '9.01' });
    expect(report.untagged).toEqual({ amount: '2.64', ofUsagePercent: '6.6' });
    expect([report.orders, report.perThousandOrders]).toEqual([10_000, '4.1381']);
    expect(report.data).toMatchObject({ estimatedDays: [], missingDays: [] });
    expect(report.calls.count).toBeGreaterThan(5 * 20);
  });

  test('asks for a closed day once, whoever asks again; --refresh asks anew', async () => {
    const fleet = billed();
    const first = (await cost(fleet, '--month', MONTH)).report;
    const again = await cost(fleet, '--month', MONTH);
    expect(again.report).toEqual({ ...first, calls: { count: 0, dollars: '0.00', simulated: true } });

    // Another bill of a closed month is seen only by who asks for it.
    fleet.edit('organization.yaml', (text) => text.replace('amount: "2.5"', 'amount: "3.5"'));
    expect((await cost(fleet, '--month', MONTH)).report.total.exact).toBe(TOTAL);
    expect((await cost(fleet, '--month', MONTH, '--refresh')).report.total.exact).toBe('42.380556789');
    expect((await cost(fleet, '--month', MONTH)).report.total.exact).toBe('42.380556789');
  });

  test('tells a part of the bill: accounts, units, regions, tags, days', async () => {
    const fleet = billed();
    const exact = async (...flags: readonly string[]) => (await cost(fleet, '--month', MONTH, ...flags)).report.total.exact;

    expect(await exact('--account', FIRST)).toBe('39.498456789');
    expect(await exact('--unit', 'Workloads/**')).toBe(TOTAL);
    expect(await exact('--region', 'us-east-1')).toBe('2.6372');
    expect(await exact('--region', 'us-east-1', '--tag', 'Team=commerce')).toBe('0.1372');
    const days = await cost(fleet, '--from', on(3), '--to', on(4), '--by', 'service');
    expect(days.report.tables).toHaveLength(1);
    expect(amounts(days.report, 'service')).toEqual({ 'AWS Lambda': '-2.34', 'AmazonCloudWatch': '0.01', 'AWS CloudTrail': '2.50' }); // prettier-ignore
    expect(days.report.previous).toEqual({ from: on(1), to: on(2) });
  });

  test('writes CSV and a page, and a table for people', async () => {
    const fleet = billed();
    const [csv, html] = [join(fleet.directory, 'cost.csv'), join(fleet.directory, 'cost.html')];
    const ran = await fleet.run('cost', '--month', MONTH, '--csv', csv, '--html', html);

    expect([ran.exitCode, ran.out.join('\n')]).toEqual([0, matching(/total 41\.38: usage 40\.02, credit -5\.00, refund -0\.76, tax 7\.12; before 20\.00, \+21\.38 \(\+106\.9 %\)/)]); // prettier-ignore
    expect(ran.out.join('\n')).toMatch(/\d+ calls of Cost Explorer, simulated; at a cent each \$\d/);
    expect(readFileSync(csv, 'utf8')).toContain(`\r\nteam,commerce,,${on(1)},`);
    expect(readFileSync(html, 'utf8')).toContain('<td>workload-0001 (200000000001)</td><td>39.50</td>');
  });

  test('is made from what is deployed where there is no ledger: this month, the same whenever it is asked', async () => {
    const fleet = fleets.deployed();
    const { exitCode, report } = await cost(fleet, '--no-orders');
    expect([exitCode, report.orders, report.tables.map(({ by }) => by)]).toEqual([0, null, ['account', 'region', 'team', 'cost-centre']]);
    expect(Number(report.total.amount)).toBeGreaterThan(0);
    expect(report.data.estimatedDays).toHaveLength(2);
    const again = await cost(fleet, '--no-orders', '--refresh');
    expect(again.report).toEqual(report);
  });

  test('refuses what cannot be asked, before anything is asked or written', async () => {
    const fleet = fleets.built();
    const before = fleet.contents();
    for (const [flags, message] of [
      [['--month', '2026-13'], /^user\/invalid-flag: --month 2026-13/],
      [['--month', MONTH, '--from', on(1)], /exclude each other/],
      [['--from', '2026-02-30'], /--from 2026-02-30 is not a day/],
      [['--from', on(2), '--to', on(1)], /no day is left/],
      [['--to', '2999-01-01'], /--to 2999-01-01 is after today/],
      [['--month', '2999-01'], /--month 2999-01 is after today/],
      [['--by', 'planet'], /--by planet is none of account, region/],
      [['--layer', 'regional'], /no bill tells layers apart/],
      [['--only', 'changed'], /--only changed says nothing of costs/],
      [['--account', '999999999999'], /^user\/filter-matches-nothing: .*--account 999999999999/],
      [['--unit', 'Nowhere'], /^user\/filter-matches-nothing/],
      [['--csv', 'no/such/folder.csv'], /--csv no\/such\/folder\.csv: folder .* does not exist/],
      [['--role', 'arn:aws:iam::1:role/x'], /--role/],
    ] as const) {
      const bad = await fleet.run('cost', ...flags);
      expect([flags, bad.exitCode, bad.err.join()]).toEqual([flags, 2, matching(message)]);
    }
    expect(fleet.contents()).toEqual(before);
  });

  test('passes on what Cost Explorer refuses: days that it no longer has', async () => {
    const ran = await fleets.deployed().run('cost', '--from', '2019-01-01', '--to', '2019-01-31');
    expect([ran.exitCode, ran.err.join()]).toEqual([1, matching(/^aws\/ValidationException: ce:GetCostAndUsage failed: historical data/)]);
  });
});

describe('fleet cost activate', () => {
  test('does not compare days that were told by no team with days that are, until they are asked for again', async () => {
    const fleet = billed();
    fleet.organize((organization) => (organization.ledger = { rows, activeTags: [] }));
    await cost(fleet, '--month', BEFORE, '--no-orders');
    await fleet.run('cost', 'activate', '--yes');

    const mixed = await fleet.run('cost', '--month', MONTH, '--no-orders');
    expect(mixed.exitCode).toBe(0);
    const text = mixed.out.join('\n');
    expect(text).toMatch(
      new RegExp(`^NOT COMPARED by team: the costs of 1 day \\(${BEFORE}-28\\) are all in \\(no tag\\), .*fleet cost --refresh`, 'm'),
    );
    expect(text).toMatch(/^commerce +15\.16 +\S+ +- +not compared$/m);
    expect(text).toMatch(/^eu-west-1 +37\.38 +\S+ +20\.00 +\+17\.38 /m);

    const refreshed = (await cost(fleet, '--month', MONTH, '--no-orders', '--refresh')).report;
    expect(refreshed.notCompared).toEqual([]);
    expect(refreshed.tables.find(({ by }) => by === 'team')?.rows[1]).toMatchObject({ key: 'commerce', previous: '20.00' });
  });

  const states = (result: unknown) =>
    Object.fromEntries((result as { tags: readonly { key: string; state: string }[] }).tags.map(({ key, state }) => [key, state]));

  test('asks, activates what billing has seen, and costs are told by team from then on', async () => {
    const fleet = fleets.deployed();
    const untold = (await cost(fleet, '--no-orders')).report;
    expect([untold.untagged.ofUsagePercent, Object.keys(amounts(untold, 'team'))]).toEqual(['100.0', ['']]);

    const refused = await fleet.answer('n', 'cost', 'activate');
    expect([refused.exitCode, refused.out.at(-1)]).toEqual([1, 'not confirmed: nothing was activated']);
    const done = await fleet.run('cost', 'activate', '--yes', '--json');
    expect([done.exitCode, states(done.result)]).toEqual([
      0,
      { Environment: 'active', Application: 'active', Team: 'active', CostCenter: 'active' },
    ]);
    const again = await fleet.run('cost', 'activate', '--json');
    expect([again.exitCode, (again.result as { activated: unknown }).activated, codesOf(again)]).toEqual([0, [], ['result']]);

    const told = (await cost(fleet, '--no-orders', '--refresh')).report;
    expect(Object.keys(amounts(told, 'team')).length).toBeGreaterThan(1);
    expect(told.total).toEqual(untold.total);
  });

  test('names what billing has not seen yet, and exits 1 until it has', async () => {
    const fleet = fleets.deployed();
    const day = LATELY.toISOString().slice(0, 10);
    fleet.organize((organization) => (organization.ledger = { rows: [{ day, account: FIRST, amount: '1', tags: { Team: 'commerce' } }] })); // prettier-ignore
    const ran = await fleet.run('cost', 'activate', '--yes', '--json');

    expect([ran.exitCode, states(ran.result)]).toEqual([
      1,
      { Environment: 'not-seen', Application: 'not-seen', Team: 'active', CostCenter: 'not-seen' },
    ]);
  });
});
