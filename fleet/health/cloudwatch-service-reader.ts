import { GetMetricDataCommand, type MetricDataQuery, type MetricDataResult } from '@aws-sdk/client-cloudwatch';

import type { OrderCount } from '../../contracts/health';
import { sdkFailure } from '../aws/sdk-error';
import { allPages } from '../discovery/pages';
import type { CloudWatchClients } from '../gates/cloudwatch-clients';
import type { Clock } from '../ports';

import type { ServiceReader } from './service-reader';

/** Up to this long five minutes are asked for, beyond it hours: 720 points of 30 days in place of 8,640. */
const FINE_SECONDS = 6 * 3600;
const FINE_PERIOD = 300;
const COARSE_PERIOD = 3600;

const series = [
  { key: 'orders', metric: 'failed', stat: 'SampleCount' },
  { key: 'failed', metric: 'failed', stat: 'Sum' },
  { key: 'slow', metric: 'slow', stat: 'Sum' },
  { key: 'invocations', metric: 'errors', stat: 'SampleCount' },
  { key: 'errors', metric: 'errors', stat: 'Sum' },
] as const;

/** Metrics of `GetMetricData` that one target takes: CloudWatch bills them ($0.01 for 1,000). */
export const PAID_METRICS_PER_TARGET = series.length * 2;

interface Point {
  readonly at: number;
  readonly value: number;
}

/** Counts orders by `GetMetricData` in the target's own account and region. Whole periods count: the one under way is left out. */
export function cloudwatchServiceReader(clients: CloudWatchClients, { clock }: { readonly clock: Clock }): ServiceReader {
  return {
    read: async (target, metrics, { windows, signal }) => {
      const now = clock.now().getTime();
      const longest = Math.max(...windows);
      const ask = async (period: number, seconds: number) => {
        const until = Math.floor(now / 1000 / period) * period * 1000;
        const queries = series.map(({ key, metric, stat }): MetricDataQuery => ({
          Id: key,
          MetricStat: { Metric: metricOf(metrics[metric]), Period: period, Stat: stat },
        }));
        try {
          const results = await allPages(async (NextToken) => {
            const page = await clients.at(target).send(
              new GetMetricDataCommand({
                MetricDataQueries: queries,
                StartTime: new Date(until - seconds * 1000),
                EndTime: new Date(until),
                NextToken,
              }),
              { abortSignal: signal },
            );
            return { items: page.MetricDataResults, next: page.NextToken };
          });
          return { until, points: pointsOf(results) };
        } catch (cause) {
          signal.throwIfAborted();
          throw sdkFailure(cause, {
            what: `cloudwatch:GetMetricData in account ${target.account}, ${target.region}`,
            refused: 'let the preview role read metrics there',
          });
        }
      };
      const fine = await ask(FINE_PERIOD, Math.min(longest, FINE_SECONDS));
      const coarse = longest > FINE_SECONDS ? await ask(COARSE_PERIOD, longest) : fine;
      return windows.map((seconds) => {
        const { until, points } = seconds <= FINE_SECONDS ? fine : coarse;
        const from = until - seconds * 1000;
        const sum = (key: (typeof series)[number]['key']) =>
          (points.get(key) ?? []).reduce((total, { at, value }) => (at >= from ? total + value : total), 0);
        const first = Math.min(...(points.get('orders') ?? []).filter(({ at }) => at >= from).map(({ at }) => at));
        return {
          orders: sum('orders'),
          failed: sum('failed'),
          slow: sum('slow'),
          invocations: sum('invocations'),
          errors: sum('errors'),
          coveredSeconds: Number.isFinite(first) ? (until - first) / 1000 : 0,
        };
      });
    },
  };
}

function metricOf({ namespace, metric, dimensions }: OrderCount) {
  return { Namespace: namespace, MetricName: metric, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) };
}

/** Throws where CloudWatch did not give all of a series: a part of a count is no count. */
function pointsOf(results: readonly MetricDataResult[]): ReadonlyMap<string, readonly Point[]> {
  const points = new Map<string, Point[]>();
  const last = new Map<string, string | undefined>();
  for (const { Id = '', Timestamps = [], Values = [], StatusCode } of results) {
    last.set(Id, StatusCode);
    if (StatusCode !== 'Complete' && StatusCode !== 'PartialData') throw new Error(`metric ${Id} has status ${StatusCode}`);
    points.set(Id, [...(points.get(Id) ?? []), ...Timestamps.map((at, index) => ({ at: at.getTime(), value: Values[index] ?? 0 }))]);
  }
  for (const { key } of series)
    if (last.get(key) !== 'Complete') throw new Error(`metric ${key} is not complete: ${last.get(key) ?? 'absent'}`);
  return points;
}
