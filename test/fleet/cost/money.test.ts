import fc from 'fast-check';

import { centsText, exactText, parseMoney, partsInCents, percentText, perThousandText, sumOf, toCents } from '../../../fleet/cost/money';

const CENT = parseMoney('0.01');

describe('an amount', () => {
  test.each([
    ['0.0101516483', '0.0101516483'],
    ['-12.50', '-12.5'],
    ['0', '0'],
    ['-0.00', '0'],
    ['1E-7', '0.0000001'],
    ['2.5e+2', '250'],
    ['-1.2E-3', '-0.0012'],
    ['123456789012.000000000000000000000000000001', '123456789012.000000000000000000000000000001'],
  ])('%s is read exactly', (text, exact) => {
    expect(exactText(parseMoney(text))).toBe(exact);
  });

  test.each(['', '1,5', 'NaN', '--1', '1.', '.5', '0x1', '1e-40', '0.0000000000000000000000000000001'])('%s is refused', (text) => {
    expect(() => parseMoney(text)).toThrow(JSON.stringify(text));
  });

  test('is what it was when it is read back, whatever its size', () => {
    fc.assert(fc.property(fc.bigInt(-(10n ** 50n), 10n ** 50n), (money) => parseMoney(exactText(money)) === money));
  });

  test.each([
    ['0.005', '0.01'],
    ['-0.005', '-0.01'],
    ['0.00499999', '0.00'],
    ['-0.00499999', '0.00'],
    ['1234.565', '1234.57'],
    ['-1.999', '-2.00'],
  ])('%s is %s to the cent', (exact, cents) => {
    expect(centsText(toCents(parseMoney(exact)))).toBe(cents);
  });
});

describe('parts in cents', () => {
  const centsOf = (...texts: readonly string[]) => partsInCents(texts.map(parseMoney)).map(centsText);

  test('give the cents that are left to those that lost most, the first of equals', () => {
    expect(centsOf('0.333', '0.333', '0.334')).toEqual(['0.33', '0.33', '0.34']);
    expect(centsOf('0.005', '0.005', '0.005')).toEqual(['0.01', '0.01', '0.00']);
    expect(centsOf('-0.005', '0.02')).toEqual(['0.00', '0.02']);
    expect(centsOf()).toEqual([]);
  });

  test('add up to the rounded sum, each less than a cent from what it is', () => {
    const amounts = fc.array(fc.bigInt(-1000n * CENT, 1000n * CENT), { maxLength: 40 });
    fc.assert(
      fc.property(amounts, (parts) => {
        const cents = partsInCents(parts);
        expect(sumOf(cents)).toBe(toCents(sumOf(parts)));
        cents.forEach((one, index) => {
          const off = one * CENT - (parts[index] ?? 0n);
          expect(off < CENT && -off < CENT).toBe(true);
        });
      }),
    );
  });
});

test('a share of nothing, or of a credit, is not known', () => {
  expect(percentText(1n, 3n)).toBe('33.3');
  expect(percentText(-1n, 8n)).toBe('-12.5');
  expect(percentText(-1n, 10_000n)).toBe('0.0');
  expect(percentText(5n, 0n)).toBeNull();
  expect(percentText(5n, -5n)).toBeNull();
});

test('the price of 1,000 orders has four digits, and none where there are no orders', () => {
  expect(perThousandText(parseMoney('41.38'), 10_000)).toBe('4.1380');
  expect(perThousandText(parseMoney('0.00005'), 1000)).toBe('0.0001');
  expect(perThousandText(parseMoney('-2'), 1_000_000)).toBe('-0.0020');
  expect(perThousandText(parseMoney('2'), 0)).toBeNull();
});
