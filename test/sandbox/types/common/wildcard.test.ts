import * as fc from 'fast-check';

import { matchesWildcard } from '../../../../sandbox/types/common/wildcard';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 10 });
const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });

test('agrees with the regular expression of the same meaning', () => {
  fc.assert(
    fc.property(patterns, letters, (pattern, text) => {
      const regex = new RegExp(`^${pattern.replace(/\*/g, '.*').replace(/\?/g, '.')}$`);
      expect(matchesWildcard(pattern, text)).toBe(regex.test(text));
    }),
    { numRuns: 2000 },
  );
});

test('takes characters of regular expressions as they are', () => {
  expect(matchesWildcard('a.c', 'abc')).toBe(false);
  expect(matchesWildcard('a+(b)', 'a+(b)')).toBe(true);
});

test('ends soon on a pattern made to be slow', () => {
  expect(matchesWildcard(`${'a*'.repeat(200)}b`, 'a'.repeat(5000))).toBe(false);
});
