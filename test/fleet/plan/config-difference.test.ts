import fc from 'fast-check';

import { configDifference } from '../../../fleet/plan/config-difference';

test.each([
  ['nothing', { a: 1, b: { c: [1] } }, { b: { c: [1] }, a: 1 }, []],
  ['a number', { settings: { memoryMb: 1024 } }, { settings: { memoryMb: 512 } }, ['settings.memoryMb 1024 -> 512']],
  ['a key that came', {}, { tags: { Team: 'a' } }, ['tags (none) -> {"Team":"a"}']],
  ['a key that went', { part: 1 }, {}, ['part 1 -> (none)']],
  ['null is not absent', { limit: null }, {}, ['limit null -> (none)']],
  ['a list: what came and what went', { on: ['a', 'b'] }, { on: ['b', 'c'] }, ['on + "c"', 'on - "a"']],
  ['a list in another order', { on: ['a', 'b'] }, { on: ['b', 'a'] }, ['on in another order']],
  ['another kind of value', { on: ['a'] }, { on: 'a' }, ['on ["a"] -> "a"']],
])('%s', (_name, before, after, expected) => {
  expect(configDifference(before, after)).toEqual(expected);
});

test('many differences are cut, and counted', () => {
  const numbers = (base: number) => Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`k${index}`, base + index]));

  expect(configDifference(numbers(0), numbers(10), 3)).toEqual(['k0 0 -> 10', 'k1 1 -> 11', 'k2 2 -> 12', 'and 2 more']);
});

test('there are lines exactly where the values differ', () => {
  const plain = fc.jsonValue({ maxDepth: 3 });
  const canonical = (value: unknown): string =>
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
        : part,
    );
  fc.assert(
    fc.property(plain, plain, (before, after) => {
      expect(configDifference(before, before)).toEqual([]);
      // Within lists, objects are compared as they are written.
      if (configDifference(before, after).length === 0) expect(canonical(before)).toBe(canonical(after));
    }),
  );
});
