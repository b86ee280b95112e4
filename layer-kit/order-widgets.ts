import { awsRates } from '../contracts/aws-rates';
import type { RegionalNames } from '../contracts/names';
import { metricDimensions, orderMetrics, WINDOW_SECONDS } from '../contracts/telemetry';
import type { MetricRow, Threshold, Widget } from './dashboard';

/** Which order system is shown, and what is known of it. */
export interface OrderWidgetsInput {
  readonly names: RegionalNames;
  readonly region: string;
  /** Null: the dashboard's own account. */
  readonly account: string | null;
  /** Where alarms of the target begin; null: they differ from target to target. */
  readonly thresholds: OrderThresholds | null;
  /** Memory of the order function that its cost is estimated with. */
  readonly memoryMb: number;
}

/** Where alarms begin that a graph can show. */
export interface OrderThresholds {
  readonly errorRatePercent: number;
  readonly slowOrderPercent: number;
  readonly concurrency: number;
}

/** The eight widgets of the requirements over one order system. */
export function orderWidgets(input: OrderWidgetsInput): readonly Widget[] {
  const { names, thresholds, account, region } = input;
  const here = account === null ? {} : { accountId: account };
  const metricRow =
    (namespace: string, functionName: string) =>
    (metric: string, options: RowOptions): MetricRow => [
      namespace,
      metric,
      metricDimensions.functionName,
      functionName,
      { ...here, ...options },
    ];
  const lambda = metricRow('AWS/Lambda', names.orderFunction);
  const orders = metricRow(names.metricNamespace, names.orderFunction);
  const deadLetters = metricRow(names.metricNamespace, names.deadLetterFunction);
  const line = (kinds: readonly string[], value: (known: OrderThresholds) => number): readonly Threshold[] =>
    thresholds === null ? [] : [{ label: `alarm ${kinds.map(names.alarm).join(', ')}`, value: value(thresholds) }];
  const graph = graphIn(region);

  return [
    graph('Invocations', [lambda('Invocations', { stat: 'Sum' })]),
    graph(
      'Errors and dead letters',
      [lambda('Errors', { stat: 'Sum' }), deadLetters(orderMetrics.deadLetters, { stat: 'Sum', label: 'dead letters' })],
      line(['dead-letters'], () => 1),
    ),
    graph(
      'Duration (ms)',
      ['Average', 'p50', 'p90', 'p99', 'Maximum'].map((stat) => lambda('Duration', { stat, label: stat })),
    ),
    graph('Throttles', [lambda('Throttles', { stat: 'Sum' })]),
    graph(
      'Concurrent executions',
      [lambda('ConcurrentExecutions', { stat: 'Maximum' })],
      line(['concurrency'], ({ concurrency }) => concurrency),
    ),
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
      [
        ...line(['errors', 'order-failures'], ({ errorRatePercent }) => errorRatePercent),
        ...line(['slow-orders'], ({ slowOrderPercent }) => slowOrderPercent),
      ],
    ),
    graph('Cost of the order function (US dollars, estimate)', [
      lambda('Duration', { id: 'duration', stat: 'Sum', visible: false }),
      lambda('Invocations', { id: 'requests', stat: 'Sum', visible: false }),
      [{ expression: costExpression(input.memoryMb), id: 'cost', label: `estimated cost at ${input.memoryMb} MB` }],
    ]),
    {
      type: 'log',
      width: 12,
      height: 6,
      properties: {
        title: 'Recent warnings and errors',
        region,
        view: 'table',
        query: `SOURCE '${logSource(input)}' | fields @timestamp, level, message, correlation_id, order_id | filter level in ["WARN", "ERROR", "CRITICAL"] | sort @timestamp desc | limit 50`,
      },
    },
  ];
}

type RowOptions = Readonly<Record<string, string | boolean>>;

/** Log groups of another account are named by their ARN. */
function logSource({ names, account, region }: OrderWidgetsInput): string {
  return account === null ? names.orderLogGroup : `arn:aws:logs:${region}:${account}:log-group:${names.orderLogGroup}`;
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
