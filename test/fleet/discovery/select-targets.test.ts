import { regionSchema } from '../../../contracts/ids';
import { parseFleetConfig } from '../../../fleet/config/load-config';
import { makeInventory, type InventoryAccount } from '../../../fleet/discovery/inventory';
import { recordedInventory } from '../../../fleet/discovery/recorded-source';
import { selectPlaces } from '../../../fleet/discovery/select-targets';
import { organizationSchema } from '../../../sandbox/organization';
import { problemsOf } from '../config/problems-of';

const config = (rest = '') =>
  parseFleetConfig(
    `name: orders
organization: { source: aws }
accounts: { shared: "100000000002", monitoring: "100000000003" }
regions: [us-east-1, eu-west-1]
${rest}`,
    { path: '/fleet/fleet.yaml' },
  );

interface Change {
  readonly id: string;
  readonly over: Partial<InventoryAccount>;
}

/** Two healthy workload accounts and the three others; `changes` are laid over accounts, and make them where there are none. */
const inventory = (...changes: Change[]) => {
  const ids = ['100000000001', '100000000002', '100000000003', '200000000001', '200000000002'];
  const more = changes.map((change) => change.id).filter((id) => !ids.includes(id));
  const organization = organizationSchema.parse({
    id: 'o-abcdefghij',
    managementAccount: '100000000001',
    accounts: [...ids, ...more].map((id) => ({ id, name: `n${id}` })),
  });
  const regions = config().regions;
  const recorded = recordedInventory(organization, { source: 'recorded', regions, takenAt: new Date(0) });
  const accounts = recorded.accounts.map((account) => ({ ...account, ...changes.find((change) => change.id === account.id)?.over }));
  return makeInventory({ ...recorded, accounts, takenAt: new Date(0) });
};

const workloadsOf = (...changes: Change[]) =>
  selectPlaces({ config: config(), inventory: inventory(...changes) }).workloads.map(({ account, region }) => `${account.id}/${region}`);

