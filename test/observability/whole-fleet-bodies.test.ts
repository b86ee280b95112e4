import * as fc from 'fast-check';

import { accountIdSchema, regionSchema, type Region } from '../../contracts/ids';
import { observabilityNames, regionalNames } from '../../contracts/names';
import { accountBody } from '../../observability/account-body';
import { costBody } from '../../observability/cost-body';
import { navigation } from '../../observability/dashboard-links';
import { fleetAlarmDefinitions } from '../../observability/fleet-alarm-definitions';
import { toMember, type MemberView } from '../../observability/member-view';
import { overviewBody, type RegionPart } from '../../observability/overview-body';
import { regionDashboardBody } from '../../observability/region-dashboard-body';
import { sharedDashboardBody } from '../../observability/shared-dashboard-body';

import { dashboardProblems } from './check-dashboard-body';

const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2', 'eu-central-1', 'us-west-2'].map((name) => regionSchema.parse(name));
const MEMBERS_PER_PART = 200;
const monitoring = accountIdSchema.parse('100000000003');
const home = REGIONS[0] ?? regionSchema.parse('eu-west-1');
const accountOf = (index: number) => accountIdSchema.parse(String(200_000_000_001 + index));

interface Fleet {
  readonly accounts: readonly number[];
  readonly regions: readonly Region[];
  readonly missing?: (account: number, region: Region) => boolean;
}

/** Every body of the monitoring account, by dashboard, as the stacks of the regions and parts make them. */
function bodiesOf({ accounts, regions, missing = () => false }: Fleet): ReadonlyMap<string, string> {
  const bodies = new Map<string, string>();
  const names = regionalNames('orders', { account: monitoring, region: home });
  const homeNames = observabilityNames('orders', { region: home, part: 1 });
  const shared = { namespace: names.metricNamespace, orderFunction: names.orderFunction, deadLetterFunction: names.deadLetterFunction };
  const links = navigation(homeNames);
  const kinds = fleetAlarmDefinitions(shared).map(({ kind }) => kind);
  const parts = regions.flatMap((region) =>
    Array.from({ length: Math.max(1, Math.ceil(accounts.length / MEMBERS_PER_PART)) }, (_, index): RegionPart => {
      const own = accounts.slice(index * MEMBERS_PER_PART, (index + 1) * MEMBERS_PER_PART);
      const views = own.map((account): MemberView => {
        const identity = { account: accountOf(account), name: `account | ${account}`, region };
        const { orderFunction, orderQueue, dashboard } = regionalNames('orders', { account: identity.account, region });
        return missing(account, region)
          ? { state: 'missing', ...identity }
          : { state: 'present', ...identity, functionName: orderFunction, queueName: orderQueue, dashboard };
      });
      const place = observabilityNames('orders', { region, part: index + 1 });
      const alarmKinds = index === 0 ? kinds : [];
      const alarmArns = alarmKinds.map((kind) => `arn:aws:cloudwatch:${region}:${monitoring}:alarm:${place.alarm(kind)}`);
      bodies.set(place.regionDashboard, regionDashboardBody({ fleet: 'orders', navigation: links, region, namespace: shared.namespace, members: views, alarmArns, alarmKinds })); // prettier-ignore
      return { region, part: index + 1, members: views.map(toMember), dashboard: place.regionDashboard };
    }),
  );
  bodies.set(homeNames.overviewDashboard, overviewBody({ fleet: 'orders', navigation: links, ...shared, parts }));
  bodies.set(homeNames.accountDashboard, accountBody({ navigation: links, names, parts }));
  bodies.set(homeNames.costDashboard, costBody({ navigation: links, regions, orderFunction: names.orderFunction }));
  bodies.set(homeNames.targetsDashboard, sharedDashboardBody({ names, homeRegion: home, parts }));
  return bodies;
}

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Tables of the text widgets of a body that list accounts. */
function tablesOf(body: string): readonly Table[] {
  const { widgets } = JSON.parse(body) as { readonly widgets: readonly { readonly properties: { readonly markdown?: string } }[] };
  const cells = (line: string) => line.split('|').slice(1, -1).map((cell) => cell.trim()); // prettier-ignore
  return widgets.flatMap(({ properties: { markdown = '' } }) => {
    const lines = markdown.split('\n').filter((line) => line.startsWith('| '));
    return lines[0]?.startsWith('| account') ? [{ header: cells(lines[0]), rows: lines.slice(1).map(cells) }] : [];
  });
}

