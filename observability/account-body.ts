import type { RegionalNames } from '../contracts/names';
import { metricDimensions, orderMetrics, WINDOW_SECONDS } from '../contracts/telemetry';
import { dashboardBody, type MetricRow, type Widget } from '../layer-kit/dashboard';
import type { RegionPart } from './overview-body';

/** What the dashboard of one account shows. */
export interface AccountBodyInput {
  /** Line of links to the other dashboards. */
  readonly navigation: string;
  /** Names inside a target; those of its functions and queues are the same in every account. */
  readonly names: Pick<RegionalNames, 'orderFunction' | 'deadLetterFunction' | 'orderQueue' | 'metricNamespace'>;
  readonly parts: readonly RegionPart[];
}

/**
 * Body of the dashboard of one account in all its regions. The account is chosen above: one dashboard for the fleet, not one for each account,
 * which would cost $3 a month each.
 */
export function accountBody({ navigation, names, parts }: AccountBodyInput): string {
  const accounts = new Map(
    parts
      .flatMap(({ members }) => members ?? [])
      .sort((left, right) => (left.account < right.account ? -1 : 1))
      .map(({ account, name }) => [account, name]),
  );
  const [first] = accounts.keys();
  if (first === undefined) return dashboardBody([text(`${navigation}\n\nNo target is deployed yet.`)]);
  const regions = [...new Set(parts.map(({ region }) => region))];
  const values = [...accounts].map(([value, name]) => ({ value, label: `${name} (${value})` }));
  return dashboardBody(
    [text(`${navigation}\n\n# Account ${first} in all its regions`), ...regions.flatMap((region) => regionWidgets(region, { account: first, names }))],
    [{ id: 'account', label: 'Account', text: first, values }],
  ); // prettier-ignore
}

type RowOptions = Readonly<Record<string, string>>;

function regionWidgets(
  region: string,
  { account, names }: { readonly account: string; readonly names: AccountBodyInput['names'] },
): readonly Widget[] {
  const of = (metric: readonly [string, string], dimension: readonly [string, string], options: RowOptions): MetricRow => [
    ...[...metric, ...dimension, { accountId: account, ...options }],
  ];
  const orders = [metricDimensions.functionName, names.orderFunction] as const;
  const deadLetters = [metricDimensions.functionName, names.deadLetterFunction] as const;
  const { metricNamespace: ours } = names;
  return [
    graph(region, { title: 'shares of orders', stat: 'Average', rows: [of([ours, orderMetrics.failed], orders, { label: 'failed' }), of([ours, orderMetrics.slow], orders, { label: 'slow' })] }),
    graph(region, { title: 'orders, synthetic ones, dead letters', stat: 'Sum', rows: [of([ours, orderMetrics.failed], orders, { label: 'orders', stat: 'SampleCount' }), of([ours, orderMetrics.synthetic], orders, { label: 'synthetic' }), of([ours, orderMetrics.deadLetters], deadLetters, { label: 'dead letters' })] }),
    graph(region, { title: 'age of the oldest order waiting (s)', stat: 'Maximum', rows: [of(['AWS/SQS', 'ApproximateAgeOfOldestMessage'], ['QueueName', names.orderQueue], { label: 'age' })] }),
  ]; // prettier-ignore
}

function graph(region: string, shown: { readonly title: string; readonly stat: string; readonly rows: readonly MetricRow[] }): Widget {
  return {
    type: 'metric',
    width: 8,
    height: 6,
    properties: {
      title: `${region}: ${shown.title}`,
      region,
      view: 'timeSeries',
      stat: shown.stat,
      period: WINDOW_SECONDS,
      metrics: shown.rows,
      yAxis: { left: { min: 0 } },
    },
  };
}

function text(markdown: string): Widget {
  return { type: 'text', width: 24, height: 3, properties: { markdown } };
}
