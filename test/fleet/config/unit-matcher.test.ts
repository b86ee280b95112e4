import * as fc from 'fast-check';

import { unitMatcher, unitTreeMatcher } from '../../../fleet/config/unit-matcher';

describe('unitMatcher', () => {
  test.each([
    ['*', 'Workloads', true],
    ['*', 'Workloads/Prod', false],
    ['Workloads/*', 'Workloads/Prod', true],
    ['Workloads/*', 'Workloads', false],
    ['Workloads/**', 'Workloads', true],
    ['Workloads/**', 'Workloads/Prod/Deep', true],
    ['**/Prod', 'Workloads/Prod', true],
    ['Workloads/P??d', 'Workloads/Prod', true],
    ['Workloads/P?d', 'Workloads/Prod', false],
    ['Workloads/.hidden', 'Workloads/.hidden', true],
    ['*', '.hidden', true],
    ['**', '', false],
  ])('%s on %s: %s', (glob, unit, expected) => {
    expect(unitMatcher([glob])(unit)).toBe(expected);
  });

  test.each(['Prod (EU)', 'a{b,c}', 'x[1]', 'w\\z', '!not', 'a+b', '@(x|y)', '^$', 'a.b', '"q"', "it's", 'R%2FD', '50%', 'é', '😀', '#1'])(
    'a unit is addressed by its name, whatever characters it has: %s',
    (name) => {
      const unit = `Workloads/${name}`;
      for (const glob of [unit, 'Workloads/*', '**', `*/${name}`, `${unit}/**`])
        expect([glob, unitMatcher([glob])(unit)]).toEqual([glob, true]);
      expect(unitMatcher([`${unit}/*`])(`${unit}/Deep`)).toBe(true);
      expect(unitTreeMatcher([unit])(`${unit}/Deep/Deeper`)).toBe(true);
    },
  );

  test.each([
    ['Workloads/{Prod,Dev}', 'Workloads/Prod'],
    ['Workloads/[PD]rod', 'Workloads/Prod'],
    ['Workloads/(Prod|Dev)', 'Workloads/Prod'],
    ['Workloads/+(P)rod', 'Workloads/Prod'],
    ['Workloads/P.od', 'Workloads/Prod'],
    ['Workloads/\\Prod', 'Workloads/Prod'],
    ['!Infrastructure', 'Workloads'],
  ])('what is special in other globs is not here: %s is not %s', (glob, unit) => {
    expect(unitMatcher([glob])(unit)).toBe(false);
  });

  test('every name without a wildcard matches itself and nothing else', () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 12 })
      .filter((text) => !/[*?/]/.test(text) && !/^\.{1,2}$/.test(text));
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(unitMatcher([`Workloads/${one}`])(`Workloads/${other}`)).toBe(one === other);
        expect(unitMatcher([`Workloads/${one}`])(`Workloads/${one}`)).toBe(true);
        expect(unitMatcher(['*/*'])(`Workloads/${one}`)).toBe(true);
      }),
    );
  });
});
