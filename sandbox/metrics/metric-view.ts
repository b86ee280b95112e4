import { isSteady, mergeDatapoints, percentileOf, sampleShape, weightedValues, type Datapoint, type Shape } from './datapoint';
import { emissionsOf, readSeriesKey, seriesKey, type Emission, type MetricId } from './emissions';
import { firstIndex } from './first-index';
import type { OrderPath } from './order-path';
import type { Segment } from './segments';

/** A series over time, in simulated seconds. */
export interface MetricView {
  /** Data in [from, until); undefined where there is none. */
  datapoint(from: number, until: number): Datapoint | undefined;
  /** Instants at which anything changes, ascending: between two of them all is steady. */
  readonly edges: readonly number[];
  /** Between two edges, is the data of every period the same. */
  isSteady(period: number): boolean;
  /** Before this instant, back to `madeAt`, data was there and is not kept. */
  readonly knownFrom: number;
  readonly madeAt: number;
}

/** A path with its segments. */
export interface PathSegments {
  readonly path: OrderPath;
  readonly segments: readonly Segment[];
}

/** What a series gets in one segment. */
interface Source {
  readonly segment: Segment;
  readonly shapes: Emission['shapes'];
}

/** The metrics of one account and region. */
export class PlaceMetrics {
  /** By path; segments in order. */
  readonly #sources: readonly (readonly { readonly segment: Segment; readonly emissions: ReadonlyMap<string, Emission> }[])[];
  readonly #edges: readonly number[];
  /** When what emits there last changed; minus infinity where nothing does. */
  readonly knownFrom: number;
  readonly #madeAt: number;

  constructor(paths: readonly PathSegments[]) {
    this.#sources = paths.map(({ path, segments }) => segments.map((segment) => ({ segment, emissions: emissionsOf(path, segment) })));
    const starts = paths.flatMap(({ segments }) => segments.map(({ from }) => from));
    this.#edges = [...new Set(starts)].sort((left, right) => left - right);
    this.#madeAt = Math.max(-Infinity, ...paths.map(({ path }) => path.madeAt));
    this.knownFrom = Math.max(-Infinity, ...paths.map(({ segments }) => segments.find(({ known }) => known)?.from ?? -Infinity));
  }

  /** A series; one that nothing writes to has no data. Where a unit is asked for, data in another unit is not seen. */
  view(id: MetricId, unit?: string): MetricView {
    const sources = this.#sourcesOf(id, unit);
    return {
      edges: this.#edges,
      knownFrom: this.knownFrom,
      madeAt: this.#madeAt,
      isSteady: (period) => sources.flat().every(({ shapes }) => shapes.every((shape) => isSteady(shape, period))),
      datapoint: (from, until) =>
        mergeDatapoints(sources.flatMap((ofPath) => piecesOf(ofPath, { from, until }).flatMap((piece) => sampleShape(...piece) ?? []))),
    };
  }

  /** A percentile of a series in [from, until); undefined where there is no data. */
  percentile(
    id: MetricId,
    { percent, from, until }: { readonly percent: number; readonly from: number; readonly until: number },
  ): number | undefined {
    const pieces = this.#sourcesOf(id).flatMap((ofPath) => piecesOf(ofPath, { from, until }));
    return percentileOf(
      pieces.flatMap((piece) => weightedValues(...piece)),
      percent,
    );
  }

  /** Every series of a metric that anything wrote to. */
  seriesOf({ namespace, metric }: Pick<MetricId, 'namespace' | 'metric'>): readonly MetricId[] {
    const keys = new Set(this.#sources.flatMap((ofPath) => ofPath.flatMap(({ emissions }) => [...emissions.keys()])));
    return [...keys].map(readSeriesKey).filter((id) => id.namespace === namespace && id.metric === metric);
  }

  #sourcesOf(id: MetricId, unit?: string): readonly (readonly Source[])[] {
    const key = seriesKey(id);
    return this.#sources.map((ofPath) =>
      ofPath.map(({ segment, emissions }): Source => {
        const emission = emissions.get(key);
        return { segment, shapes: emission && (unit === undefined || unit === emission.unit) ? emission.shapes : [] };
      }),
    );
  }
}

/** Shapes with the parts of [from, until) that they hold for. */
function piecesOf(
  sources: readonly Source[],
  { from, until }: { readonly from: number; readonly until: number },
): readonly (readonly [Shape, number, number])[] {
  const pieces: (readonly [Shape, number, number])[] = [];
  const first = firstIndex(sources.length, (index) => (sources[index]?.segment.until ?? Infinity) > from);
  for (const { segment, shapes } of sources.slice(first)) {
    if (segment.from >= until) break;
    for (const shape of shapes) pieces.push([shape, Math.max(from, segment.from), Math.min(until, segment.until)]);
  }
  return pieces;
}
