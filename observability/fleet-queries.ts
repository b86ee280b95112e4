import { metricDimensions } from '../contracts/telemetry';

/** One Metrics Insights query over the telemetry that the accounts of a region share. */
export interface FleetQuery {
  readonly namespace: string;
  readonly functionName: string;
  readonly metric: string;
  /** Metrics Insights has no percentiles (AWS.md A6). */
  readonly statistic: 'AVG' | 'SUM' | 'MAX';
  /** One series an account, or one over all of them. */
  readonly perAccount: boolean;
}

/**
 * The query as text. It always names the function: an unscoped one soon reads over 10,000 metrics and returns part of the data (AWS.md A8).
 * Series of single versions match too; they repeat the same orders, so an average is unchanged. Sums are asked of metrics without versions.
 */
export function fleetQuery(query: FleetQuery): string {
  const group = query.perAccount ? ' GROUP BY AWS.AccountId' : '';
  return `SELECT ${query.statistic}(${query.metric}) FROM "${query.namespace}" WHERE ${metricDimensions.functionName} = '${query.functionName}'${group}`;
}
