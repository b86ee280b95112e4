import * as fc from 'fast-check';

import { unitMatcher } from '../../../fleet/config/unit-matcher';
import { unitPath } from '../../../fleet/discovery/unit-path';

describe('unitPath', () => {
  test.each([
    [['Workloads', 'Prod'], 'Workloads/Prod'],
    [['Workloads', 'R/D'], 'Workloads/R%2FD'],
    [['Workloads/Prod'], 'Workloads%2FProd'],
    [['/', 'x/'], '%2F/x%2F'],
    [['50% off'], '50% off'],
    [['A%2FB', 'c%25', 'd%2f'], 'A%252FB/c%2525/d%252f'],
    [[], ''],
  ])('%j is %s', (names, path) => {
    expect(unitPath(names)).toBe(path);
  });

  test('no two rows of names have one path, and each name is one level', () => {
    const name = fc.string({ unit: fc.constantFrom('%', '2', '5', 'F', 'f', '/', 'a'), minLength: 1, maxLength: 6 });
    const names = fc.array(name, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(names, names, (one, other) => {
        expect(unitPath(one) === unitPath(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
        expect(unitPath(one).split('/')).toHaveLength(one.length);
        expect(unitMatcher([one.map(() => '*').join('/')])(unitPath(one))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
