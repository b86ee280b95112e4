import { regionSchema } from '../../../contracts/ids';
import { digestOf } from '../../../fleet/digest';
import { makeInventory, parseInventory } from '../../../fleet/discovery/inventory';
import { recordedInventory } from '../../../fleet/discovery/recorded-source';
import { organizationSchema } from '../../../sandbox/organization';

const regions = ['eu-west-1', 'ap-east-1', 'us-east-1'].map((region) => regionSchema.parse(region));

const organization = organizationSchema.parse({
  id: 'o-abcdefghij',
  managementAccount: '100000000001',
  accounts: [
    { id: '200000000001', name: 'a', tags: { CostCenter: 'cc-1' }, lambdaConcurrency: 50 },
    { id: '100000000001', name: 'management', unit: '' },
    {
      id: '200000000002',
      name: 'b',
      state: 'SUSPENDED',
      regions: { 'ap-east-1': 'ENABLED', 'eu-west-1': 'DISABLED', 'us-east-1': 'DISABLING' },
    },
  ],
});

const take = (at = 0) => recordedInventory(organization, { source: 'recorded', regions, takenAt: new Date(at) });

describe('recordedInventory', () => {
  test('has every account, sorted, with what the file says of it', () => {
    expect(take().accounts.map((account) => [account.id, account.unit, account.state, account.managementAccount])).toEqual([
      ['100000000001', '', 'ACTIVE', true],
      ['200000000001', 'Workloads/Prod', 'ACTIVE', false],
      ['200000000002', 'Workloads/Prod', 'SUSPENDED', false],
    ]);
  });

  test('takes opt-in regions for disabled unless the file says otherwise', () => {
    const [, defaults, stated] = take().accounts;

    expect(defaults?.regions).toEqual({ 'eu-west-1': 'enabled', 'ap-east-1': 'disabled', 'us-east-1': 'enabled' });
    expect(stated?.regions).toEqual({ 'eu-west-1': 'disabled', 'ap-east-1': 'enabled', 'us-east-1': 'disabled' });
  });

  test('knows the Lambda limit of enabled regions only', () => {
    expect(take().accounts[1]?.lambdaConcurrency).toEqual({ 'eu-west-1': 50, 'us-east-1': 50 });
  });
});

describe('the digest of an inventory', () => {
  test('does not depend on when it was taken or in which order accounts came', () => {
    const inventory = take();
    const reversed = makeInventory({ ...inventory, accounts: [...inventory.accounts].reverse(), takenAt: new Date(5) });

    expect(take(99_999).digest).toBe(inventory.digest);
    expect(reversed.digest).toBe(inventory.digest);
  });

  test('changes with anything that is known of an account, and unknown is not absent', () => {
    const inventory = take();
    const changed = (over: object) =>
      makeInventory({ ...inventory, takenAt: new Date(0), accounts: inventory.accounts.map((account) => ({ ...account, ...over })) })
        .digest;

    const digests = [
      inventory.digest,
      changed({ unit: 'X' }),
      changed({ unit: null }),
      changed({ tags: null }),
      changed({ tags: {} }),
      changed({ state: null }),
    ];

    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe('parseInventory', () => {
  test('reads back what was written', () => {
    expect(parseInventory(JSON.parse(JSON.stringify(take())))).toEqual(take());
  });

  test('reads what a later fleet wrote: members, states, regions and statuses that this one does not know', () => {
    const { takenAt, digest: _digest, ...content } = take();
    const [first, ...others] = content.accounts;
    const added = {
      ...first,
      state: 'HIBERNATING',
      owner: 'x',
      regions: { ...first?.regions, 'eu-moon-1': 'enabled', 'eu-west-1': 'partly' },
    };
    const later = { ...content, partition: 'aws', accounts: [added, ...others] };
    const read = parseInventory(JSON.parse(JSON.stringify({ ...later, takenAt, digest: digestOf(later) })));

    expect(read.accounts[0]).toMatchObject({ state: 'HIBERNATING', regions: { 'eu-moon-1': 'enabled', 'eu-west-1': 'unknown' } });
    expect(read.accounts.slice(1)).toEqual(others);
  });

  test.each([
    ['another version', { version: 2 }, 'inventory has version 2, this fleet reads 1'],
    ['no inventory', null, 'inventory has version undefined'],
    ['damage', { accounts: [{ id: '1' }] }, 'inventory is damaged'],
    ['a change by hand', { organizationId: 'o-bbbbbbbbbbbb' }, 'inventory does not have its digest'],
  ])('refuses %s', (_name, over, message) => {
    const data: unknown = over === null ? null : { ...(JSON.parse(JSON.stringify(take())) as object), ...over };

    expect(() => parseInventory(data)).toThrow(message);
  });
});
