import * as z from 'zod';

import { accountIdSchema } from '../../contracts/ids';
import type { Place, Properties, Refusal, WorldView } from '../resource-type';

import { metricAlarmActionsShape, refuseActions } from './common/alarm-actions';
import { refuseAlarmDelete } from './common/alarm-dependants';
import { arnOf } from './common/arn';
import { physicalName } from './common/auto-name';
import { locateArn } from './common/locate-arn';
import { metricQueryProblems, metricQueryShape, queryPeriod } from './common/metric-query-rules';
import {
  dimensionsShape,
  extendedStatisticShape,
  metricNameShape,
  namespaceShape,
  periodShape,
  statisticShape,
  unitShape,
} from './common/metric-shapes';
import { monitoringTokens } from './common/monitoring-tokens';
import { readText, readTexts } from './common/property-readers';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { oneOf, wholeNumber } from './common/shapes';
import { tagsShape } from './common/tags-shape';

const DAY = 86_400;
const HOUR = 3600;

const staticOperators = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;
const bandOperators = ['LessThanLowerOrGreaterThanUpperThreshold', 'LessThanLowerThreshold', 'GreaterThanUpperThreshold'] as const;

const shape = z.strictObject({
  actionsEnabled: z.boolean().default(true),
  alarmActions: metricAlarmActionsShape.optional(),
  alarmDescription: z.string().max(1024).optional(),
  comparisonOperator: oneOf([...staticOperators, ...bandOperators]),
  datapointsToAlarm: wholeNumber({ min: 1, max: DAY }).optional(),
  dimensions: dimensionsShape.optional(),
  evaluateLowSampleCountPercentiles: oneOf(['evaluate', 'ignore']).optional(),
  evaluationPeriods: wholeNumber({ min: 1, max: DAY }),
  extendedStatistic: extendedStatisticShape.optional(),
  insufficientDataActions: metricAlarmActionsShape.optional(),
  metricName: metricNameShape.optional(),
  metricQueries: z.array(metricQueryShape).min(1).optional(),
  name: z.string().min(1).max(255).optional(),
  namespace: namespaceShape.optional(),
  okActions: metricAlarmActionsShape.optional(),
  period: periodShape([10, 20, 30]).optional(),
  statistic: statisticShape.optional(),
  tags: tagsShape.optional(),
  threshold: z.number().optional(),
  thresholdMetricId: z.string().min(1).max(255).optional(),
  treatMissingData: oneOf(['missing', 'ignore', 'breaching', 'notBreaching']).default('missing'),
  unit: unitShape.optional(),
  warmUpConfiguration: z
    .strictObject({
      onlyStartEvaluatingAfterWarmUpPeriodEnds: z.boolean().optional(),
      warmUpPeriodDurationInMinutes: wholeNumber({ min: 1, max: 2880 }),
    })
    .optional(),
});

type Alarm = z.output<typeof shape>;

const inputs = shape.check((payload) => {
  for (const message of [...sourceProblems(payload.value), ...windowProblems(payload.value), ...thresholdProblems(payload.value)]) {
    payload.issues.push({ code: 'custom', input: payload.value, message });
  }
});

/** A CloudWatch alarm on a metric, on metric math or on a Metrics Insights query. PromQL alarms are not simulated. */
export const cloudwatchMetricAlarm = defineType({
  type: monitoringTokens.metricAlarm,
  inputs,
  invalid: 'ValidationError',
  replaceOn: ['name'],
  taggable: true,
  scope: 'region',
  onTaken: 'overwrite',
  seconds: { create: 1, update: 1, delete: 1 },
  key: (alarm, context) => physicalName({ name: alarm.name }, context),
  render: (_alarm, { key: name, place }) => ({ id: name, computed: { name, arn: arnOf('cloudwatch', `alarm:${name}`, place) } }),
  refuse: ({ op, inputs: alarm, prior, key: name, place }, world) => {
    if (op === 'delete') return refuseAlarmDelete(name, place, world);
    if (world.find(monitoringTokens.compositeAlarm, name, place))
      return refusal('ValidationError', `A composite alarm with the name ${name} already exists`);
    return refuseForeignMetrics(alarm, place, world) ?? refuseActions(alarm, { prior: prior?.inputs, place, world });
  },
});

