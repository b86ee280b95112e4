import type { HorizontalLine } from './dashboard-body';
import type { ShownSeries } from './metric-source';

/** Periods after which a latest value is of the past: it says nothing of how it is now. */
const FRESH_PERIODS = 2;

/** The limit whose unwell side a line is on now; of several the one that is farthest out, and null for none. A line's latest value counts while it is fresh. */
export function limitPassed({ points, period }: ShownSeries, limits: readonly HorizontalLine[], asOf: Date): HorizontalLine | null {
  const last = points.at(-1);
  if (last === undefined || asOf.getTime() - last.at > FRESH_PERIODS * period * 1000) return null;
  const distance = ({ fill, value }: HorizontalLine) => (fill === 'above' ? last.value - value : value - last.value);
  const [farthest] = limits
    .filter((limit) => limit.fill !== null && limit.until === null && distance(limit) > 0)
    .sort((one, other) => distance(one) - distance(other));
  return farthest ?? null;
}
