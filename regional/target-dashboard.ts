import { awsRates } from '../contracts/aws-rates';
import type { RegionalNames } from '../contracts/names';
import type { RegionalSettings } from '../contracts/regional';
import { metricDimensions, orderMetrics } from '../contracts/telemetry';
import { dashboardBody, type MetricRow, type Threshold, type Widget } from '../layer-kit/dashboard';
import { WINDOW_SECONDS } from './alarm-definitions';

/** What a target's dashboard shows. */
export interface TargetDashboardInput {
  readonly names: RegionalNames;
  readonly settings: RegionalSettings;
  readonly region: string;
}

/** Body of a target's dashboard: the eight widgets of the requirements. */
export function targetDashboard(input: TargetDashboardInput): string {
  const { names, settings } = input;
  const graph = graphIn(input.region);
  const lambda = (metric: string, options: Readonly<Record<string, string | boolean>> = {}): MetricRow => [
    'AWS/Lambda',
    metric,
    metricDimensions.functionName,
    names.orderFunction,
    options,
  ];
  const orders = (metric: string, options: Readonly<Record<string, string | boolean>>): MetricRow => [
    names.metricNamespace,
    metric,
    metricDimensions.functionName,
    names.orderFunction,
    options,
  ];
  const capacity = settings.reservedConcurrency ?? settings.eventSourceMaximum;
  const ratePercent = settings.alarms.errorRatePercent;

  return dashboardBody([
    graph('Invocations', [lambda('Invocations', { stat: 'Sum' })]),
    graph('Errors and dead letters', [
      lambda('Errors', { stat: 'Sum' }),
      [names.metricNamespace, orderMetrics.deadLetters, metricDimensions.functionName, names.deadLetterFunction, { stat: 'Sum', label: 'dead letters' }],
    ], [{ label: `alarm ${names.alarm('dead-letters')}`, value: 1 }]), // prettier-ignore
    graph(
      'Duration (ms)',
      ['Average', 'p50', 'p90', 'p99', 'Maximum'].map((stat) => lambda('Duration', { stat, label: stat })),
    ),
    graph('Throttles', [lambda('Throttles', { stat: 'Sum' })]),
    graph('Concurrent executions', [lambda('ConcurrentExecutions', { stat: 'Maximum' })], [
      { label: `alarm ${names.alarm('concurrency')}`, value: (capacity * settings.alarms.concurrencyPercent) / 100 },
    ]), // prettier-ignore
    graph(
      'Error rate (%)',
      [
        lambda('Errors', { id: 'errors', stat: 'Sum', visible: false }),
        lambda('Invocations', { id: 'invocations', stat: 'Sum', visible: false }),
        [{ expression: '100 * errors / invocations', id: 'rate', label: 'invocations that failed' }],
        orders(orderMetrics.failed, { id: 'failed', stat: 'Average', visible: false }),
        [{ expression: '100 * failed', id: 'failedPercent', label: 'orders that failed' }],
        orders(orderMetrics.slow, { id: 'slow', stat: 'Average', visible: false }),
        [{ expression: '100 * slow', id: 'slowPercent', label: 'orders that were slow' }],
      ],
      [{ label: `alarm ${names.alarm('order-failures')}`, value: ratePercent }],
    ),
    graph('Cost of the order function (US dollars, estimate)', [
      lambda('Duration', { id: 'duration', stat: 'Sum', visible: false }),
      lambda('Invocations', { id: 'requests', stat: 'Sum', visible: false }),
      [{ expression: costExpression(settings.memoryMb), id: 'cost', label: 'estimated cost' }],
    ]),
    {
      type: 'log',
      width: 12,
      height: 6,
      properties: {
        title: 'Recent warnings and errors',
        region: input.region,
        view: 'table',
        query: `SOURCE '${names.orderLogGroup}' | fields @timestamp, level, message, correlation_id, order_id | filter level in ["WARN", "ERROR", "CRITICAL"] | sort @timestamp desc | limit 50`,
      },
    },
  ]);
}

/** Metric math over the sums of `duration` (ms) and `requests`, in US dollars: an estimate, the bill is the truth. */
export function costExpression(memoryMb: number): string {
  const perMillisecond = ((memoryMb / 1024) * awsRates.lambdaGigabyteSecond.dollars) / 1000;
  return `duration * ${perMillisecond.toFixed(15)} + requests * ${(awsRates.lambdaRequests.dollars / 1_000_000).toFixed(10)}`;
}

function graphIn(region: string) {
  return (title: string, metrics: readonly MetricRow[], thresholds: readonly Threshold[] = []): Widget => ({
    type: 'metric',
    width: 12,
    height: 6,
    properties: {
      title,
      region,
      view: 'timeSeries',
      stat: 'Sum',
      period: WINDOW_SECONDS,
      metrics,
      ...(thresholds.length > 0 ? { annotations: { horizontal: thresholds } } : {}),
      yAxis: { left: { min: 0 } },
    },
  });
}
