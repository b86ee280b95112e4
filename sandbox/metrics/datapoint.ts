/** What CloudWatch keeps of a series over a time. */
export interface Datapoint {
  readonly samples: number;
  readonly sum: number;
  /** Beside the sum, so that a steady rate is exactly that rate, and stays on its side of a threshold. */
  readonly average: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Statistics that a metric alarm names. */
export type Statistic = 'SampleCount' | 'Average' | 'Sum' | 'Minimum' | 'Maximum';

/**
 * How values of a series come, in simulated seconds. `ratio`: so many samples a second, of which a share is 1 and the rest 0. `ticks`: one 1
 * each `every` seconds from `from` on. `gauge`: read once a minute, rising from 0 to `peak` in every time it is asked about. `mixture`: so many
 * samples a second, each value with its share of them; shares add up to 1.
 */
export type Shape =
  | { readonly kind: 'ratio'; readonly perSecond: number; readonly ratio: number }
  | { readonly kind: 'ticks'; readonly every: number; readonly from: number }
  | { readonly kind: 'gauge'; readonly peak: number }
  | {
      readonly kind: 'mixture';
      readonly perSecond: number;
      readonly values: readonly { readonly value: number; readonly share: number }[];
    };

/** A value, and how many samples had it. */
export interface WeightedValue {
  readonly value: number;
  readonly samples: number;
}

const MINUTE = 60;

/** The data of one shape in [from, until); undefined where there is none. Pure: the same times give the same data. */
export function sampleShape(shape: Shape, from: number, until: number): Datapoint | undefined {
  const seconds = until - from;
  if (seconds <= 0) return undefined;
  switch (shape.kind) {
    case 'ratio': {
      const { perSecond, ratio } = shape;
      const samples = perSecond * seconds;
      if (samples === 0) return undefined;
      return { samples, sum: ratio * samples, average: ratio, minimum: ratio === 1 ? 1 : 0, maximum: ratio === 0 ? 0 : 1 };
    }
    case 'ticks': {
      const ticks = ticksBefore(shape, until) - ticksBefore(shape, from);
      return ticks === 0 ? undefined : { samples: ticks, sum: ticks, average: 1, minimum: 1, maximum: 1 };
    }
    case 'gauge': {
      const samples = seconds / MINUTE;
      const average = shape.peak / 2;
      return { samples, sum: average * samples, average, minimum: 0, maximum: shape.peak };
    }
    case 'mixture': {
      const samples = shape.perSecond * seconds;
      const values = shape.values.filter(({ share }) => share > 0);
      if (samples === 0 || values.length === 0) return undefined;
      const average = values.reduce((total, { value, share }) => total + value * share, 0);
      const sorted = values.map(({ value }) => value).sort((left, right) => left - right);
      return { samples, sum: average * samples, average, minimum: sorted[0] ?? 0, maximum: sorted.at(-1) ?? 0 };
    }
    default:
      throw new Error(`unknown shape ${JSON.stringify(shape satisfies never)}`);
  }
}

/** Steps that a gauge is cut into for percentiles: one a percent. */
const GAUGE_STEPS = 100;

/** Every value of a shape in [from, until) with its samples, for percentiles. */
export function weightedValues(shape: Shape, from: number, until: number): readonly WeightedValue[] {
  const point = sampleShape(shape, from, until);
  if (!point) return [];
  switch (shape.kind) {
    case 'ratio':
      return [
        { value: 0, samples: point.samples - point.sum },
        { value: 1, samples: point.sum },
      ].filter(({ samples }) => samples > 0);
    case 'ticks':
      return [{ value: 1, samples: point.samples }];
    case 'gauge':
      return Array.from({ length: GAUGE_STEPS }, (_, step) => ({
        value: (shape.peak * (step + 1)) / GAUGE_STEPS,
        samples: point.samples / GAUGE_STEPS,
      }));
    case 'mixture':
      return shape.values.filter(({ share }) => share > 0).map(({ value, share }) => ({ value, samples: share * point.samples }));
    default:
      throw new Error(`unknown shape ${JSON.stringify(shape satisfies never)}`);
  }
}

/** The least value that a share (0 to 100 percent) of the samples does not exceed; undefined where there are none. */
export function percentileOf(values: readonly WeightedValue[], percent: number): number | undefined {
  const sorted = [...values].sort((left, right) => left.value - right.value);
  const total = sorted.reduce((sum, { samples }) => sum + samples, 0);
  let below = 0;
  // Shares add up to a hair less than the whole.
  return sorted.find(({ samples }) => (below += samples) >= (total * percent) / 100 - total * 1e-9)?.value;
}

/** One datapoint of several: of parts of a time, or of sources of one series. */
export function mergeDatapoints(points: readonly Datapoint[]): Datapoint | undefined {
  const [first] = points;
  if (!first) return undefined;
  const samples = points.reduce((total, point) => total + point.samples, 0);
  const sum = points.reduce((total, point) => total + point.sum, 0);
  return {
    samples,
    sum,
    average: points.every(({ average }) => average === first.average) ? first.average : sum / samples,
    minimum: Math.min(...points.map(({ minimum }) => minimum)),
    maximum: Math.max(...points.map(({ maximum }) => maximum)),
  };
}

/** One statistic of a datapoint. */
export function statisticOf(point: Datapoint, statistic: Statistic): number {
  switch (statistic) {
    case 'SampleCount':
      return point.samples;
    case 'Average':
      return point.average;
    case 'Sum':
      return point.sum;
    case 'Minimum':
      return point.minimum;
    case 'Maximum':
      return point.maximum;
    default:
      throw new Error(`unknown statistic ${String(statistic satisfies never)}`);
  }
}

/** Is the data of every whole period the same, wherever in the shape's time it lies. */
export function isSteady(shape: Shape, period: number): boolean {
  return shape.kind !== 'ticks' || period % shape.every === 0;
}

function ticksBefore({ every, from }: { readonly every: number; readonly from: number }, at: number): number {
  return Math.max(0, Math.ceil((at - from) / every));
}
