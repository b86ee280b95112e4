import { accountIdSchema } from '../../../contracts/ids';
import { makeInventory, parseInventory, type Inventory, type InventoryAccount } from '../../../fleet/discovery/inventory';
import { keepKnown } from '../../../fleet/discovery/keep-known';

const known: InventoryAccount = {
  id: accountIdSchema.parse('200000000001'),
  name: 'workload',
  email: 'workload@example.com',
  unit: 'Workloads/Prod',
  state: 'ACTIVE',
  tags: { CostCenter: 'cc-1' },
  regions: { 'eu-west-1': 'enabled', 'us-east-1': 'disabled' },
  lambdaConcurrency: { 'eu-west-1': 500 },
  managementAccount: false,
};
const unknown: InventoryAccount = {
  ...known,
  unit: null,
  tags: null,
  regions: { 'eu-west-1': 'unknown', 'us-east-1': 'unknown' },
  lambdaConcurrency: { 'eu-west-1': null, 'us-east-1': null },
};

function inventory(account: InventoryAccount, options: { readonly day?: number; readonly organizationId?: string } = {}): Inventory {
  return makeInventory({
    organizationId: options.organizationId ?? 'o-sandbox0001',
    source: 'aws',
    accounts: [account],
    takenAt: new Date(Date.UTC(2026, 0, options.day ?? 1)),
  });
}
const yesterday = inventory(known, { day: 1 });
const discovered = (account: InventoryAccount) => ({
  inventory: inventory(account, { day: 2 }),
  warnings: [{ account: known.id, message: 'throttled' }],
});

test('what could not be read keeps its last known value, each named', () => {
  const { inventory: kept, warnings } = keepKnown(discovered(unknown), yesterday);

  expect(kept.accounts).toEqual([{ ...known, lambdaConcurrency: { 'eu-west-1': 500, 'us-east-1': null } }]);
  expect(kept.takenAt).toBe('2026-01-02T00:00:00.000Z');
  expect(warnings).toEqual([
    { account: known.id, message: 'throttled' },
    {
      account: known.id,
      message: 'status of eu-west-1, status of us-east-1, Lambda limit of eu-west-1, unit, tags kept as of 2026-01-01T00:00:00.000Z',
    },
  ]);
});

test('what could be read replaces what was known, also where it is less', () => {
  const less: InventoryAccount = {
    ...known,
    state: 'SUSPENDED',
    unit: '',
    tags: {},
    lambdaConcurrency: { 'eu-west-1': 10 },
  };
  const discovery = discovered(less);

  expect(keepKnown(discovery, yesterday)).toEqual(discovery);
});

test('the digest is that of the inventory with what was kept', () => {
  const whole = inventory({
    ...known,
    lambdaConcurrency: { 'eu-west-1': 500, 'us-east-1': null },
  });

  expect(keepKnown(discovered(unknown), yesterday).inventory.digest).toBe(whole.digest);
});

test.each([
  ['no earlier inventory', undefined],
  ['one of another organisation', inventory(known, { organizationId: 'o-another00001' })],
  ['one that lacks the account', inventory({ ...known, id: accountIdSchema.parse('200000000009') })],
])('with %s nothing is filled in', (_name, previous) => {
  const discovery = discovered(unknown);
  const { inventory: kept, warnings } = keepKnown(discovery, previous);

  expect([kept.accounts, warnings]).toEqual([discovery.inventory.accounts, discovery.warnings]);
});

test('an account that left does not come back', () => {
  const gone = {
    inventory: makeInventory({ organizationId: 'o-sandbox0001', source: 'aws', accounts: [], takenAt: new Date(0) }),
    warnings: [],
  };

  expect(keepKnown(gone, yesterday).inventory.accounts).toEqual([]);
});

test('an account that left stays known as departed, until it is there again', () => {
  const other = accountIdSchema.parse('200000000009');
  const without = { inventory: inventory({ ...known, id: other }, { day: 2 }), warnings: [] };

  const first = keepKnown(without, yesterday).inventory;
  expect(first.departed).toEqual([known.id]);
  expect(parseInventory(JSON.parse(JSON.stringify(first)))).toEqual(first);
  expect(keepKnown(without, first).inventory).toEqual(first);
  const back = keepKnown(discovered(known), first).inventory;
  expect(back.departed).toEqual([other]);
  expect(keepKnown(without, inventory(known, { organizationId: 'o-another00001' })).inventory).not.toHaveProperty('departed');
});
