import * as fc from 'fast-check';

import { canonicalJson, digestOf, sha256Hex } from '../../fleet/digest';

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member)]),
  );
};

describe('canonicalJson', () => {
  test.each([
    ['sorted keys', { b: 1, a: { d: 'x', c: null } }, '{"a":{"c":null,"d":"x"},"b":1}'],
    ['lists in their order', [3, 1, [true]], '[3,1,[true]]'],
    ['no undefined members', { a: undefined, b: 1 }, '{"b":1}'],
    ['JSON strings', 'a"\n\u2028é', JSON.stringify('a"\n\u2028é')],
    ['negative zero as zero', -0, '0'],
    ['objects without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
  ])('gives %s', (_name, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  const cycle: Record<string, unknown> = {};
  cycle.self = { cycle };

  test.each([
    ['a function', { a: [() => 1] }, '$.a[0] is function'],
    ['NaN', { a: Number.NaN }, '$.a is NaN'],
    ['an infinity', [Infinity], '$[0] is Infinity'],
    ['a bigint', { n: 1n }, '$.n is bigint'],
    ['a symbol', { s: Symbol('x') }, '$.s is symbol'],
    ['undefined in a list', [undefined], '$[0] is undefined'],
    ['a hole in a list', new Array(1), '$[0] is undefined'],
    ['a date', { at: new Date(0) }, '$.at is no plain object'],
    ['a map', new Map(), '$ is no plain object'],
    ['a cycle', cycle, '$.self.cycle contains itself'],
  ])('refuses %s and names where it is', (_name, value, message) => {
    expect(() => canonicalJson(value)).toThrow(message);
  });

  test('lets the same object stand in two places', () => {
    const shared = { a: 1 };
    expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  test('does not depend on the order of keys, and loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('digestOf', () => {
  test('is the SHA-256 of the canonical JSON', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(digestOf({ b: 1, a: 2 })).toBe(sha256Hex('{"a":2,"b":1}'));
  });
});
