import fc from 'fast-check';

import { isAtLeast, versionIn } from '../../../../../fleet/engine/pulumi/cli/cli-version';

describe('the version that a CLI prints', () => {
  test.each([
    ['v3.259.0\n', '3.259.0'],
    ['3.259.0', '3.259.0'],
    ['v3.260.0-alpha.x1a2b3c\n', '3.260.0-alpha.x1a2b3c'],
    ['v3.259.0+dirty\n', '3.259.0'],
    ['warning: a new version is there\nv3.259.0\n', '3.259.0'],
    ['usage: pulumi', undefined],
    ['v3.259', undefined],
    ['built with go1.26.0 for v3', undefined],
    ['', undefined],
  ])('in %j is %s', (printed, version) => {
    expect(versionIn(printed)).toBe(version);
  });
});

describe('a version', () => {
  test.each([
    ['3.248.0', '3.248.0', true],
    ['3.248.1', '3.248.0', true],
    ['3.247.9', '3.248.0', false],
    ['3.99.0', '3.248.0', false],
    ['4.0.0', '3.248.0', true],
    ['2.999.999', '3.248.0', false],
    ['3.248.0-alpha.1', '3.248.0', false],
    ['3.249.0-alpha.1', '3.248.0', true],
    ['3.248.0', '3.248.0-alpha.1', true],
  ])('%s is at least %s: %s', (version, minimum, expected) => {
    expect(isAtLeast(version, minimum)).toBe(expected);
  });

  test('is at least another one or the other is at least it, and both only where they are the same', () => {
    const numbers = fc.tuple(fc.nat(300), fc.nat(300), fc.nat(300)).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(numbers, numbers, (left, right) => {
        const [over, under] = [isAtLeast(left, right), isAtLeast(right, left)];
        expect(over || under).toBe(true);
        expect(over && under).toBe(left === right);
      }),
    );
  });
});
