import type { RegionalNames } from '../contracts/names';
import type { RegionalSettings } from '../contracts/regional';
import { metricDimensions, orderMetrics, WINDOW_SECONDS } from '../contracts/telemetry';
import { runbookPath } from '../layer-kit/alarm-rule';
import { HEARTBEAT_MINUTES } from './heartbeat-order';

/** Which composite a child belongs to: `critical` wakes somebody, `warning` waits for working hours. Both stop a rollout. */
export type Severity = 'critical' | 'warning';

/** What an alarm watches. */
export type AlarmKind =
  | 'order-failures'
  | 'version-failures'
  | 'slow-orders'
  | 'errors'
  | 'throttles'
  | 'oldest-message'
  | 'dead-letters'
  | 'dlq-age'
  | 'concurrency'
  | 'unreserved-concurrency'
  | 'heartbeat';

/** One metric alarm as data. */
export interface AlarmDefinition {
  readonly kind: AlarmKind;
  readonly severity: Severity;
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** The metric is the series of the version on trial: its `version` dimension is added when that version is known. */
  readonly ofVersionOnTrial: boolean;
  readonly statistic: 'Average' | 'Sum' | 'Maximum';
  readonly comparison: 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  /** Seconds of one window. */
  readonly periodSeconds: number;
  /** Windows in a row that must breach. */
  readonly windows: number;
  readonly missingData: 'notBreaching' | 'breaching';
  /** Minutes after its creation before the alarm is evaluated; null: at once. */
  readonly warmUpMinutes: number | null;
}

/** Age at which an unread dead letter says that the dead-letter function is failing, in seconds. */
export const DEAD_LETTER_AGE_SECONDS = 900;

/** Windows without one stored synthetic order before a target counts as silent: three heartbeats in a row were lost. */
const SILENT_WINDOWS = 3;

const quiet = {
  ofVersionOnTrial: false,
  periodSeconds: WINDOW_SECONDS,
  windows: 1,
  missingData: 'notBreaching',
  warmUpMinutes: null,
} as const;

