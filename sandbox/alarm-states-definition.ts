import * as z from 'zod';

import type { WorldResource } from './resource-type';
import { statisticShape } from './types/common/metric-shapes';

/** A metric alarm as deployed. */
export type AlarmDefinition = z.output<typeof definitionSchema>;

const definitionSchema = z.object({
  namespace: z.string(),
  metricName: z.string(),
  dimensions: z.record(z.string(), z.string()).default({}),
  statistic: statisticShape,
  unit: z.string().optional(),
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

/**
 * Reads a deployed alarm. Throws where it watches what is not simulated: metric math, queries, percentiles, anomaly bands. Its state would be a
 * guess, and a guess must not pass a gate.
 */
export function readAlarmDefinition({ key, outputs }: WorldResource): AlarmDefinition {
  const refused = ['metricQueries', 'extendedStatistic', 'thresholdMetricId'].find((input) => outputs[input] !== undefined);
  if (refused !== undefined) throw new Error(`alarm ${key} has ${refused}: the sandbox evaluates alarms on one metric and statistic alone`);
  return definitionSchema.parse(outputs);
}