/** Targets that the matrix of the overview shows, each with its cell. */
function matrixOf(body: string): readonly (readonly [string, string])[] {
  return tablesOf(body).flatMap(({ header, rows }) =>
    rows.flatMap(([account = '', , ...cells]) => cells.flatMap((cell, index) => (cell === '·' ? [] : [[`${account}/${header[index + 2] ?? ''}`, cell] as const]))),
  ); // prettier-ignore
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

test('200 accounts in 5 regions: every body is valid, and all are made within 5 seconds', () => {
  const began = performance.now();
  const bodies = bodiesOf({ accounts: range(200), regions: REGIONS });

  expect(performance.now() - began).toBeLessThan(5000);
  expect(bodies.size).toBe(9);
  for (const [name, body] of bodies) expect([name, dashboardProblems(body)]).toEqual([name, []]);
});

test('200 accounts in 5 regions: all 1,000 targets stand once in the matrix, and once in the dashboard of their region', () => {
  const bodies = bodiesOf({ accounts: range(200), regions: REGIONS, missing: (account, region) => account === 7 && region === home });
  const expected = REGIONS.flatMap((region) => range(200).map((account) => `${accountOf(account)}/${region}`)).sort();
  const matrix = matrixOf(bodies.get('orders-overview') ?? '');
  const listed = REGIONS.flatMap((region) =>
    tablesOf(bodies.get(`orders-region-${region}`) ?? '').flatMap(({ rows }) => rows.map(([account = '']) => `${account}/${region}`)),
  );

  expect(matrix.map(([target]) => target).sort()).toEqual(expected);
  expect([...listed].sort()).toEqual(expected);
  expect(matrix.filter(([, cell]) => cell === '**missing**')).toEqual([[`${accountOf(7)}/${home}`, '**missing**']]);
});

test('a new account changes the views of its regions, the overview, and the choices; of the matrix one table alone', () => {
  const [before, after] = [bodiesOf({ accounts: range(200), regions: REGIONS }), bodiesOf({ accounts: range(201), regions: REGIONS })];
  const changed = [...after].filter(([name, body]) => before.get(name) !== body).map(([name]) => name);
  const tables = (bodies: ReadonlyMap<string, string>) => tablesOf(bodies.get('orders-overview') ?? '').map((table) => JSON.stringify(table));

  // The 201st opens a second part in each region; the first parts, and the cost board, stay as they were.
  expect(changed.sort()).toEqual([...REGIONS.map((region) => `orders-region-${region}-2`), 'orders-account', 'orders-overview', 'orders-targets'].sort());
  expect(tables(after).filter((table) => !tables(before).includes(table))).toHaveLength(1);
}); // prettier-ignore

test('an account that joins a part with room changes the dashboards of that part', () => {
  const [before, after] = [bodiesOf({ accounts: range(20), regions: REGIONS }), bodiesOf({ accounts: range(21), regions: REGIONS })];
  const same = [...after].filter(([name, body]) => before.get(name) === body).map(([name]) => name);

  expect(same).toEqual(['orders-cost']);
});

test('any fleet gives valid bodies that show each target once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1200 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 2, max: 9 }),
      (accounts, regions, nth) => {
        const fleet = { accounts: range(accounts), regions: REGIONS.slice(0, regions), missing: (account: number) => account % nth === 0 };
        const bodies = bodiesOf(fleet);
        for (const body of bodies.values()) expect(dashboardProblems(body)).toEqual([]);
        const shown = matrixOf(bodies.get('orders-overview') ?? '').map(([target]) => target);
        expect([shown.length, new Set(shown).size]).toEqual([accounts * regions, accounts * regions]);
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);
