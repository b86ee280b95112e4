import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TargetId } from '../../../contracts/target';
import type { TargetRecord } from '../../../fleet/plan/target-record';
import { FleetStore, openFleetStore } from '../../../fleet/state/fleet-store';
import { MemoryObjects } from '../../../fleet/state/memory-objects';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { planOf, smallFleet } from '../plan/plan-fixture';
import { seal } from '../../../fleet/state/sealed';
import { sealVersion1 } from './version-1';

const folder = temporaryFolder('store');
const fleet = smallFleet({ accounts: 1 });
const plan = planOf(fleet);
const at = '2026-01-01T00:00:00.000Z';

let count = 0;
function freshFolder(): string {
  count += 1;
  return join(folder, `${count}`);
}

/** Two controllers' views of one state. */
function twoStores() {
  const objects = new MemoryObjects();
  const open = () => new FleetStore(objects, { directory: '/state', fleet: 'orders' });
  return { objects, store: open(), other: open() };
}

const record = (region: string, seconds: number): TargetRecord => ({
  target: `regional/200000000001/${region}` as TargetId,
  createdAt: at,
  good: null,
  current: null,
  dirty: true,
  traffic: 'settled',
  health: null,
  outputs: null,
  seconds,
});
const recordsOf = (...records: readonly TargetRecord[]) => new Map(records.map((one) => [one.target, one] as const));
const secondsOf = async (store: FleetStore): Promise<Readonly<Record<string, number | null>>> =>
  Object.fromEntries([...(await store.loadRecords())].map(([id, { seconds }]) => [id.split('/')[2] ?? id, seconds] as const));

describe('records', () => {
  test('are the snapshot and what journals after it say, the last one winning', async () => {
    const { store } = twoStores();
    await (await store.beginRollout('1', plan, 1)).append([{ record: record('a', 1) }]);
    const second = await store.beginRollout('2', plan, 2);
    await second.append([{ record: record('a', 2) }, { record: record('b', 2) }]);
    expect(await secondsOf(store)).toEqual({ a: 2, b: 2 });

    await store.saveRecords(recordsOf(record('b', 9)), '2');
    expect(await secondsOf(store)).toEqual({ b: 9 });

    const third = await store.beginRollout('3', plan, 3);
    await third.append([
      { goods: [record('z', 1)] },
      { controller: { epoch: 3, host: 'a', pid: 1, verb: 'rollout', at } },
      { event: { type: 'begun', at } },
      { record: record('b', 3) },
      { record: record('c', 3) },
      { record: record('c', 4) },
    ]);
    expect(await secondsOf(store)).toEqual({ b: 3, c: 4 });
  });

  test('of an older rollout that is ended last are not overruled by a later one that they were read with', async () => {
    const { store, other } = twoStores();
    for (const [id, seconds] of [['1', 1], ['2', 2]] as const) await (await store.beginRollout(id, plan, 1)).append([{ record: record('a', seconds) }]); // prettier-ignore
    await store.loadRecords();
    await store.saveRecords(recordsOf(record('a', 3)), '1');

    expect(await secondsOf(other)).toEqual({ a: 3 });
  });

  test('are replaced by who has read the last ones, as often as it likes, and by nobody else', async () => {
    const { store, other } = twoStores();
    await store.loadRecords();
    await other.loadRecords();
    await store.saveRecords(recordsOf(record('a', 1)), null);
    await store.saveRecords(recordsOf(record('a', 2)), null);
    await expect(other.saveRecords(recordsOf(record('a', 3)), null)).rejects.toMatchObject({ code: 'fleet/fenced' });
    expect(await secondsOf(other)).toEqual({ a: 2 });
    await other.saveRecords(recordsOf(record('a', 4)), null);

    await expect(store.saveRecords(recordsOf(record('a', 5)), null)).rejects.toMatchObject({ code: 'fleet/fenced' });
    expect(await secondsOf(store)).toEqual({ a: 4 });
  });

  test.each([
    ['cut short', (body: string) => body.slice(0, -20), 'its end is missing'],
    ['otherwise by one byte', (body: string) => body.replace('"seconds":1', '"seconds":2'), 'a byte in it is not as it was written'],
    [
      'of a later version',
      () => seal(JSON.stringify({ version: 3, kind: 'records', key: 'records.json', content: {} })).body,
      'of version 3',
    ],
    ['empty', () => '', 'its end is missing'],
  ])('that are %s are refused, never taken for none', async (_how, change, what) => {
    const { objects, store } = twoStores();
    await store.saveRecords(recordsOf(record('a', 1)), null);
    const found = await objects.read('records.json');
    await objects.replace('records.json', change(found?.body ?? ''), found?.version ?? null);

    await expect(store.loadRecords()).rejects.toMatchObject({
      code: 'user/state-damaged',
      message: expect.stringMatching(new RegExp(`^records.json is .*${what}`)) as string,
    });
  });
});

