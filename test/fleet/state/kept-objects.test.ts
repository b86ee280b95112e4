import type { TargetId } from '../../../contracts/target';
import type { TargetRecord } from '../../../fleet/plan/target-record';
import { FleetStore } from '../../../fleet/state/fleet-store';
import { changeFirstSeen, loadFirstSeen } from '../../../fleet/state/first-seen';
import { openJournal } from '../../../fleet/state/journal';
import type { JournalEntry } from '../../../fleet/state/journal-entry';
import { MemoryObjects } from '../../../fleet/state/memory-objects';
import { planOf, smallFleet } from '../plan/plan-fixture';

import { sealVersion1 } from './version-1';

const fleet = smallFleet({ accounts: 1 });
const plan = planOf(fleet);
const at = '2026-01-01T00:00:00.000Z';
const ids = ['20260101T000000.000-aaaa', '20260102T000000.000-bbbb', '20260103T000000.000-cccc'] as const;
const [FIRST, SECOND, THIRD] = ids;
const containing = (...parts: readonly string[]) => ({
  code: 'user/state-damaged',
  message: expect.stringMatching(new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'))) as string,
});

const record: TargetRecord = {
  target: 'regional/200000000001/eu-west-1' as TargetId,
  createdAt: at,
  good: null,
  current: null,
  dirty: true,
  traffic: 'settled',
  health: null,
  outputs: null,
  seconds: 1,
};

const storeOf = (objects: MemoryObjects) => new FleetStore(objects, { directory: '/state', fleet: 'orders' });

/** A state in which everything is kept, and three rollouts have begun. */
async function fullState(): Promise<ReadonlyMap<string, string>> {
  const objects = new MemoryObjects();
  const store = storeOf(objects);
  await store.claim();
  await store.saveInventory(fleet.inventory);
  await store.savePlan(plan);
  await changeFirstSeen(objects, () => ({ finding: at }));
  for (const id of ids) {
    await (await store.beginRollout(id, plan, 1)).append([{ event: { type: 'begun', at } }, { record }]);
    if (id !== SECOND) continue;
    await store.loadRecords();
    await store.saveRecords(new Map([[record.target, record]]), id);
  }
  return objects.bodies;
}

/** The same with some objects changed, or gone. */
function changed(bodies: ReadonlyMap<string, string>, changes: Readonly<Record<string, string | undefined>>): FleetStore {
  const next = [...bodies].filter(([key]) => !(key in changes));
  const added = Object.entries(changes).flatMap(([key, body]) => (body === undefined ? [] : [[key, body] as const]));
  return storeOf(new MemoryObjects({ objects: new Map([...next, ...added]) }));
}

const PLAN = `plans/${plan.digest}.json`;
const begun = (id: string) => `begun/${id}.json`;

/** Reads what is kept under each key. */
const readers: Readonly<Record<string, (store: FleetStore) => Promise<unknown>>> = {
  'fleet.json': (store) => store.checkOwner(),
  'inventory.json': (store) => store.loadInventory(),
  'records.json': (store) => store.loadRecords(),
  'audit-seen.json': (store) => loadFirstSeen(store.objects),
  [PLAN]: (store) => store.loadPlan(plan.digest),
  [begun(THIRD)]: (store) => store.loadRollout(),
};
const keys = Object.keys(readers);
const pairs = keys.flatMap((key) => keys.filter((other) => other !== key).map((other) => [key, other] as const));

describe('an object that was put in the place of another one', () => {
  test.each(pairs)('is refused: as %s, what was kept as %s', async (key, other) => {
    const bodies = await fullState();
    const read = readers[key];
    const kind: Readonly<Record<string, string>> = { 'fleet.json': 'owner', 'inventory.json': 'inventory', 'records.json': 'records', 'audit-seen.json': 'first-seen', [PLAN]: 'plan', [begun(THIRD)]: 'begun' }; // prettier-ignore

    await expect(read?.(changed(bodies, { [key]: bodies.get(other) }))).rejects.toMatchObject(
      containing(
        `${key} is damaged: it is the ${kind[other] ?? ''} that was kept as ${other}; ${key === 'inventory.json' ? 'run fleet discover again' : 'restore it (docs/recovery.md)'}`,
      ),
    );
  });

  test('is refused where it is of the same kind: another rollout began, or another plan was made', async () => {
    const bodies = await fullState();
    const swapped = changed(bodies, { [begun(THIRD)]: bodies.get(begun(FIRST)) });
    await expect(swapped.loadRollout()).rejects.toMatchObject(containing(`it is the begun that was kept as ${begun(FIRST)}`));
    const renamed = changed(bodies, { [`plans/${'0'.repeat(64)}.json`]: bodies.get(PLAN) });
    await expect(renamed.loadPlan('0'.repeat(64))).rejects.toMatchObject(containing(`it is the plan that was kept as ${PLAN}`));
  });

  test.each<[string, string, unknown, string]>([
    ['records that are none', 'records.json', { through: null }, 'it is no records (records: Invalid input: expected array'],
    ['a record without its target', 'records.json', { through: null, records: [{}] }, 'it is no records (records.0.target: '],
    ['an inventory', 'records.json', fleet.inventory, 'it is no records (through: '],
    ['a plan', 'fleet.json', plan, 'it is no owner'],
    ['a list', begun(THIRD), [], 'it is no begun (Invalid input: expected object, received array'],
    ['nothing', begun(THIRD), null, 'it is no begun'],
    ['records', begun(THIRD), { through: null, records: [] }, 'it is no begun (version: '],
    ['a plan without waves', PLAN, { ...plan, waves: undefined }, 'it is no plan (waves: '],
    ['a plan whose target is a text', PLAN, { ...plan, targets: ['all'] }, 'it is no plan (targets.0: '],
    ['numbers', 'audit-seen.json', { finding: 1 }, 'it is no first-seen (finding: '],
  ])('is refused by its content where it is of version 1: %s as %s', async (_what, key, content, what) => {
    const store = changed(await fullState(), { [key]: sealVersion1(content) });

    await expect(readers[key]?.(store)).rejects.toMatchObject(containing(`${key} is damaged: ${what}`, 'restore it (docs/recovery.md)'));
  });

  test('is refused in a journal, where an entry is none', async () => {
    const strange = { record: { target: 1 } } as unknown as JournalEntry;
    const objects = new MemoryObjects();
    await (await storeOf(objects).beginRollout(FIRST, plan, 1)).append([strange]);

    await expect(storeOf(objects).loadRollout()).rejects.toMatchObject({
      code: 'user/journal-damaged',
      message: `journal segment rollouts/${FIRST}/journal/00000002.json is damaged: its entry 1 is none of this journal; restore it (docs/recovery.md)`,
    });
  });
});

describe('what version 1 sealed', () => {
  test('is read as ever, and chained to what follows', async () => {
    const bodies = await fullState();
    const records = { through: THIRD, records: [{ ...record, seconds: 9, later: 'unknown' }] };
    const store = changed(bodies, {
      'fleet.json': sealVersion1('orders'),
      'inventory.json': sealVersion1(fleet.inventory),
      'records.json': sealVersion1(records),
      'audit-seen.json': sealVersion1({ finding: at }),
      [PLAN]: sealVersion1(plan),
      ...Object.fromEntries(ids.map((id) => [begun(id), sealVersion1(plan)])),
      // Its journal followed nothing then.
      ...Object.fromEntries([...bodies.keys()].filter((key) => key.startsWith(`rollouts/${THIRD}/`)).map((key) => [key, undefined])),
    });
    const journal = await openJournal<JournalEntry>(store.objects, `rollouts/${THIRD}`, { epoch: 1 });
    await journal.writer.append([{ event: { type: 'begun', at } }]);
    await store.checkOwner();
    expect(await store.loadInventory()).toEqual(fleet.inventory);
    expect([...(await store.loadRecords()).values()]).toEqual(records.records);
    expect(await loadFirstSeen(store.objects)).toEqual({ finding: at });
    expect(await store.loadPlan(plan.digest)).toEqual(plan);
    expect(await store.loadRollout()).toMatchObject({ id: THIRD, plan });

    const next = '20260104T000000.000-dddd';
    await store.beginRollout(next, plan, 2);
    expect(await store.loadRollout()).toMatchObject({ id: next });
    const without = changed((store.objects as MemoryObjects).bodies, { [begun(THIRD)]: undefined });
    await expect(without.loadRollout()).rejects.toMatchObject(containing(`${begun(THIRD)} is gone: rollout ${next} followed it`));
  });
});

describe('a rollout whose beginning is gone', () => {
  const everybody: readonly (readonly [string, (store: FleetStore) => Promise<unknown>])[] = [
    ['loadRollout', (store) => store.loadRollout()],
    ['loadRecords', (store) => store.loadRecords()],
    ['rolloutIds', (store) => store.rolloutIds()],
    ['allRollouts', (store) => store.allRollouts().next()],
    ['beginRollout', (store) => store.beginRollout('20260104T000000.000-dddd', plan, 2)],
  ];

  test.each(everybody)('is noticed by %s where its journal is there: nothing passes for unchanged', async (_name, read) => {
    const gone = { [begun(THIRD)]: undefined };

    await expect(read(changed(await fullState(), gone))).rejects.toMatchObject(
      containing(`${begun(THIRD)} is gone: its journal rollouts/${THIRD} is there, so rollout ${THIRD} has begun`, 'docs/recovery.md'),
    );
  });

  test('is noticed where all of them are', async () => {
    const bodies = await fullState();
    const store = changed(bodies, Object.fromEntries(ids.map((id) => [begun(id), undefined])));

    await expect(store.loadRollout()).rejects.toMatchObject(containing(`${begun(FIRST)} is gone`));
  });

  test('is noticed by the one that followed, and by the records, where its journal is gone as well', async () => {
    const bodies = await fullState();
    const without = (id: string) =>
      Object.fromEntries([...bodies.keys()].filter((key) => key.includes(id)).map((key) => [key, undefined] as const));

    await expect(changed(bodies, without(SECOND)).loadRollout()).rejects.toMatchObject(
      containing(`${begun(SECOND)} is gone: rollout ${THIRD} followed it`),
    );
    await expect(changed(bodies, { ...without(SECOND), ...without(THIRD) }).loadRecords()).rejects.toMatchObject(
      containing(`${begun(SECOND)} is gone: records.json holds what it did`),
    );
  });

  test('is noticed where it was made anew', async () => {
    const bodies = await fullState();
    const other = new MemoryObjects();
    await storeOf(other).beginRollout(SECOND, { ...plan, warnings: [] }, 1);
    const all = changed(bodies, { [begun(SECOND)]: other.bodies.get(begun(SECOND)) }).allRollouts();
    await all.next();

    await expect(all.next()).rejects.toMatchObject({
      code: 'user/state-damaged',
      message: expect.stringMatching(
        `${begun(SECOND)} is damaged: it says that it is the first rollout, and ${FIRST} was before it`,
      ) as string,
    });
  });

  test('is no alarm where the rollout begins in this very moment', async () => {
    const bodies = await fullState();
    const objects = new MemoryObjects({ objects: new Map([...bodies].filter(([key]) => key !== begun(THIRD))) });
    const list = objects.list.bind(objects);
    objects.list = async (prefix, after) => {
      const keys = await list(prefix, after);
      // Its beginning is written right after the ids were listed.
      if (prefix === 'begun/') await objects.create(begun(THIRD), bodies.get(begun(THIRD)) ?? '');
      return keys;
    };

    expect(await storeOf(objects).rolloutIds()).toEqual([FIRST, SECOND]);
  });
});

describe('a journal that is gone', () => {
  const withoutJournal = async (id: string) => {
    const bodies = await fullState();
    const journal = [...bodies.keys()].filter((key) => key.startsWith(`rollouts/${id}/`));
    return changed(bodies, Object.fromEntries(journal.map((key) => [key, undefined] as const)));
  };

  test.each([FIRST, SECOND])('is noticed where other rollouts followed: %s', async (id) => {
    await expect((await withoutJournal(id)).loadRollout(id)).rejects.toMatchObject(containing(`rollouts/${id}/journal/ is gone`));
  });

  test('is noticed where the records hold what the last rollout did', async () => {
    const bodies = await fullState();
    const store = storeOf(new MemoryObjects({ objects: bodies }));
    await store.loadRecords();
    await store.saveRecords(new Map(), THIRD);
    const saved = (store.objects as MemoryObjects).bodies;
    const journal = [...saved.keys()].filter((key) => key.startsWith(`rollouts/${THIRD}/`));
    const gone = changed(saved, Object.fromEntries(journal.map((key) => [key, undefined] as const)));

    await expect(gone.loadRollout()).rejects.toMatchObject(containing(`rollouts/${THIRD}/journal/ is gone`));
  });
});