describe('selectPlaces', () => {
  test('takes every account under the workload units in every region, in the order of the regions', () => {
    expect(workloadsOf()).toEqual(['200000000001/us-east-1', '200000000002/us-east-1', '200000000001/eu-west-1', '200000000002/eu-west-1']);
  });

  test('never takes the management, shared and monitoring accounts, whatever their unit', () => {
    const { excluded, shared, monitoring } = selectPlaces({ config: config(), inventory: inventory() });

    expect(excluded).toEqual([
      { account: '100000000001', region: null, reason: 'is the management account' },
      { account: '100000000002', region: null, reason: 'is the shared-services account' },
      { account: '100000000003', region: null, reason: 'is the monitoring account' },
    ]);
    expect([shared.id, monitoring.id]).toEqual(['100000000002', '100000000003']);
  });

  test.each<[string, Partial<InventoryAccount>, string]>([
    ['a suspended account', { state: 'SUSPENDED' }, 'is SUSPENDED'],
    ['a closed account', { state: 'CLOSED' }, 'is CLOSED'],
    ['an account being closed', { state: 'PENDING_CLOSURE' }, 'is PENDING_CLOSURE'],
    ['an account being opened', { state: 'PENDING_ACTIVATION' }, 'is PENDING_ACTIVATION'],
    ['an account of unknown state', { state: null }, 'its state is unknown'],
    ['an account of unknown unit', { unit: null }, 'its unit is unknown'],
    ['an account of unknown tags', { tags: null }, 'its tags are unknown'],
    ['an account elsewhere', { unit: 'Sandboxes' }, 'unit Sandboxes is not in workloads.units'],
    ['an account at the root', { unit: '' }, 'is at the root, in no unit'],
    ['a frozen account', { unit: 'Workloads/Frozen' }, 'unit Workloads/Frozen is in workloads.exclude.units'],
    ['an account below a frozen unit', { unit: 'Workloads/Frozen/Deep' }, 'unit Workloads/Frozen/Deep is in workloads.exclude.units'],
    ['an excluded account', { id: '200000000009' as InventoryAccount['id'] }, 'is in workloads.exclude.accounts'],
  ])('leaves out %s and says why', (_name, over, reason) => {
    const id = over.id ?? '200000000008';
    const settings = config(
      'workloads: { units: ["Workloads/**"], exclude: { accounts: ["200000000009"], units: ["Workloads/Frozen"] } }\n',
    );
    const theExcludedOne: Change[] = id === '200000000009' ? [] : [{ id: '200000000009', over: {} }];

    const { workloads, excluded } = selectPlaces({ config: settings, inventory: inventory({ id, over }, ...theExcludedOne) });

    expect(workloads.map((place) => place.account.id)).not.toContain(id);
    expect(excluded).toContainEqual({ account: id, region: null, reason });
  });

  test.each([
    ['disabled', 'region eu-west-1 is not enabled in the account'],
    ['unknown', 'status of region eu-west-1 is unknown'],
  ] as const)('leaves out a %s region of an account, not the account', (status, reason) => {
    const regions = {
      [regionSchema.parse('us-east-1')]: 'enabled',
      [regionSchema.parse('eu-west-1')]: status,
    } as InventoryAccount['regions'];
    const input = inventory({ id: '200000000001', over: { regions } });

    const { workloads, excluded } = selectPlaces({ config: config(), inventory: input });

    expect(workloads.map(({ account, region }) => `${account.id}/${region}`)).toEqual([
      '200000000001/us-east-1',
      '200000000002/us-east-1',
      '200000000002/eu-west-1',
    ]);
    expect(excluded).toContainEqual({ account: '200000000001', region: 'eu-west-1', reason });
  });

  test('takes a region that the inventory does not mention for unknown', () => {
    expect(workloadsOf({ id: '200000000001', over: { regions: {} } })).toEqual(['200000000002/us-east-1', '200000000002/eu-west-1']);
  });

  test('names the key of fleet.yaml whose account cannot be used, and tells all problems at once', () => {
    const regions = { 'us-east-1': 'enabled', 'eu-west-1': 'disabled' } as InventoryAccount['regions'];
    const input = inventory({ id: '100000000002', over: { state: 'SUSPENDED' } }, { id: '100000000003', over: { regions } });
    const settings = config('workloads: { exclude: { accounts: ["900000000009"] } }\n');

    expect(problemsOf(() => selectPlaces({ config: settings, inventory: input, unmatched: 'refused' }))).toEqual({
      code: 'user/places',
      problems: [
        '3:21: accounts.shared is 100000000002, which is SUSPENDED: it must be an ACTIVE account',
        '3:49: accounts.monitoring is 100000000003: region eu-west-1 is not enabled in the account; opt in to it there, or remove it from regions',
        '5:36: workloads.exclude.accounts: account 900000000009 is no account of organisation o-abcdefghij; did you mean 100000000001?',
      ],
    });
  });

  test('refuses a shared account that is not in the organisation', () => {
    const input = inventory();
    const without = makeInventory({
      ...input,
      accounts: input.accounts.filter((account) => account.id !== '100000000002'),
      takenAt: new Date(0),
    });

    expect(problemsOf(() => selectPlaces({ config: config(), inventory: without })).problems).toEqual([
      '3:21: accounts.shared is 100000000002, which is no account of the organisation: correct it in fleet.yaml',
    ]);
  });

  test('refuses what matches nothing only where that is asked for', () => {
    const settings = config('workloads: { units: ["Workloads/**", "Labs"], exclude: { units: ["Workloads/Gone"] } }\n');
    const input = { config: settings, inventory: inventory() };

    expect(selectPlaces(input)).toMatchObject({ workloads: { length: 4 }, advice: [] });
    expect(problemsOf(() => selectPlaces({ ...input, unmatched: 'refused' }))).toEqual({
      code: 'user/places',
      problems: [
        '5:38: workloads.units: glob Labs matches no unit that has accounts: correct or remove it',
        '5:66: workloads.exclude.units: glob Workloads/Gone matches no unit that has accounts; did you mean Workloads/Prod?',
      ],
    });
  });

  test('says what matches nothing in place of that nothing is left', () => {
    const settings = config('workloads: { units: ["Wrokloads/**"] }\n');

    expect(problemsOf(() => selectPlaces({ config: settings, inventory: inventory(), unmatched: 'refused' })).problems).toEqual([
      '5:22: workloads.units: glob Wrokloads/** matches no unit that has accounts; did you mean Workloads/**?',
    ]);
  });

  test('refuses a fleet with nothing to deploy to, with an example of why', () => {
    const settings = config('workloads: { units: ["Wrokloads/**"] }\n');

    expect(problemsOf(() => selectPlaces({ config: settings, inventory: inventory() })).problems).toEqual([
      '5:12: no account and region is left to deploy to: check workloads (units Wrokloads/**) and regions in fleet.yaml; account 200000000001: unit Workloads/Prod is not in workloads.units',
    ]);
  });
});
