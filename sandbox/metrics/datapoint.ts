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
 * each `every` seconds from `from` on. `gauge`: read once a minute, rising from 0 to `peak` in every time it is asked about.
 */
export type Shape =
  | { readonly kind: 'ratio'; readonly perSecond: number; readonly ratio: number }
  | { readonly kind: 'ticks'; readonly every: number; readonly from: number }
  | { readonly kind: 'gauge'; readonly peak: number };

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
    default:
      throw new Error(`unknown shape ${JSON.stringify(shape satisfies never)}`);
  }
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
