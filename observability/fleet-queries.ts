import { metricDimensions, orderMetrics, WINDOW_SECONDS } from '../contracts/telemetry';

/** One Metrics Insights query over the telemetry that the accounts of a region share. */
export interface FleetQuery {
  readonly namespace: string;
  readonly functionName: string;
  readonly metric: string;
  /** Metrics Insights has no percentiles (AWS.md A6). */
  readonly statistic: 'AVG' | 'SUM' | 'MAX';
  /** One series an account, the highest first, or one over all of them. */
  readonly perAccount: boolean;
  /** Only so many of these accounts. @default all */
  readonly worst?: number;
}

/**
 * The query as text. It always names the function: an unscoped one soon reads over 10,000 metrics and returns part of the data (AWS.md A8).
 * Series of single versions match too; they repeat the same orders, so an average is unchanged. Sums are asked of metrics without versions.
 */
export function fleetQuery(query: FleetQuery): string {
  // An alarm over several series must say which of them come first: that is what it looks at where there are too many.
  const group = query.perAccount ? ` GROUP BY AWS.AccountId ORDER BY ${query.statistic}() DESC` : '';
  const limit = query.worst === undefined ? '' : ` LIMIT ${query.worst}`;
  return `SELECT ${query.statistic}(${query.metric}) FROM "${query.namespace}" WHERE ${metricDimensions.functionName} = '${query.functionName}'${group}${limit}`;
}

/** Accounts of a region by the synthetic orders that they stored since a widget begins, the fewest first. */
export function quietestQuery(query: { readonly namespace: string; readonly functionName: string; readonly quietest: number }): string {
  const { namespace, functionName, quietest } = query;
  const { functionName: dimension } = metricDimensions;
  // A search also finds what fell silent, for two weeks; Metrics Insights soon forgets it (AWS.md A7). Running sums, since the latest period is never full.
  const found = `SEARCH('{"${namespace}",${dimension}} MetricName="${orderMetrics.synthetic}" ${dimension}="${functionName}"', 'Sum', ${WINDOW_SECONDS})`;
  return `SORT(RUNNING_SUM(FILL(${found}, 0)), MAX, ASC, ${quietest})`;
}

/** Sums of one of Lambda's own metrics of a function, over all accounts of a region together, or of the `worst` so many, the highest first. */
export function awsQuery(query: {
  readonly metric: 'Invocations' | 'Duration';
  readonly functionName: string;
  readonly worst: number | null;
}): string {
  const { metric, functionName, worst } = query;
  const order = worst === null ? '' : ` GROUP BY AWS.AccountId ORDER BY SUM() DESC LIMIT ${worst}`;
  // The schema leaves out what AWS counts by alias and version, which would count each request twice.
  return `SELECT SUM(${metric}) FROM SCHEMA("AWS/Lambda", ${metricDimensions.functionName}) WHERE ${metricDimensions.functionName} = '${functionName}'${order}`;
}