describe('a rollout', () => {
  const ids = ['20260101T000000.000-aaaa', '20260102T000000.000-aaaa'] as const;

  test('is found by its id, the last one by default', async () => {
    const { store, other } = twoStores();
    expect(await store.loadRollout()).toBeUndefined();
    for (const id of ids) await (await store.beginRollout(id, plan, 1)).append([{ event: { type: 'begun', at: id } }]);

    const entries = [{ event: { type: 'begun', at: ids[1] } }];
    expect(await other.loadRollout()).toMatchObject({ id: ids[1], plan, entries, torn: null });
    expect(await other.loadRollout(ids[0])).toMatchObject({ id: ids[0] });
    expect(await other.rolloutIds()).toEqual(ids);
    expect(await other.loadRollout('../plans')).toBeUndefined();
    expect(await other.loadRollout(ids[0].slice(0, -1))).toBeUndefined();
  });

  test('is one of all, which are read oldest first; a damaged one ends the reading', async () => {
    const { objects, store, other } = twoStores();
    for (const id of ids) await (await store.beginRollout(id, plan, 1)).append([{ event: { type: 'begun', at: id } }]);
    const read: string[] = [];
    for await (const { id, entries } of other.allRollouts()) read.push(`${id} ${entries.length}`);
    expect(read).toEqual(ids.map((id) => `${id} 1`));

    const [key = ''] = await objects.list(`rollouts/${ids[1]}/journal/`);
    const found = await objects.read(key);
    await objects.replace(key, '{}\n', found?.version ?? null);
    const all = other.allRollouts();
    expect((await all.next()).value).toMatchObject({ id: ids[0] });
    await expect(all.next()).rejects.toMatchObject({ code: 'user/journal-damaged', message: expect.stringContaining(key) as string });
  });

  test('goes on under a higher epoch, and its first controller can write nothing more', async () => {
    const { store, other } = twoStores();
    const first = await store.beginRollout('1', plan, 1);
    await first.append([{ event: { type: 'begun', at } }]);
    const { entries, writer } = await other.openRollout('1', 2);
    await writer.append([{ event: { type: 'tick', at } }]);
    await expect(first.append([{ event: { type: 'begun', at } }])).rejects.toMatchObject({ code: 'fleet/fenced' });

    expect(entries).toEqual([{ event: { type: 'begun', at } }]);
    expect((await store.loadRollout())?.entries).toHaveLength(2);
  });

  test('begins once, and never before one that is there', async () => {
    const { store, other } = twoStores();
    await store.beginRollout(ids[1], plan, 1);

    for (const id of ids) await expect(other.beginRollout(id, plan, 2)).rejects.toMatchObject({ code: 'fleet/clock-behind' });
    expect(await store.rolloutIds()).toEqual([ids[1]]);
  });

  test('that was killed before its plan was kept never began', async () => {
    const objects = new MemoryObjects({ onWrite: () => { throw new Error('killed'); } }); // prettier-ignore
    const store = new FleetStore(objects, { directory: '/state', fleet: 'orders' });
    await expect(store.beginRollout('1', plan, 1)).rejects.toThrow('killed');

    expect(await store.loadRollout()).toBeUndefined();
  });

  test('that was killed between its plan and its journal has begun, and nothing has happened in it', async () => {
    let writes = 0;
    const objects = new MemoryObjects({ onWrite: (_key, body) => { if ((writes += 1) > 1) throw new Error('killed'); return body; } }); // prettier-ignore
    const store = new FleetStore(objects, { directory: '/state', fleet: 'orders' });
    await expect(store.beginRollout('1', plan, 1)).rejects.toMatchObject({ code: 'fleet/journal-failed' });

    expect(await store.loadRollout()).toMatchObject({ id: '1', plan, entries: [], torn: null });
  });
});

