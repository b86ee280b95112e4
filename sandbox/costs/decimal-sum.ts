const DIGITS = 12;
const UNIT = 10n ** BigInt(DIGITS);

/** The exact sum of decimals with at most 12 digits behind the point, as a decimal. */
export function addDecimals(texts: readonly string[]): string {
  const sum = texts.reduce((total, text) => total + unitsOf(text), 0n);
  const size = sum < 0n ? -sum : sum;
  return `${sum < 0n ? '-' : ''}${size / UNIT}.${String(size % UNIT).padStart(DIGITS, '0')}`;
}

function unitsOf(text: string): bigint {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text) ?? [];
  const units = BigInt(whole) * UNIT + BigInt(part.padEnd(DIGITS, '0'));
  return sign === '-' ? -units : units;
}
