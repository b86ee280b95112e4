import * as z from 'zod';

import { insightsStatistics } from './metrics/data/insights-groups';
import { isInsightsQuery, parseInsightsQuery, type InsightsQuery } from './metrics/data/insights-query';
import { NotEvaluated } from './metrics/data/time-series';
import type { WorldResource } from './resource-type';
import { statisticShape } from './types/common/metric-shapes';

/** When an alarm is red: what it makes of the windows of what it watches. */
export type AlarmRule = z.output<typeof ruleSchema>;

/** An alarm on one metric as deployed. */
export type AlarmDefinition = z.output<typeof definitionSchema>;

/** An alarm on a Metrics Insights query as deployed: each group of the query is judged by itself. */
export interface InsightsAlarmDefinition {
  readonly query: InsightsQuery;
  readonly rule: AlarmRule;
}

const ruleSchema = z.object({
  statistic: statisticShape,
  period: z.number(),
  evaluationPeriods: z.number(),
  datapointsToAlarm: z.number().optional(),
  threshold: z.number(),
  comparisonOperator: z.enum(['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold', 'LessThanOrEqualToThreshold']),
  treatMissingData: z.enum(['missing', 'ignore', 'breaching', 'notBreaching']).default('missing'),
  warmUpConfiguration: z
    .object({ onlyStartEvaluatingAfterWarmUpPeriodEnds: z.boolean().default(false), warmUpPeriodDurationInMinutes: z.number() })
    .optional(),
});

const definitionSchema = ruleSchema.extend({
  namespace: z.string(),
  metricName: z.string(),
  dimensions: z.record(z.string(), z.string()).default({}),
  unit: z.string().optional(),
});

const queriesSchema = z.array(z.object({ expression: z.string().optional(), period: z.number().optional() }));

/**
 * Reads a deployed alarm on one metric. Throws where it watches what is not simulated: metric math, percentiles, anomaly bands. Its state would be
 * a guess, and a guess must not pass a gate.
 */
export function readAlarmDefinition({ key, outputs }: WorldResource): AlarmDefinition {
  const refused = ['metricQueries', 'extendedStatistic', 'thresholdMetricId'].find((input) => outputs[input] !== undefined);
  if (refused !== undefined)
    throw new Error(`alarm ${key} has ${refused}: the sandbox evaluates alarms on one metric and statistic, or on one query, alone`);
  return definitionSchema.parse(outputs);
}

/**
 * Reads a deployed alarm on one Metrics Insights query; undefined for any other alarm. Throws {@link NotEvaluated} for a query that the sandbox
 * does not evaluate, and for groups of which missing data counts: when CloudWatch forgets a group that sends no more is not told.
 */
export function readInsightsAlarm({ key, outputs }: WorldResource): InsightsAlarmDefinition | undefined {
  const queries = queriesSchema.safeParse(outputs.metricQueries);
  const [only, ...others] = queries.data ?? [];
  if (only?.expression === undefined || others.length > 0 || !isInsightsQuery(only.expression)) return undefined;
  const query = parseInsightsQuery(only.expression);
  const rule = ruleSchema.parse({ ...outputs, period: only.period, statistic: insightsStatistics[query.aggregate] });
  if (query.groupBy.length > 0 && (rule.treatMissingData === 'breaching' || rule.treatMissingData === 'ignore'))
    throw new NotEvaluated(
      `alarm ${key} treats missing data of its groups as ${rule.treatMissingData}, which the sandbox does not evaluate`,
    );
  return { query, rule };
}
