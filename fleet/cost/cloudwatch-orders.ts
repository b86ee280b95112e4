import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';

import { sdkFailure } from '../aws/sdk-error';
import { allPages } from '../discovery/pages';
import { createCloudWatchClients, type CloudWatchClientsOptions } from '../gates/cloudwatch-clients';
import { sumOfPages } from '../gates/count-orders';

import { addDays } from './days';
import type { OrderSource } from './order-source';

const DAY_SECONDS = 86_400;

/** Orders as CloudWatch counted them, in each target's own account and region; it keeps days for 15 months. Loads the AWS SDK: import it late. */
export function cloudwatchOrders(options: CloudWatchClientsOptions): OrderSource {
  const clients = createCloudWatchClients(options);
  return {
    count: async ({ target, metric }, period, { signal }) => {
      const Dimensions = Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value }));
      const Metric = { Namespace: metric.namespace, MetricName: metric.metric, Dimensions };
      const input = {
        MetricDataQueries: [{ Id: 'orders', MetricStat: { Metric, Period: DAY_SECONDS, Stat: 'SampleCount' } }],
        StartTime: new Date(`${period.from}T00:00:00Z`),
        EndTime: new Date(`${addDays(period.to, 1)}T00:00:00Z`),
      };
      try {
        const pages = await allPages(async (NextToken) => {
          const page = await clients.at(target).send(new GetMetricDataCommand({ ...input, NextToken }), { abortSignal: signal });
          return { items: page.MetricDataResults, next: page.NextToken };
        });
        return sumOfPages(pages.filter(({ Id }) => Id === 'orders'));
      } catch (cause) {
        const what = `cloudwatch:GetMetricData in account ${target.account}, ${target.region}`;
        throw sdkFailure(cause, { what, refused: 'see that the role may call it' });
      }
    },
    close: async () => clients.close(),
  };
}
