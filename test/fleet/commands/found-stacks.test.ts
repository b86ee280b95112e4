import { foundStacks } from '../../../fleet/commands/found-stacks';
import { forgottenRecord } from '../../../fleet/plan/target-record';
import type { Inspection } from '../../../fleet/ports';
import { planOf, recordsAfter, smallFleet } from '../plan/plan-fixture';

const plan = planOf(smallFleet({ accounts: 2, regions: ['eu-west-1'] }));
const at = '2026-11-24T00:00:00.000Z';
const stack = (exists: boolean): Inspection => ({ exists, lastAttempt: null, lock: null, pending: [], resources: [], outputs: null });

describe('a rollout that begins', () => {
  const looked = async (records: ReturnType<typeof recordsAfter>, inspect: () => Promise<Inspection>) => {
    const asked: string[] = [];
    const engine = { inspect: (target: { readonly id: string }) => (asked.push(target.id), inspect()) };
    const found = await foundStacks(plan, { engine, records, at });
    return { asked, found: found.map((record) => record.target) };
  };

  test('looks at the stacks of targets without a record, and at no other', async () => {
    const records = new Map([...recordsAfter(plan)].slice(1));
    const [first] = [...recordsAfter(plan).keys()];

    expect(await looked(records, () => Promise.resolve(stack(true)))).toEqual({ asked: [first], found: [first] });
    expect(await looked(recordsAfter(plan), () => Promise.reject(new Error('not asked')))).toEqual({ asked: [], found: [] });
  });

  test('looks at one that was forgotten as well, and leaves it the time of its first creation', async () => {
    const all = recordsAfter(plan);
    const [id, record] = [...all][0] ?? [];
    if (!id || !record) throw new Error('no record');
    const records = new Map([...all, [id, forgottenRecord(record, { at, by: 'ann@here', reason: 'closed' })]]);
    const engine = { inspect: () => Promise.resolve(stack(true)) };

    expect((await looked(records, () => Promise.resolve(stack(false)))).found).toEqual([]);
    const [found] = await foundStacks(plan, { engine, records, at });
    expect(found).toMatchObject({ target: id, createdAt: record.createdAt, dirty: true, good: null });
    expect(found?.forgotten).toBeUndefined();
  });

  test('finds nothing in a fleet that is new', async () => {
    expect((await looked(new Map(), () => Promise.resolve(stack(false)))).found).toEqual([]);
  });

  test('does not begin where a stack cannot be looked at', async () => {
    await expect(looked(new Map(), () => Promise.reject(new Error('the backend is away')))).rejects.toThrow('the backend is away');
  });
});
