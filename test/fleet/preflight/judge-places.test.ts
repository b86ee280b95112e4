import type { FleetConfig } from '../../../fleet/config/fleet-config';
import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { targetAt } from '../../../contracts/target';
import { makeInventory, type InventoryAccount } from '../../../fleet/discovery/inventory';
import { asIfOptedIn, judgeAccounts, judgeRegion } from '../../../fleet/preflight/judge-places';

const ireland = regionSchema.parse('eu-west-1');
const ids = ['100000000001', '100000000002', '100000000003', '200000000001', '200000000002'].map((id) => accountIdSchema.parse(id));
const [management, shared, monitoring, first, second] = ids as [(typeof ids)[0], (typeof ids)[0], (typeof ids)[0], (typeof ids)[0], (typeof ids)[0]]; // prettier-ignore

const account = (id: (typeof ids)[0], change: Partial<InventoryAccount> = {}): InventoryAccount => ({
  ...{ id, name: `account ${id}`, email: 'a@example.com', unit: 'Workloads/Prod', state: 'ACTIVE', tags: {} },
  ...{ regions: { [ireland]: 'enabled' }, lambdaConcurrency: {}, managementAccount: id === management, ...change },
});
const discovered = (
  accounts: readonly InventoryAccount[],
  warnings: readonly { readonly account: string | null; readonly message: string }[] = [],
) => ({
  inventory: makeInventory({ organizationId: 'o-abcdefghij', source: 'aws', accounts, takenAt: new Date(0) }),
  warnings,
});
const config = { accounts: { shared, monitoring }, workloads: { units: ['Workloads/**'], exclude: { accounts: [second], units: [] } } } as unknown as FleetConfig; // prettier-ignore

test.each([
  ['enabled', 'passed'],
  ['disabled', 'failed'],
  ['unknown', 'unknown'],
] as const)('a region that is %s has %s', (status, verdict) => {
  const target = targetAt({ layer: 'regional', account: first, region: ireland });

  expect(judgeRegion(target, account(first, { regions: { [ireland]: status } }))).toMatchObject({ check: 'region', verdict });
});

test('a region of which nothing is said, or an account that nobody knows, is unknown', () => {
  const target = targetAt({ layer: 'regional', account: first, region: ireland });

  expect(judgeRegion(target, account(first, { regions: {} })).verdict).toBe('unknown');
  expect(judgeRegion(target, undefined).verdict).toBe('unknown');
});

test('every region is taken for opted in, and nothing else is changed', () => {
  const { inventory } = discovered([account(first, { regions: { [ireland]: 'disabled' }, state: 'SUSPENDED' })]);

  expect(asIfOptedIn(inventory, [ireland]).accounts).toEqual([account(first, { state: 'SUSPENDED' })]);
});

describe('accounts of which something is not known', () => {
  test.each([
    [{ tags: null }, 'its tags are unknown'],
    [{ unit: null }, 'its unit is unknown'],
    [{ state: null }, 'its state is unknown'],
  ])('are named: %j', (change, found) => {
    const results = judgeAccounts(config, discovered([account(first, change)], [{ account: first, message: 'it was refused' }]));

    expect(results).toEqual([
      expect.objectContaining({ account: first, check: 'inventory', verdict: 'unknown', found: `${found}: it was refused` }),
    ]);
  });

  test('are not named where fleet.yaml leaves them out anyway', () => {
    const accounts = [
      account(management, { tags: null }),
      account(second, { tags: null }),
      account(shared, { unit: null }),
      account(first),
    ];

    expect(judgeAccounts(config, discovered(accounts)).map(({ verdict }) => verdict)).toEqual(['passed']);
  });

  test('a warning about the organisation as a whole is unknown', () => {
    const results = judgeAccounts(config, discovered([account(first)], [{ account: null, message: 'units could not be listed' }]));

    expect(results).toEqual([expect.objectContaining({ account: null, verdict: 'unknown', found: 'units could not be listed' })]);
  });
});
