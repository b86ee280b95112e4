import { FleetError } from '../errors';

/** An exact amount of money: so many 10^-30 of a dollar. Sums of it lose nothing, whatever their order. */
export type Money = bigint;

const DIGITS = 30;
const UNIT = 10n ** BigInt(DIGITS);
const CENT = UNIT / 100n;

const DECIMAL = /^(-?)(\d{1,30})(?:\.(\d{1,60}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** A decimal as Cost Explorer writes it (`0.0101516483`, `-1.2E-7`), exactly. Throws `fleet/cost-amount` for anything else, and for what is finer than 10^-30. */
export function parseMoney(text: string): Money {
  const [, sign, whole = '', part = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (sign === undefined) throw unreadable(text);
  const shift = DIGITS - part.length + Number(exponent);
  const digits = BigInt(`${whole}${part}`);
  const finest = 10n ** BigInt(Math.abs(shift));
  if (shift < 0 && digits % finest !== 0n) throw unreadable(text);
  const units = shift < 0 ? digits / finest : digits * finest;
  return sign === '-' ? -units : units;
}

function unreadable(text: string): FleetError {
  return new FleetError('fleet/cost-amount', `Cost Explorer gave ${JSON.stringify(text)} as an amount, which is no decimal number`);
}

/** The whole amount as a decimal, without zeros at its end: `0.0101516483`. */
export function exactText(money: Money): string {
  const size = money < 0n ? -money : money;
  const part = String(size % UNIT).padStart(DIGITS, '0').replace(/0+$/, ''); // prettier-ignore
  return `${money < 0n ? '-' : ''}${size / UNIT}${part === '' ? '' : `.${part}`}`;
}

/** Whole cents as dollars: `-12.30`. */
export function centsText(cents: bigint): string {
  const size = cents < 0n ? -cents : cents;
  return `${cents < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
}

/** To the nearest cent; half a cent goes away from zero. */
export function toCents(money: Money): bigint {
  const size = money < 0n ? -money : money;
  const cents = (size + CENT / 2n) / CENT;
  return money < 0n ? -cents : cents;
}

/** Sum of amounts. */
export function sumOf(amounts: Iterable<Money>): Money {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}

/**
 * Parts in cents that add up to their rounded sum, by the method of the largest remainder: every part is rounded down, and the cents that are
 * left go to the parts that lost most, the first of equals. No part is a cent or more from what it is.
 */
export function partsInCents(parts: readonly Money[]): readonly bigint[] {
  const down = parts.map((part) => (part - modulo(part)) / CENT);
  const left = toCents(sumOf(parts)) - sumOf(down);
  const byRemainder = parts.map((part, index) => ({ index, remainder: modulo(part) }));
  byRemainder.sort((one, other) => (one.remainder > other.remainder ? -1 : one.remainder < other.remainder ? 1 : one.index - other.index));
  const raised = new Set(byRemainder.slice(0, Number(left)).map(({ index }) => index));
  return down.map((cents, index) => (raised.has(index) ? cents + 1n : cents));
}

/** What is above the next lower cent, for negative amounts too. */
function modulo(money: Money): Money {
  return ((money % CENT) + CENT) % CENT;
}

/** A quotient in percent with one digit, `12.3`; null where nothing is divided by, or by less than nothing. Half a digit goes away from zero. */
export function percentText(part: bigint, whole: bigint): string | null {
  if (whole <= 0n) return null;
  const size = part < 0n ? -part : part;
  const tenths = (size * 1000n + whole / 2n) / whole;
  return `${part < 0n && tenths > 0n ? '-' : ''}${tenths / 10n}.${tenths % 10n}`;
}

/** Dollars for a thousand orders with four digits, `0.0123`; null where there were none. */
export function perThousandText(money: Money, orders: number): string | null {
  if (orders <= 0) return null;
  const size = money < 0n ? -money : money;
  const unit = UNIT / 10_000n;
  const divisor = BigInt(orders) * unit;
  const parts = (size * 1000n + divisor / 2n) / divisor;
  return `${money < 0n && parts > 0n ? '-' : ''}${parts / 10_000n}.${String(parts % 10_000n).padStart(4, '0')}`;
}
