import { counted } from '../../contracts/counted';

const UNITS = ['', 'k', 'M', 'G', 'T'];

/** A value for people: four digits at most, large ones with k, M, G, T, small ones not rounded to zero. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.0001) return value.toExponential(2);
  if (size < 1) return String(Number(value.toPrecision(3)));
  if (size < 10_000) return trimmed(value, size < 100 ? 2 : 1);
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log10(size) / 3));
  return `${trimmed(value / 1000 ** unit, 2)}${UNITS[unit] ?? ''}`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** A mark of an axis whose marks are `interval` apart: as exact as they are. */
export function markText(value: number, interval: number): string {
  if (Math.abs(value) >= 10_000 || (value !== 0 && interval < 0.000_001)) return numberText(value);
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(interval) + 1e-9)));
}

/** Seconds as a length of time: `3 hours`. */
export function durationText(seconds: number): string {
  const [size, name] = ([[86_400, 'day'], [3600, 'hour'], [60, 'minute']] as const).find(([unit]) => seconds % unit === 0) ?? [1, 'second']; // prettier-ignore
  return counted(seconds / size, name);
}
