import { checkBackendOwner, claimBackend } from '../../../../fleet/engine/pulumi/backend-owner';
import { openFleetStore } from '../../../../fleet/state/fleet-store';
import { FolderObjects } from '../../../../fleet/state/folder-objects';
import { MemoryObjects } from '../../../../fleet/state/memory-objects';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const folder = temporaryFolder('backend-owner');
const orders = { fleet: 'orders', location: 's3://acme-pulumi-state' };
const invoices = { fleet: 'invoices', location: 's3://acme-pulumi-state' };
const refused = {
  code: 'user/backend-of-another-fleet',
  message: 'Pulumi backend s3://acme-pulumi-state belongs to fleet orders, not invoices: set another `backend`',
};

describe('a Pulumi backend', () => {
  let objects: MemoryObjects;
  beforeEach(() => (objects = new MemoryObjects()));

  test("is nobody's until a fleet claims it, and looking claims nothing", async () => {
    expect(await checkBackendOwner(objects, orders)).toBe(false);
    expect(await objects.list('')).toEqual([]);

    await claimBackend(objects, orders);
    expect(await checkBackendOwner(objects, orders)).toBe(true);
    expect(await objects.list('')).toEqual(['fleet.json']);
  });

  test('may be claimed again by its fleet, and is not written then', async () => {
    await claimBackend(objects, orders);
    const before = await objects.read('fleet.json');
    await claimBackend(objects, orders);

    expect(await objects.read('fleet.json')).toEqual(before);
  });

  test('of another fleet is refused, by a look and by a claim', async () => {
    await claimBackend(objects, orders);

    await expect(checkBackendOwner(objects, invoices)).rejects.toMatchObject(refused);
    await expect(claimBackend(objects, invoices)).rejects.toMatchObject(refused);
    expect(await checkBackendOwner(objects, orders)).toBe(true);
  });

  test('that two fleets claim at once is the one whose mark is there first', async () => {
    // Between the look and the mark, the other one's comes.
    const create = objects.create.bind(objects);
    objects.create = async (key, body) => {
      objects.create = create;
      await claimBackend(objects, orders);
      return create(key, body);
    };

    await expect(claimBackend(objects, invoices)).rejects.toMatchObject(refused);
    expect(await checkBackendOwner(objects, orders)).toBe(true);
  });

  test('whose mark is damaged is nobody else to take', async () => {
    await objects.create('fleet.json', '{"version":1,"content":"orders"}');

    await expect(claimBackend(objects, orders)).rejects.toMatchObject({ code: 'user/state-damaged' });
  });

  test('in the place of the state has one mark for both', async () => {
    await (await openFleetStore(folder, 'orders')).claim();

    expect(await checkBackendOwner(new FolderObjects(folder), orders)).toBe(true);
    await expect(checkBackendOwner(new FolderObjects(folder), invoices)).rejects.toMatchObject(refused);
  });
});