/** Every alarm of a target, in a fixed order. Identity (kind, severity) depends on the settings only through `heartbeat` and whether the account's limit is known. */
export function alarmDefinitions(names: RegionalNames, settings: RegionalSettings): readonly AlarmDefinition[] {
  const order = { [metricDimensions.functionName]: names.orderFunction };
  const deadLetter = { [metricDimensions.functionName]: names.deadLetterFunction };
  const ratePercent = settings.alarms.errorRatePercent;
  const orders = {
    ...quiet,
    namespace: names.metricNamespace,
    dimensions: order,
    statistic: 'Average',
    comparison: 'GreaterThanThreshold',
  } as const;
  const lambda = { ...quiet, namespace: 'AWS/Lambda', dimensions: order } as const;
  const queues = {
    ...quiet,
    namespace: 'AWS/SQS',
    metric: 'ApproximateAgeOfOldestMessage',
    statistic: 'Maximum',
    comparison: 'GreaterThanThreshold',
  } as const;
  const capacity = settings.reservedConcurrency ?? settings.eventSourceMaximum;

  const definitions: readonly (Omit<AlarmDefinition, 'description'> & { readonly says: string })[] = [
    // Lambda's own Errors metric cannot see an order that failed inside a batch: the invocation succeeds (AWS.md A3).
    {
      ...orders,
      kind: 'order-failures',
      severity: 'critical',
      metric: orderMetrics.failed,
      threshold: ratePercent / 100,
      says: `more than ${ratePercent} % of the orders fail`,
    },
    {
      ...orders,
      kind: 'version-failures',
      severity: 'critical',
      metric: orderMetrics.failed,
      ofVersionOnTrial: true,
      threshold: ratePercent / 100,
      says: `more than ${ratePercent} % of the orders taken by the newest version that gets traffic fail; the version before it may be hiding this by taking them again`,
    },
    {
      ...orders,
      kind: 'slow-orders',
      severity: 'warning',
      metric: orderMetrics.slow,
      threshold: settings.alarms.slowOrderPercent / 100,
      says: `more than ${settings.alarms.slowOrderPercent} % of the orders are slow`,
    },
    // Errors is 0 or 1 per invocation: its average is the rate.
    {
      ...lambda,
      kind: 'errors',
      severity: 'critical',
      metric: 'Errors',
      statistic: 'Average',
      comparison: 'GreaterThanThreshold',
      threshold: ratePercent / 100,
      says: `more than ${ratePercent} % of the order function's invocations crash or time out`,
    },
    {
      ...lambda,
      kind: 'throttles',
      severity: 'warning',
      metric: 'Throttles',
      statistic: 'Sum',
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      windows: 2,
      says: "invocations of the order function are throttled: its concurrency, or the account's, is used up",
    },
    {
      ...queues,
      kind: 'oldest-message',
      severity: 'critical',
      dimensions: { QueueName: names.orderQueue },
      threshold: settings.alarms.oldestMessageSeconds,
      says: `an order has waited for more than ${settings.alarms.oldestMessageSeconds} seconds`,
    },
    // The depth of the dead-letter queue never rises while the dead-letter function drains it (AWS.md A4): dead letters are counted instead.
    {
      ...quiet,
      kind: 'dead-letters',
      severity: 'critical',
      namespace: names.metricNamespace,
      metric: orderMetrics.deadLetters,
      dimensions: deadLetter,
      statistic: 'Sum',
      comparison: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      says: 'an order failed every attempt and was archived',
    },
    {
      ...queues,
      kind: 'dlq-age',
      severity: 'warning',
      dimensions: { QueueName: names.deadLetterQueue },
      threshold: DEAD_LETTER_AGE_SECONDS,
      says: 'a dead letter was not archived: the dead-letter function is failing',
    },
    {
      ...lambda,
      kind: 'concurrency',
      severity: 'warning',
      metric: 'ConcurrentExecutions',
      statistic: 'Maximum',
      comparison: 'GreaterThanThreshold',
      threshold: (capacity * settings.alarms.concurrencyPercent) / 100,
      windows: 3,
      says: `the order function uses more than ${settings.alarms.concurrencyPercent} % of its ${capacity} concurrent executions`,
    },
    // Of the whole account and region: another function can use up what this one needs, or what its dead-letter function does.
    ...(settings.unreservedConcurrency === null
      ? []
      : [
          {
            ...lambda,
            kind: 'unreserved-concurrency',
            severity: 'warning',
            metric: 'UnreservedConcurrentExecutions',
            dimensions: {},
            statistic: 'Maximum',
            comparison: 'GreaterThanThreshold',
            threshold: (settings.unreservedConcurrency * settings.alarms.concurrencyPercent) / 100,
            windows: 3,
            says: `functions without a reservation use more than ${settings.alarms.concurrencyPercent} % of the ${settings.unreservedConcurrency} concurrent executions that the account has for them`,
          } as const,
        ]),
    ...(settings.heartbeat
      ? [
          {
            ...orders,
            kind: 'heartbeat',
            severity: 'critical',
            metric: orderMetrics.synthetic,
            statistic: 'Sum',
            comparison: 'LessThanThreshold',
            threshold: 1,
            windows: SILENT_WINDOWS,
            // No data is the failure itself here: a target that is silent sends none.
            missingData: 'breaching',
            // A new target has had no heartbeat yet, and must not start its life red.
            warmUpMinutes: SILENT_WINDOWS * HEARTBEAT_MINUTES,
            says: 'no synthetic order was stored, though one is sent every few minutes',
          } as const,
        ]
      : []),
  ];
  return definitions.map(({ says, ...definition }) => ({
    ...definition,
    description: `${says}. Runbook: ${runbookPath(definition.kind)}`,
  }));
}