const SINGLE_METRIC = ['namespace', 'dimensions', 'period', 'unit', 'statistic', 'extendedStatistic'] as const;

function sourceProblems(alarm: Alarm): readonly string[] {
  if ((alarm.metricName === undefined) === (alarm.metricQueries === undefined)) return ['An alarm must have either MetricName or Metrics.'];
  if (alarm.metricQueries !== undefined) {
    const extra = SINGLE_METRIC.filter((key) => alarm[key] !== undefined);
    return [
      ...extra.map((key) => `${key} cannot be given together with metricQueries.`),
      ...metricQueryProblems(alarm.metricQueries, alarm.thresholdMetricId),
    ];
  }
  const missing = (['namespace', 'period'] as const).filter((key) => alarm[key] === undefined);
  const statistics = [alarm.statistic, alarm.extendedStatistic].filter((statistic) => statistic !== undefined).length;
  return [
    ...missing.map((key) => `The parameter ${key} is required with MetricName.`),
    ...(statistics === 1 ? [] : ['One of `statistic` or `extendedStatistic` must be set for a CloudWatch metric alarm.']),
  ];
}

function windowProblems(alarm: Alarm): readonly string[] {
  const problems: string[] = [];
  if ((alarm.datapointsToAlarm ?? 1) > alarm.evaluationPeriods)
    problems.push('DatapointsToAlarm must be less than or equal to EvaluationPeriods.');
  const period = alarm.metricQueries === undefined ? alarm.period : queryPeriod(alarm.metricQueries);
  if (period === undefined) return problems;
  const window = period * alarm.evaluationPeriods;
  if (period < HOUR && window > DAY)
    problems.push(`Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= ${DAY}).`);
  if (period >= HOUR && window > 7 * DAY)
    problems.push(`Metrics cannot be checked across more than seven days (EvaluationPeriods * Period must be <= ${7 * DAY}).`);
  return problems;
}

function thresholdProblems(alarm: Alarm): readonly string[] {
  const band = bandOperators.some((operator) => operator === alarm.comparisonOperator);
  if (band && alarm.thresholdMetricId === undefined)
    return [`The comparison operator ${alarm.comparisonOperator} needs ThresholdMetricId.`];
  if (band && alarm.threshold !== undefined) return ['Threshold and ThresholdMetricId cannot be given together.'];
  if (!band && alarm.threshold === undefined) return [`The comparison operator ${alarm.comparisonOperator} needs Threshold.`];
  if (!band && alarm.thresholdMetricId !== undefined) return [`ThresholdMetricId needs one of ${bandOperators.join(', ')}.`];
  return [];
}

/** Metrics of other accounts are visible only through an OAM link that shares metrics, of the same region. */
function refuseForeignMetrics(alarm: Alarm, place: Place, world: WorldView): Refusal | undefined {
  const foreign = new Set(
    (alarm.metricQueries ?? []).flatMap(({ accountId }) => (accountId === undefined || accountId === place.account ? [] : [accountId])),
  );
  const visible = [...foreign].every((id) => {
    const account = accountIdSchema.parse(id);
    return world.list(monitoringTokens.link, { ...place, account }).some((link) => sharesMetrics(link.outputs, place));
  });
  return visible ? undefined : refusal('ValidationError', 'One or more metrics in your request are Forbidden.');
}

function sharesMetrics(link: Properties, place: Place): boolean {
  const sink = locateArn(readText(link, 'sinkArn') ?? '', place);
  return sink?.place.account === place.account && readTexts(link, 'resourceTypes').includes('AWS::CloudWatch::Metric');
}
