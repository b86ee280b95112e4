import type { TargetId } from '../../../contracts/target';
import { departures } from '../../../fleet/discovery/departures';
import { matchPlan, type MatchedPlan } from '../../../fleet/plan/match-plan';
import { planDigest, type RolloutPlan } from '../../../fleet/plan/rollout-plan';

import { planOf, recordsAfter, releaseOf, smallFleet, type FleetOptions } from './plan-fixture';

const records = recordsAfter(planOf(smallFleet()));
const bigger = (text: string) => text.replace('memoryMb: 1024', 'memoryMb: 2048');
const wanted = planOf({ ...smallFleet({ fleet: bigger }), records });

/** The plan of then, held against that of an organisation that a test changes. */
function matched(
  organization: NonNullable<FleetOptions['organization']>,
  change: Partial<Parameters<typeof planOf>[0]> = {},
): MatchedPlan & { readonly today: RolloutPlan } {
  const now = smallFleet({ fleet: bigger, organization });
  const today = planOf({ ...now, records, ...change });
  return { ...matchPlan(wanted, { today, departed: departures(now) }), today };
}

const only =
  (id: string, change: (account: { state?: string; unit?: string; regions?: Record<string, string> } & Record<string, unknown>) => void) =>
  ({ accounts }: { accounts: (Record<string, unknown> & { id: string })[] }) =>
    accounts.filter((account) => account.id === id).forEach(change);

const LEFT = '200000000001';

test('the same plan is the same', () => {
  expect(matched(() => undefined)).toMatchObject({ kind: 'same', plan: wanted });
});

test.each<[string, NonNullable<FleetOptions['organization']>, string, readonly string[]]>([
  [
    'left the organisation',
    (organization) => (organization.accounts = organization.accounts.filter(({ id }) => id !== LEFT)),
    `account ${LEFT} is not in organisation o-sandbox0001: it left, or was closed`,
    ['eu-west-1', 'us-east-1'],
  ],
  [
    'was suspended',
    only(LEFT, (account) => (account.state = 'SUSPENDED')),
    `account ${LEFT} (workload-0001) is SUSPENDED`,
    ['eu-west-1', 'us-east-1'],
  ],
  [
    'was moved out of the units',
    only(LEFT, (account) => (account.unit = 'Elsewhere')),
    `account ${LEFT} (workload-0001) unit Elsewhere is not in workloads.units`,
    ['eu-west-1', 'us-east-1'],
  ],
  [
    'has a region disabled',
    only(LEFT, (account) => (account.regions = { 'us-east-1': 'DISABLED' })),
    `region us-east-1 is not enabled in account ${LEFT} (workload-0001)`,
    ['us-east-1'],
  ],
])('targets of an account that %s since are blocked, and the rest is what today has', (_name, organization, reason, regions) => {
  const { today, ...found } = matched(organization);
  if (found.kind !== 'same') throw new Error(found.what);
  const ids = regions.map((region) => `regional/${LEFT}/${region}`);

  expect(found.plan.waves).toEqual(today.waves);
  expect(found.plan.targets.slice(0, today.targets.length)).toEqual(today.targets);
  expect(found.plan.targets.slice(today.targets.length)).toEqual(
    ids.map(
      (id) =>
        expect.objectContaining({ target: expect.objectContaining({ id }) as object, blocked: reason, reasons: [], wave: null }) as object,
    ),
  );
  expect(planDigest(found.plan)).toBe(found.plan.digest);
});

test('what left and would not have changed is not told: nothing was to be done there', () => {
  const settled = smallFleet();
  const plan = planOf({ ...settled, records, release: releaseOf({ program: { observability: 'observability-2' } }) });
  const now = smallFleet({ organization: only(LEFT, (account) => (account.state = 'SUSPENDED')) });
  const today = planOf({ ...now, records, release: releaseOf({ program: { observability: 'observability-2' } }) });
  const found = matchPlan(plan, { today, departed: departures(now) });

  expect(found).toMatchObject({ kind: 'same', plan: { targets: today.targets } });
});

describe('any other difference is one, and the first is named', () => {
  const newcomer = { id: '200000000009', name: 'new', email: 'n@example.com', unit: 'Workloads/Prod', tags: {} };
  const suspended = only(LEFT, (account) => (account.state = 'SUSPENDED'));
  const record = (id: string) => {
    const found = records.get(id as TargetId);
    if (!found) throw new Error(id);
    return found;
  };

  test.each<[string, NonNullable<FleetOptions['organization']>, Partial<Parameters<typeof planOf>[0]>, string]>([
    ['an account joined', ({ accounts }) => void accounts.push(newcomer), {}, 'regional/200000000009/eu-west-1 was not in it'],
    [
      'one left and another joined',
      (organization) => {
        suspended(organization);
        organization.accounts.push(newcomer);
      },
      {},
      'regional/200000000009/eu-west-1 was not in it',
    ],
    [
      'a tag changed, while one left',
      (organization) => {
        suspended(organization);
        only('200000000002', (account) => (account.tags = { CostCenter: 'cc-999' }))(organization);
      },
      {},
      'regional/200000000002/eu-west-1 has another configuration',
    ],
    ['the release is another one', suspended, { release: releaseOf({ lambda: 'order-2' }) }, 'release is another one'],
    [
      'fleet.yaml is another one',
      suspended,
      { config: smallFleet({ fleet: (text) => bigger(text).replace('perAccount: 2', 'perAccount: 3') }).config },
      'fleet.yaml is another one',
    ],
    [
      'a target was deployed meanwhile',
      suspended,
      {
        records: new Map([
          ...records,
          ['regional/200000000002/eu-west-1' as TargetId, { ...record('regional/200000000002/eu-west-1'), dirty: true }],
        ]),
      },
      'regional/200000000002/eu-west-1 changes for another reason (config, dirty in place of config)',
    ],
  ])('%s', (_name, organization, change, what) => {
    expect(matched(organization, change)).toMatchObject({ kind: 'differs', what });
  });

  test('a rollout of less than it had', () => {
    const today = planOf({ ...smallFleet({ fleet: bigger }), records });
    const fewer = { ...today, targets: today.targets.slice(1), digest: 'other' };
    expect(matchPlan(wanted, { today: fewer, departed: () => null })).toEqual({
      kind: 'differs',
      what: `${today.targets[0]?.target.id ?? ''} is in it no more`,
    });
  });
});