describe('a plan', () => {
  test('is kept under its digest', async () => {
    const { store, other } = twoStores();
    expect(await store.loadPlan(plan.digest)).toBeUndefined();
    await store.savePlan(plan);
    await store.savePlan(plan);

    expect(await other.loadPlan(plan.digest)).toEqual(plan);
  });

  test('that does not say what its digest does is refused, wherever it is kept', async () => {
    const forged = { ...plan, waves: [] };
    const { objects, store } = twoStores();
    await objects.create(`plans/${plan.digest}.json`, sealVersion1(forged));
    await store.beginRollout('1', forged, 1);
    const refused = { code: 'user/state-damaged', message: expect.stringContaining('is not that of what it says') as string };

    await expect(store.loadPlan(plan.digest)).rejects.toMatchObject(refused);
    await expect(store.loadRollout()).rejects.toMatchObject(refused);
  });

  test('that is another one than was asked for is refused', async () => {
    const { objects, store } = twoStores();
    const digest = '0'.repeat(64);
    await objects.create(`plans/${digest}.json`, sealVersion1(plan));

    await expect(store.loadPlan(digest)).rejects.toMatchObject({ code: 'user/state-damaged' });
  });
});

describe('the folder', () => {
  test('of another fleet is refused, naming it', async () => {
    const directory = freshFolder();
    const store = await openFleetStore(directory, 'orders');
    await store.claim();
    await (await openFleetStore(directory, 'orders')).claim();
    const refused = {
      code: 'user/state-of-another-fleet',
      message: `state folder ${directory} belongs to fleet orders, not invoices: set another \`state\``,
    };

    await expect(openFleetStore(directory, 'invoices')).rejects.toMatchObject(refused);
    await expect(new FleetStore(store.objects, { directory, fleet: 'invoices' }).claim()).rejects.toMatchObject(refused);
  });

  test('is not made by looking into it', async () => {
    const directory = freshFolder();
    const store = await openFleetStore(directory, 'orders');
    expect([(await store.loadRecords()).size, await store.loadInventory(), await store.loadRollout(), await store.rolloutIds()]).toEqual([0, undefined, undefined, []]); // prettier-ignore

    expect([existsSync(directory), store.releases, store.sandbox]).toEqual([
      false,
      join(directory, 'releases'),
      join(directory, 'sandbox'),
    ]);
  });

  test('keeps the last inventory', async () => {
    const store = await openFleetStore(freshFolder(), 'orders');
    for (const takenAt of [at, '2026-01-02T00:00:00.000Z']) {
      await store.saveInventory({ ...fleet.inventory, takenAt });
      expect(await store.loadInventory()).toEqual({ ...fleet.inventory, takenAt });
    }
  });

  test('keeps a rollout whose journal lost its end from outside: what was whole is there, and the tear is said', async () => {
    const directory = freshFolder();
    const store = await openFleetStore(directory, 'orders');
    const journal = await store.beginRollout('1', plan, 1);
    await journal.append([{ record: record('a', 1) }]);
    await journal.append([{ record: record('a', 2) }]);
    const path = join(directory, 'rollouts/1/journal/00000003.json');
    writeFileSync(path, readFileSync(path).subarray(0, 200));

    expect(await secondsOf(store)).toEqual({ a: 1 });
    expect((await store.loadRollout())?.torn).toEqual({ key: 'rollouts/1/journal/00000003.json', bytes: 200 });
    expect((await store.openRollout('1', 2)).torn).not.toBeNull();
    expect((await store.loadRollout())?.torn).toBeNull();
  });
});
