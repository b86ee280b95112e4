import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { TargetId } from '../../../contracts/target';
import type { TargetRecord } from '../../../fleet/plan/target-record';
import { FolderStore } from '../../../fleet/state/folder-store';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { planOf, smallFleet } from '../plan/plan-fixture';

const folder = temporaryFolder('store');
const fleet = smallFleet({ accounts: 1 });
const plan = planOf(fleet);

let count = 0;
function freshStore(): FolderStore {
  count += 1;
  return new FolderStore(join(folder, `${count}`), 'orders');
}

const record = (region: string, seconds: number): TargetRecord => ({
  target: `regional/200000000001/${region}` as TargetId,
  createdAt: '2026-01-01T00:00:00.000Z',
  good: null,
  current: null,
  dirty: true,
  outputs: null,
  seconds,
});
const secondsOf = (store: FolderStore) =>
  new Map([...store.loadRecords()].map(([id, { seconds }]) => [id.split('/')[2], seconds] as const));

describe('records', () => {
  test('are the snapshot and what journals after it say, the last one winning', () => {
    const store = freshStore();
    store.beginRollout('1', plan).record(record('a', 1));
    const second = store.beginRollout('2', plan);
    second.record(record('a', 2));
    second.record(record('b', 2));
    expect(secondsOf(store)).toEqual(
      new Map([
        ['a', 2],
        ['b', 2],
      ]),
    );

    store.saveRecords(new Map([[record('b', 9).target, record('b', 9)]]));
    expect(secondsOf(store)).toEqual(new Map([['b', 9]]));

    const third = store.beginRollout('3', plan);
    third.event({ type: 'begun', at: '2026-01-01T00:00:00.000Z' });
    third.record(record('b', 3));
    third.record(record('c', 3));
    third.record(record('c', 4));
    expect(secondsOf(store)).toEqual(
      new Map([
        ['b', 3],
        ['c', 4],
      ]),
    );
  });

  test('survive a journal that was torn in mid-write', () => {
    const store = freshStore();
    const journal = store.beginRollout('1', plan);
    journal.record(record('a', 1));
    appendFileSync(join(store.directory, 'rollouts/1/journal.ndjson'), '{"record":{"target":"regional/2000');

    expect(secondsOf(store)).toEqual(new Map([['a', 1]]));
  });

  test('that cannot be read are not taken for none', () => {
    const store = freshStore();
    mkdirSync(store.directory, { recursive: true });
    writeFileSync(join(store.directory, 'records.json'), '{"version":1,"rec');

    expect(() => store.loadRecords()).toThrow(
      expect.objectContaining({ code: 'fleet/state-damaged', message: expect.stringContaining('records.json is damaged') as string }),
    );
  });
});

describe('a rollout', () => {
  test('is found by its id, the last one by default', () => {
    const store = freshStore();
    expect(store.loadRollout()).toBeUndefined();
    for (const id of ['20260101T000000.000-aaaa', '20260102T000000.000-aaaa']) {
      store.beginRollout(id, plan).event({ type: 'begun', at: id });
    }

    expect(store.loadRollout()).toEqual({
      id: '20260102T000000.000-aaaa',
      plan,
      events: [{ type: 'begun', at: '20260102T000000.000-aaaa' }],
    });
    expect(store.loadRollout('20260101T000000.000-aaaa')?.events).toHaveLength(1);
    expect(store.loadRollout('../plans')).toBeUndefined();
  });

  test('that was killed before its plan was written never began: the one before it is the last', () => {
    const store = freshStore();
    store.beginRollout('1', plan);
    mkdirSync(join(store.directory, 'rollouts', '2'));

    expect(store.loadRollout()?.id).toBe('1');
    expect(store.rolloutIds()).toEqual(['1']);
  });
});

describe('the folder', () => {
  test('of another fleet is refused, naming it', () => {
    const store = freshStore();
    store.claim('orders');

    expect(new FolderStore(store.directory, 'orders').directory).toBe(store.directory);
    expect(() => new FolderStore(store.directory, 'invoices')).toThrow(
      expect.objectContaining({
        code: 'user/state-of-another-fleet',
        message: `state folder ${store.directory} belongs to fleet orders, not invoices: set another \`state\``,
      }),
    );
  });

  test('is not made by looking into it', () => {
    const store = freshStore();
    expect([store.loadRecords().size, store.loadInventory(), store.loadRollout(), store.rolloutIds()]).toEqual([
      0,
      undefined,
      undefined,
      [],
    ]);

    expect(existsSync(store.directory)).toBe(false);
  });

  test('keeps an inventory and a plan, and no half-written file', () => {
    const store = freshStore();
    store.saveInventory(fleet.inventory);
    store.savePlan(plan);

    expect(store.loadInventory()).toEqual(fleet.inventory);
    expect(readdirSync(store.directory, { recursive: true }).sort()).toEqual([
      'inventory.json',
      'plans',
      join('plans', `${plan.digest}.json`),
    ]);
  });
});
