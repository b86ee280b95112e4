import type { LineChart } from './chart-svg';

/** Where an axis begins and ends, and how far its marks are apart. */
export interface AxisScale {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
}

const STEPS = [1, 2, 5, 10];
const MARKS = 4;
/** Values that differ by a smaller share than this are one: marks between them would need more digits than there are. */
const CLOSEST = 1e-9;

/** Below this a double has too few digits left to step in. */
const SMALLEST_STEP = 1e-300;

/** Values that all lie in the upper part of their axis are looked at closely, as CloudWatch does. */
const CLOSE_SHARE = 0.5;

/** Scale of one axis of a chart: it shows every value and every threshold (one that is not seen says nothing), at even marks. */
export function axisScale(side: 'left' | 'right', { lines, annotations, axes, stacked }: LineChart): AxisScale {
  const drawn = lines.filter(({ axis }) => axis === side).map(({ points }) => points);
  const values = drawn.flatMap((points) => points.flatMap(([, value]) => value ?? []));
  const tops = stacked ? heightsOf(drawn) : [];
  const marked = annotations.filter(({ axis }) => axis === side).flatMap(({ value, until }) => (until === null ? [value] : [value, until]));
  const all = [...values, ...tops, ...marked];
  const { min: asked, max: limit } = axes[side];
  const highest = limit ?? all.reduce((most, value) => Math.max(most, value), -Infinity);
  const lowest = all.reduce((least, value) => Math.min(least, value), Infinity);
  if (!Number.isFinite(highest)) return { min: asked ?? 0, max: (asked ?? 0) + 1, interval: 0.25 };
  const isClose = !stacked && lowest > 0 && lowest > highest * CLOSE_SHARE && highest - lowest > highest * CLOSEST;
  const bottom = asked ?? (isClose ? lowest : Math.min(0, lowest));
  const range = highest > bottom ? highest - bottom : Math.abs(highest) || 1;
  const interval = niceStep(Math.max(range / MARKS, SMALLEST_STEP));
  const roof = highest > bottom ? highest : bottom + range;
  return { min: asked ?? downTo(bottom, interval), max: limit ?? upTo(roof, interval), interval };
}

/** Sums of lines that stand on one another, at every instant. */
function heightsOf(lines: readonly LineChart['lines'][number]['points'][]): readonly number[] {
  const sums = new Map<number, number>();
  for (const [at, value] of lines.flat()) sums.set(at, (sums.get(at) ?? 0) + (value ?? 0));
  return [...sums.values()];
}

function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return exact((STEPS.find((nice) => nice * power >= step * 0.999) ?? 10) * power);
}

/** The next mark above, and a whole one more where the value lies on it: no line lies on the edge. */
function upTo(value: number, interval: number): number {
  return exact((Math.floor(value / interval + 1e-9) + 1) * interval);
}

function downTo(value: number, interval: number): number {
  return value === 0 ? 0 : exact((Math.ceil(value / interval - 1e-9) - 1) * interval);
}

/** Without what floating point adds to a sum of tenths. */
function exact(value: number): number {
  return Number(value.toPrecision(12));
}
