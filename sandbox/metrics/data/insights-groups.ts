import type { AccountId, Region } from '../../../contracts/ids';
import type { Statistic } from '../datapoint';
import { isSimulatedMetric, type MetricId } from '../emissions';

import { ACCOUNT_KEY, type InsightsFunction, type InsightsQuery } from './insights-query';
import type { OrganizationMetrics } from './organization-metrics';
import { NotEvaluated } from './time-series';

/** A series of one account. */
export interface LocatedSeries {
  readonly account: AccountId;
  readonly id: MetricId;
}

/** Who looks at which metrics: an account sees its own and those that are shared with it. */
export interface MetricSight {
  readonly metrics: OrganizationMetrics;
  readonly account: AccountId;
  readonly region: Region;
}

/** The statistic that each aggregate of Metrics Insights is. */
export const insightsStatistics: Readonly<Record<InsightsFunction, Statistic>> = {
  AVG: 'Average',
  COUNT: 'SampleCount',
  MAX: 'Maximum',
  MIN: 'Minimum',
  SUM: 'Sum',
};

/** Every series of a metric that can be seen, by account. */
export function locateSeries(
  of: Pick<MetricId, 'namespace' | 'metric'>,
  { metrics, account, region }: MetricSight,
): readonly LocatedSeries[] {
  return metrics.visibleFrom(account, region).flatMap((other) =>
    metrics
      .at(other, region)
      .seriesOf(of)
      .map((id) => ({ account: other, id })),
  );
}

/**
 * The series that a query is over, by group: the values that it groups by, in words. A query without groups has one, be it without a series.
 * Throws {@link NotEvaluated} for a metric that nothing simulates.
 */
export function insightsGroups(query: InsightsQuery, sight: MetricSight): ReadonlyMap<string, readonly LocatedSeries[]> {
  refuseUnknownMetric(query);
  const matching = locateSeries(query, sight).filter(
    (one) =>
      (query.schema === null || hasExactly(one.id, query.schema)) &&
      query.where.every(({ key, is, value }) => (keyOf(one, key) === value) === is) &&
      query.groupBy.every((key) => keyOf(one, key) !== undefined),
  );
  const groups = new Map<string, LocatedSeries[]>();
  for (const one of matching) {
    const label = query.groupBy.map((key) => keyOf(one, key) ?? '').join(' ');
    groups.set(label, [...(groups.get(label) ?? []), one]);
  }
  if (query.groupBy.length === 0 && matching.length === 0) groups.set('', []);
  return groups;
}

/** Has a series these dimensions, and no others. */
export function hasExactly({ dimensions }: MetricId, keys: readonly string[]): boolean {
  return Object.keys(dimensions).length === keys.length && keys.every((key) => Object.hasOwn(dimensions, key));
}

/** Throws {@link NotEvaluated} for a metric that nothing simulates: its silence would tell nothing. */
export function refuseUnknownMetric(of: Pick<MetricId, 'namespace' | 'metric'>): void {
  if (!isSimulatedMetric(of)) throw new NotEvaluated(`the sandbox does not simulate ${of.namespace} ${of.metric}`);
}

function keyOf({ account, id }: LocatedSeries, key: string): string | undefined {
  return key === ACCOUNT_KEY ? account : id.dimensions[key];
}
