import { mergeDatapoints } from './datapoint';
import type { MetricView } from './metric-view';

/** Several series as one: every sample of each. Of none there is no data. */
export function mergedView(views: readonly MetricView[]): MetricView {
  return {
    datapoint: (from, until) => mergeDatapoints(views.flatMap((view) => view.datapoint(from, until) ?? [])),
    edges: [...new Set(views.flatMap(({ edges }) => edges))].sort((left, right) => left - right),
    isSteady: (period) => views.every((view) => view.isSteady(period)),
    // Where the data of one is not kept, it is not known that there was none.
    knownFrom: Math.max(-Infinity, ...views.map(({ knownFrom }) => knownFrom)),
    madeAt: Math.min(...(views.length === 0 ? [-Infinity] : views.map(({ madeAt }) => madeAt))),
  };
}
