import { targetSchema } from '../../../contracts/target';
import { departures, lostPlaces } from '../../../fleet/discovery/departures';
import { makeInventory, type InventoryAccount } from '../../../fleet/discovery/inventory';
import { smallFleet, type FleetOptions } from '../plan/plan-fixture';

/** Why a target left, with accounts as a test changes them (null: gone), and fleet.yaml as it changes its text. */
function leftBecause(
  id: string,
  {
    accounts = {},
    fleet,
  }: { readonly accounts?: Readonly<Record<string, Partial<InventoryAccount> | null>> } & Pick<FleetOptions, 'fleet'>,
): string | null {
  const { config, inventory } = smallFleet(fleet === undefined ? {} : { fleet });
  const changed = inventory.accounts.flatMap((account) => {
    const change = accounts[account.id];
    return change === null ? [] : [{ ...account, ...change }];
  });
  const now = makeInventory({ ...inventory, accounts: changed, takenAt: new Date(0) });
  return departures({ config, inventory: now })(targetSchema.parse(id));
}

const ACCOUNT = '200000000001';
const HERE = `regional/${ACCOUNT}/us-east-1`;

test.each<[string, Parameters<typeof leftBecause>[1], string]>([
  [
    'left the organisation',
    { accounts: { [ACCOUNT]: null } },
    `account ${ACCOUNT} is not in organisation o-sandbox0001: it left, or was closed`,
  ],
  ['was suspended', { accounts: { [ACCOUNT]: { state: 'SUSPENDED' } } }, `account ${ACCOUNT} (workload-0001) is SUSPENDED`],
  ['is being closed', { accounts: { [ACCOUNT]: { state: 'PENDING_CLOSURE' } } }, `account ${ACCOUNT} (workload-0001) is PENDING_CLOSURE`],
  [
    'has its region disabled',
    { accounts: { [ACCOUNT]: { regions: { 'us-east-1': 'disabled' } } } },
    `region us-east-1 is not enabled in account ${ACCOUNT} (workload-0001)`,
  ],
  [
    'was moved out of the units',
    { accounts: { [ACCOUNT]: { unit: 'Sandbox' } } },
    `account ${ACCOUNT} (workload-0001) unit Sandbox is not in workloads.units`,
  ],
  [
    'is excluded by its account',
    { fleet: (text) => text.replace('    - Workloads/**', `    - Workloads/**\n  exclude:\n    accounts: ["${ACCOUNT}"]`) },
    `account ${ACCOUNT} (workload-0001) is in workloads.exclude.accounts`,
  ],
  [
    'is in a region that fleet.yaml does not name any more',
    { fleet: (text) => text.replace('  - us-east-1\n', '') },
    'region us-east-1 is not in regions of fleet.yaml',
  ],
])('nothing is deployed to a target that %s', (_name, change, reason) => {
  expect(leftBecause(HERE, change)).toBe(reason);
});

test.each<[string, Partial<InventoryAccount>]>([
  ['state', { state: null }],
  ['unit', { unit: null }],
  ['tags', { tags: null }],
  ['region', { regions: {} }],
])('an account whose %s could not be read has not left', (_what, change) => {
  expect(leftBecause(HERE, { accounts: { [ACCOUNT]: change } })).toBeNull();
});

test.each([
  ['foundation', 'shared', '100000000002'],
  ['observability', 'monitoring', '100000000003'],
])('a target of layer %s is of the %s account alone', (layer, key, account) => {
  const other = (text: string) => text.replace(`${key}: "${account}"`, `${key}: "200000000004"`);

  expect(leftBecause(`${layer}/${account}/us-east-1`, {})).toBeNull();
  expect(leftBecause(`${layer}/${account}/us-east-1`, { fleet: other })).toBe(
    `accounts.${key} of fleet.yaml is 200000000004, not ${account}`,
  );
});

test('what the organisation says is told without fleet.yaml: an account outside the units can be reached', () => {
  const { inventory } = smallFleet({ organization: ({ accounts }) => accounts.forEach((account) => (account.unit = 'Elsewhere')) });

  expect(lostPlaces(inventory)(targetSchema.parse(HERE))).toBeNull();
});
