import { secondsBetween } from '../../contracts/duration';

/** The value in the middle, or the mean of the two there; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = ascending(values);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : rounded((low + high) / 2, 3);
}

/** The sum by the count; null of none. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : rounded(values.reduce((sum, value) => sum + value, 0) / values.length, 3);
}

/** The greatest; null of none. */
export function worst(values: readonly number[]): number | null {
  return ascending(values).at(-1) ?? null;
}

/** The smallest value that at least so many percent of the values do not exceed (nearest rank); null of none. */
export function percentile(values: readonly number[], percent: number): number | null {
  const rank = Math.max(1, Math.ceil((values.length * percent) / 100));
  return ascending(values)[rank - 1] ?? null;
}

/** A part of a whole, 0 to 1, to four places; null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : rounded(part / whole, 4);
}

/** Seconds from one instant (ISO 8601) to another one, to the millisecond. Never below 0: two machines' clocks may differ. */
export function elapsedSeconds(from: string, to: string): number {
  return Math.max(0, secondsBetween(from, to));
}

/** A number to so many places. */
export function rounded(value: number, places: number): number {
  return Number(value.toFixed(places));
}

function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((left, right) => left - right);
}
