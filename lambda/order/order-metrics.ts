import { metricDimensions, orderMetrics } from '../../contracts/telemetry';
import { emfLine } from '../common/emf';

/** What is counted of one delivery of an order. */
export interface OrderMeasurement {
  readonly synthetic: boolean;
  readonly failed: boolean;
  readonly slow: boolean;
}

/** Where and when it was measured. */
export interface MeasurementPlace {
  readonly namespace: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly epochMs: number;
}

/**
 * The metric line of one delivery; undefined where nothing is counted. A synthetic order stays out of the business metrics, and a failed one
 * is told by its absence: the heartbeat alarm treats missing data as breaching.
 */
export function orderMetricLine(measurement: OrderMeasurement, place: MeasurementPlace): string | undefined {
  const { namespace, epochMs } = place;
  const { functionName, version } = metricDimensions;
  if (measurement.synthetic) {
    if (measurement.failed) return undefined;
    return emfLine({
      namespace,
      epochMs,
      dimensions: { [functionName]: place.functionName },
      dimensionSets: [[functionName]],
      counts: { [orderMetrics.synthetic]: 1 },
    });
  }
  return emfLine({
    namespace,
    epochMs,
    dimensions: { [functionName]: place.functionName, [version]: place.functionVersion },
    // In total, and by version: the new version's own failures show while traffic shifts to it.
    dimensionSets: [[functionName], [functionName, version]],
    counts: { [orderMetrics.failed]: Number(measurement.failed), [orderMetrics.slow]: Number(measurement.slow) },
  });
}
