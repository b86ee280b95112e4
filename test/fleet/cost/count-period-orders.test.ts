import { GetMetricDataCommand, CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';

import { regionSchema } from '../../../contracts/ids';
import { targetSchema } from '../../../contracts/target';
import { cloudwatchOrders } from '../../../fleet/cost/cloudwatch-orders';
import { countPeriodOrders } from '../../../fleet/cost/count-period-orders';
import { sandboxOrders } from '../../../fleet/cost/sandbox-orders';
import type { Message } from '../../../fleet/ports';
import { systemClock } from '../../../fleet/system-clock';

import { organizationWith } from './cost-fixture';

const { signal } = new AbortController();
const metric = { namespace: 'fleet/orders', metric: 'OrderFailed', dimensions: { function: 'orders-order' } };
const takerAt = (id: string) => ({ target: targetSchema.parse(id), metric });
const first = takerAt('regional/200000000001/eu-west-1');
const second = takerAt('regional/200000000002/eu-west-1');
const period = { from: '2026-11-01', to: '2026-11-02' };

test('a target that cannot be asked is warned about by name, and the others are counted', async () => {
  const told: Message[] = [];
  const source = {
    count: async ({ target }: typeof first) => {
      if (target.id === second.target.id) throw new Error('no answer');
      return 7;
    },
    close: () => Promise.resolve(),
  };
  const counted = await countPeriodOrders([first, second], source, {
    period,
    signal,
    reporter: { report: (message) => told.push(message) },
  });

  expect(counted).toEqual({ places: [{ account: '200000000001', region: 'eu-west-1', orders: 7 }], notRead: 1 });
  expect(told).toMatchObject([{ level: 'warning', code: 'orders-not-counted', target: second.target.id, message: /no answer/ }].map(({ message: _, ...of }) => of)); // prettier-ignore
});

test('CloudWatch is asked for whole days, and its pages are added up', async () => {
  const aws = mockClient(CloudWatchClient);
  const result = (Values: number[], StatusCode: 'Complete' | 'PartialData') => ({
    MetricDataResults: [{ Id: 'orders', Values, StatusCode }],
  });
  aws
    .on(GetMetricDataCommand)
    .resolvesOnce({ ...result([5, 6], 'PartialData'), NextToken: 'more' })
    .resolvesOnce(result([7], 'Complete'));
  const source = cloudwatchOrders({ deployRole: 'fleet/deploy', homeRegion: regionSchema.parse('eu-west-1'), clock: systemClock });

  expect(await source.count(first, period, { signal })).toBe(18);
  expect(aws.commandCalls(GetMetricDataCommand)[0]?.args[0].input).toMatchObject({
    StartTime: new Date('2026-11-01T00:00:00Z'),
    EndTime: new Date('2026-11-03T00:00:00Z'),
    MetricDataQueries: [{ MetricStat: { Period: 86_400, Stat: 'SampleCount', Metric: { MetricName: 'OrderFailed' } } }],
  });
  aws.on(GetMetricDataCommand).resolves(result([1], 'PartialData'));
  await expect(source.count(first, period, { signal })).rejects.toThrow(
    /cloudwatch:GetMetricData in account 200000000001, eu-west-1 failed/,
  );
  await source.close();
});

describe('orders of a simulated organisation', () => {
  const now = () => new Date('2026-11-02T12:00:00Z');

  test('are those of its ledger, by day and place', async () => {
    const order = (day: string, account: string, count: number) => ({ day, account, region: 'eu-west-1', count });
    const orders = [order('2026-10-31', '200000000001', 1), order('2026-11-01', '200000000001', 2), order('2026-11-02', '200000000001', 4), order('2026-11-02', '200000000002', 8)]; // prettier-ignore
    const source = sandboxOrders(organizationWith({ orders }), { now });
    expect(await source.count(first, period, { signal })).toBe(6);
  });

  test('are what traffic sends, as far as the days have passed', async () => {
    const source = sandboxOrders(organizationWith({}), { now });
    expect(await source.count(first, period, { signal })).toBe(600 * 60 * 36);
    expect(await source.count(first, { from: '2026-11-03', to: '2026-11-04' }, { signal })).toBe(0);
  });
});
