import fc from 'fast-check';

import type { TargetId } from '../../../contracts/target';
import { assignParts } from '../../../fleet/plan/assign-parts';

const ids = (...names: string[]) => names as TargetId[];
const parts = (assigned: ReadonlyMap<number, readonly TargetId[]>) => Object.fromEntries(assigned);

test.each([
  ['no member at all', ids(), {}, { 1: [] }],
  ['as many as fit', ids('a', 'b'), {}, { 1: ['a', 'b'] }],
  ['one more than fits', ids('a', 'b', 'c'), {}, { 1: ['a', 'b'], 2: ['c'] }],
  ['a newcomer that sorts first', ids('a', 'b', 'c'), { 1: ids('b', 'c') }, { 1: ['b', 'c'], 2: ['a'] }],
  ['one that left, and its place taken', ids('a', 'c', 'd'), { 1: ids('a', 'b'), 2: ids('c') }, { 1: ['a', 'd'], 2: ['c'] }],
  ['a part that all members left', ids('c'), { 1: ids('a', 'b'), 2: ids('c') }, { 1: [], 2: ['c'] }],
  ['a later part that all members left', ids('a'), { 1: ids('a'), 2: ids('c') }, { 1: ['a'] }],
  ['a part made when parts were larger', ids('a', 'b', 'c', 'd'), { 1: ids('a', 'b', 'c') }, { 1: ['a', 'b', 'c'], 2: ['d'] }],
])('%s', (_name, members, previous, expected) => {
  const before = new Map(Object.entries(previous).map(([part, kept]) => [Number(part), kept]));

  expect(parts(assignParts(members, before, 2))).toEqual(expected);
});

test('whatever comes and goes, a member never changes part, stands in one only, and no part is overfull', () => {
  const rounds = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 25 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(rounds, fc.integer({ min: 1, max: 5 }), (history, size) => {
      let assigned: ReadonlyMap<number, readonly TargetId[]> = new Map();
      let last = new Map<TargetId, number>();
      for (const round of history) {
        const members = ids(...round.map((number) => `m${number}`));
        assigned = assignParts(members, assigned, size);
        const now = [...assigned].flatMap(([part, kept]) => kept.map((member) => [member, part] as const));
        expect(now.map(([member]) => member).sort()).toEqual([...members].sort());
        for (const [member, part] of now) if (last.has(member)) expect(part).toBe(last.get(member));
        for (const kept of assigned.values()) expect(kept.length).toBeLessThanOrEqual(size);
        last = new Map(now);
      }
    }),
  );
});
