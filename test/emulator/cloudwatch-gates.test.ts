import {
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type CloudWatchClient,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';

import type { Health } from '../../contracts/health';
import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { targetAt, type Target } from '../../contracts/target';
import { createCloudWatchClients, type CloudWatchClients } from '../../fleet/gates/cloudwatch-clients';
import { openCloudWatchGates } from '../../fleet/gates/open-cloudwatch-gates';
import type { GateQuestion, Gates, GateTarget } from '../../fleet/ports';
import { systemClock } from '../../fleet/system-clock';
import { describeWithMoto } from '../helpers/engine-tier';

import { motoServer } from './moto-server';

/**
 * What moto has of what the gates ask: AssumeRole into separate accounts, metric alarms and their states, sample counts. It has neither
 * composite alarms, alarm history nor paging: test/fleet/gates/ answers for these with the wire protocol.
 */
const endpoint = motoServer();
const home = regionSchema.parse('eu-west-1');
const MINUTE = 60_000;
const FUNCTION: Readonly<Record<string, string>> = { FunctionName: 'orders-order' };

let accounts = 200000000000;
let seeding: CloudWatchClients;
let gates: Gates;

beforeEach(() => {
  const options = {
    homeRegion: home,
    deployRole: 'fleet/deploy',
    clock: systemClock,
    endpoint: endpoint(),
    credentials: { accessKeyId: 'AKIABASE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  seeding = createCloudWatchClients({ ...options, role: 'fleet/deploy' });
  gates = openCloudWatchGates({ ...options, attempts: 1 });
});

afterEach(async () => {
  seeding.close();
  await gates.close();
});

/** A target of an account that no other test has. */
function newTarget(): Target {
  return targetAt({ layer: 'regional', account: accountIdSchema.parse(String(++accounts)), region: home });
}

const inRegion = (target: Target, region: string) =>
  targetAt({ layer: 'regional', account: target.account, region: regionSchema.parse(region) });

async function putAlarms(cloudwatch: CloudWatchClient, states: Readonly<Record<string, StateValue>>): Promise<void> {
  for (const [AlarmName, StateValue] of Object.entries(states)) {
    const metric = { Namespace: 'fleet/orders', MetricName: 'OrderFailed', Statistic: 'Average', Period: 60 } as const;
    const rule = { EvaluationPeriods: 1, Threshold: 0.01, ComparisonOperator: 'GreaterThanOrEqualToThreshold' } as const;
    await cloudwatch.send(new PutMetricAlarmCommand({ AlarmName, ...metric, ...rule }));
    await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'planted' }));
  }
}

async function putOrders(cloudwatch: CloudWatchClient, orders: number, { minutesAgo = 1, dimensions = FUNCTION } = {}) {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Timestamp = new Date(Date.now() - minutesAgo * MINUTE);
  const StatisticValues = { SampleCount: orders, Sum: 0, Minimum: 0, Maximum: 0 };
  await cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: 'fleet/orders',
      MetricData: [{ MetricName: 'OrderFailed', Dimensions, Timestamp, StatisticValues }],
    }),
  );
}

const health = (children: readonly string[], orders: Health['orders'] = null): Health => ({
  composites: [],
  children,
  orders,
  synthetic: null,
});
const asked = (target: Target, over: Partial<GateTarget> = {}): GateTarget => ({
  target,
  health: health(['failures']),
  alarmsSince: null,
  redBefore: 'counts',
  ordersSince: null,
  ...over,
});
const ask = (targets: readonly GateTarget[], over: Partial<GateQuestion> = {}) =>
  gates.ask(
    { demand: 'healthy', targets, minOrders: 0, countSynthetic: false, accepted: [], ...over },
    { signal: new AbortController().signal },
  );

describeWithMoto('gates over CloudWatch', () => {
  test.each<[StateValue, string]>([
    ['OK', 'pass'],
    ['ALARM', 'fail'],
    ['INSUFFICIENT_DATA', 'inconclusive'],
  ])('judge an alarm in state %s', async (state, verdict) => {
    const target = newTarget();
    await putAlarms(seeding.at(target), { slow: 'OK', failures: state });

    expect(await ask([asked(target, { health: health(['slow', 'failures']) })])).toMatchObject({ verdict });
  });

  test('keep accounts apart, and the regions of one account', async () => {
    const first = newTarget();
    const second = newTarget();
    const abroad = inRegion(first, 'us-east-1');
    await putAlarms(seeding.at(first), { failures: 'OK' });
    await putAlarms(seeding.at(second), { failures: 'OK' });
    await putAlarms(seeding.at(abroad), { failures: 'ALARM' });

    const answer = await ask([asked(first), asked(second), asked(abroad)]);

    expect(answer.red.map(({ target, alarm, cleared }) => [target, alarm, cleared])).toEqual([[abroad.id, 'failures', false]]);
    expect((await ask([asked(first), asked(second)])).verdict).toBe('pass');
  });

  test('know since when an alarm is red', async () => {
    const target = newTarget();
    const before = Date.now();
    await putAlarms(seeding.at(target), { failures: 'ALARM' });

    const since = Date.parse((await ask([asked(target)])).red[0]?.since ?? '');

    expect(since).toBeGreaterThanOrEqual(before - 1000);
    expect(since).toBeLessThanOrEqual(Date.now());
  });

  test('take an alarm that is absent for an error', async () => {
    const target = newTarget();
    await putAlarms(seeding.at(target), { failures: 'OK' });

    expect(await ask([asked(target, { health: health(['failures', 'gone']) })])).toMatchObject({
      verdict: 'error',
      reason: `health is not known: alarm gone of ${target.id} does not exist`,
    });
  });

  test('read more alarms than one request may name', async () => {
    const target = newTarget();
    const names = Array.from({ length: 120 }, (_, index) => `alarm-${index}`);
    await putAlarms(seeding.at(target), Object.fromEntries(names.map((name) => [name, 'OK'])));

    expect(await ask([asked(target, { health: health(names) })])).toMatchObject({
      verdict: 'pass',
      reason: '120 alarms of 1 target green',
    });
  });

  test('count the orders since then of this function, whatever minute they fell into', async () => {
    const orders = { namespace: 'fleet/orders', metric: 'OrderFailed', dimensions: FUNCTION };
    const target = newTarget();
    const cloudwatch = seeding.at(target);
    await putAlarms(cloudwatch, { failures: 'OK' });
    await putOrders(cloudwatch, 5, { minutesAgo: 3 });
    await putOrders(cloudwatch, 70);
    await putOrders(cloudwatch, 1000, { minutesAgo: 20 });
    await putOrders(cloudwatch, 2000, { dimensions: { FunctionName: 'other' } });
    await putOrders(cloudwatch, 4000, { dimensions: { ...FUNCTION, version: '7' } });
    const counting = asked(target, { health: health(['failures'], orders), ordersSince: new Date(Date.now() - 10 * MINUTE).toISOString() });

    expect(await ask([counting], { minOrders: 75 })).toMatchObject({ verdict: 'pass', orders: 75 });
    expect(await ask([counting], { minOrders: 76 })).toMatchObject({ verdict: 'inconclusive', orders: 75 });
  });

  test('are in error where the history of an alarm cannot be read, though it is green now', async () => {
    const target = newTarget();
    const alarmsSince = new Date(Date.now() - MINUTE).toISOString();
    await putAlarms(seeding.at(target), { failures: 'OK' });

    const answer = await ask([asked(target, { alarmsSince })]);

    expect(answer).toMatchObject({ verdict: 'error', reason: expect.stringContaining('cloudwatch:DescribeAlarmHistory') as string });
  });
});
