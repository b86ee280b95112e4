import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import type { MetricQuery } from '../../../contracts/metric-query';
import { readAlarmArn } from '../../../fleet/dashboards/alarm-names';
import { cloudwatchMetricSource } from '../../../fleet/dashboards/cloudwatch-metric-source';

const cloudwatch = mockClient(CloudWatchClient);
const account = accountIdSchema.parse('100000000003');
const region = regionSchema.parse('eu-west-1');
const now = new Date('2026-11-24T12:00:00Z');
const signal = new AbortController().signal;
const at = jest.fn(() => new CloudWatchClient({ region }));
const clock = { now: () => now, sleep: () => Promise.resolve() };
const source = cloudwatchMetricSource({ at, role: 'fleet/preview', close: () => undefined }, { clock });
const metric = (id: string, more: Partial<MetricQuery> = {}): MetricQuery => ({
  id,
  label: null,
  visible: true,
  period: 300,
  of: { kind: 'metric', account: accountIdSchema.parse('200000000001'), namespace: 'N', metric: 'M', dimensions: { F: 'a' }, stat: 'p99' },
  ...more,
});
const ask = async (...queries: readonly MetricQuery[]) => source.ask({ account, region, seconds: 3600, queries }, { signal });
const time = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

describe('metrics from CloudWatch', () => {
  beforeEach(() => cloudwatch.reset());

  test('are asked in the region and with the account of the dashboard, rows as they are written', async () => {
    cloudwatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
    await ask(
      metric('a', { visible: false, label: 'A' }),
      metric('b', { of: { kind: 'expression', expression: 'a * 2' } }),
      metric('c', { of: { kind: 'expression', expression: 'SELECT AVG(M) FROM "N"' } }),
    );
    expect(at).toHaveBeenCalledWith(expect.objectContaining({ account, region }));
    expect(cloudwatch.commandCalls(GetMetricDataCommand)[0]?.args[0].input).toMatchObject({
      StartTime: time(-60),
      EndTime: now,
      MetricDataQueries: [
        { Id: 'a', Label: 'A', ReturnData: false, AccountId: '200000000001', MetricStat: { Metric: { Namespace: 'N', MetricName: 'M', Dimensions: [{ Name: 'F', Value: 'a' }] }, Period: 300, Stat: 'p99' } },
        { Id: 'b', ReturnData: true, Expression: 'a * 2' },
        { Id: 'c', ReturnData: true, Expression: 'SELECT AVG(M) FROM "N"', Period: 300 },
      ],
    }); // prettier-ignore
  });

  test('come in pages and in several series', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce({ NextToken: 'more', MetricDataResults: [{ Id: 'a', Label: 'x', StatusCode: 'PartialData', Timestamps: [time(-10)], Values: [1] }] })
      .resolvesOnce({ MetricDataResults: [{ Id: 'a', Label: 'x', StatusCode: 'Complete', Timestamps: [time(-5)], Values: [2] }, { Id: 'a', Label: 'y', StatusCode: 'Complete', Timestamps: [], Values: [] }] }); // prettier-ignore
    const [before, after] = [time(-10).getTime(), time(-5).getTime()];
    expect(await ask(metric('a'))).toEqual(
      new Map([['a', { kind: 'series', series: [{ label: 'x', period: 300, points: [{ at: before, value: 1 }, { at: after, value: 2 }] }, { label: 'y', period: 300, points: [] }] }]]),
    ); // prettier-ignore
  });

  test.each(['InternalError', 'Forbidden', 'PartialData'] as const)('with status %s are not evaluated', async (StatusCode) => {
    cloudwatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Id: 'a', StatusCode, Timestamps: [], Values: [] }] });
    expect((await ask(metric('a'))).get('a')).toMatchObject({ kind: 'not evaluated' });
  });

  test('of more than 500 plain rows take several calls', async () => {
    cloudwatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
    const answers = await ask(...Array.from({ length: 501 }, (_, index) => metric(`m${index}`)));
    expect(answers.size).toBe(501);
    expect(cloudwatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input.MetricDataQueries?.length)).toEqual([500, 1]);
  });

  test('that are refused reject with what was asked and of whom', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .rejects(Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }));
    await expect(ask(metric('a'))).rejects.toThrow(
      /^cloudwatch:GetMetricData in account 100000000003, eu-west-1 failed: no; see that the role/,
    );
  });

  test('alarms: their state, and those that are not there', async () => {
    cloudwatch.on(DescribeAlarmsCommand).resolves({ CompositeAlarms: [{ AlarmName: 'one', StateValue: 'ALARM', AlarmDescription: 'd' }] });
    const arn = (name: string) => `arn:aws:cloudwatch:eu-west-1:100000000003:alarm:${name}`;
    const names = ['one', 'two'].flatMap((name) => readAlarmArn(arn(name)) ?? []);
    expect(await source.alarms(names, { signal })).toEqual(
      new Map<string, unknown>([
        [arn('one'), { kind: 'state', state: 'ALARM', description: 'd' }],
        [arn('two'), { kind: 'not evaluated', reason: 'there is no such alarm' }],
      ]),
    );
  });
});
