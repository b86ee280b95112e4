import { isSteady, mergeDatapoints, sampleShape, type Datapoint } from './datapoint';
import { emissionsOf, seriesKey, type Emission, type MetricId } from './emissions';
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
    const key = seriesKey(id);
    const sources = this.#sources.map((ofPath) =>
      ofPath.map(({ segment, emissions }): Source => {
        const emission = emissions.get(key);
        return { segment, shapes: emission && (unit === undefined || unit === emission.unit) ? emission.shapes : [] };
      }),
    );
    return {
      edges: this.#edges,
      knownFrom: this.knownFrom,
      madeAt: this.#madeAt,
      isSteady: (period) => sources.flat().every(({ shapes }) => shapes.every((shape) => isSteady(shape, period))),
      datapoint: (from, until) => mergeDatapoints(sources.flatMap((ofPath) => sample(ofPath, from, until))),
    };
  }
}

function sample(sources: readonly Source[], from: number, until: number): readonly Datapoint[] {
  const points: Datapoint[] = [];
  const first = firstIndex(sources.length, (index) => (sources[index]?.segment.until ?? Infinity) > from);
  for (const { segment, shapes } of sources.slice(first)) {
    if (segment.from >= until) break;
    for (const shape of shapes) {
      const point = sampleShape(shape, Math.max(from, segment.from), Math.min(until, segment.until));
      if (point) points.push(point);
    }
  }
  return points;
}
