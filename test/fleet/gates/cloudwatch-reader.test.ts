import type { Health } from '../../../contracts/health';
import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { targetAt } from '../../../contracts/target';
import { createCloudWatchClients, type CloudWatchClientsOptions } from '../../../fleet/gates/cloudwatch-clients';
import { cloudwatchReader } from '../../../fleet/gates/cloudwatch-reader';
import type { HealthReader } from '../../../fleet/gates/health-reader';
import type { Clock, GateTarget } from '../../../fleet/ports';

import { awsErrors, FakeCloudWatch, type FakeAlarm, type FakeChange, type FakePlace, type PlantedAnswer } from './fake-cloudwatch';

const ACCOUNT = '200000000001';
const OTHER = '200000000002';
const EARLIER = '2026-11-24T09:00:00.000Z';
const SINCE = '2026-11-24T10:00:00.000Z';
const FIRED = '2026-11-24T10:05:00.000Z';
const CLEARED = '2026-11-24T10:09:00.000Z';
const NOW = '2026-11-24T10:30:10.000Z';
const home = regionSchema.parse('eu-west-1');

const counted = (metric: string) => ({ namespace: 'fleet/orders', metric, dimensions: { FunctionName: 'orders-order' } });
const ORDERS = 'fleet/orders/OrderFailed/FunctionName=orders-order';
const SYNTHETIC = 'fleet/orders/SyntheticOrders/FunctionName=orders-order';
const health: Health = { composites: ['critical'], children: ['failures'], orders: null, synthetic: null };
const asked = (over: Partial<GateTarget> = {}, at: { readonly account?: string; readonly region?: string } = {}): GateTarget => ({
  target: targetAt({
    layer: 'regional',
    account: accountIdSchema.parse(at.account ?? ACCOUNT),
    region: regionSchema.parse(at.region ?? home),
  }),
  health,
  alarmsSince: SINCE,
  redBefore: 'counts',
  ordersSince: null,
  ...over,
});

let aws: FakeCloudWatch;
let place: FakePlace;
let now: Date;
let closing: HealthReader[];
const clock: Clock = { now: () => now, sleep: async () => undefined };
const signal = new AbortController().signal;

/** A reader over the fake; one attempt, since the SDK waits between two. */
function open(over: Partial<CloudWatchClientsOptions> = {}): HealthReader {
  const credentials = { accessKeyId: 'AKIABASE', secretAccessKey: 'secret' };
  const clients = createCloudWatchClients({
    homeRegion: home,
    deployRole: 'fleet/deploy',
    clock,
    credentials,
    endpoint: aws.endpoint,
    maxAttempts: 1,
    ...over,
  });
  const reader = cloudwatchReader(clients, { clock });
  closing.push(reader);
  return reader;
}

const alarm = (name: string, over: Partial<FakeAlarm> = {}): FakeAlarm => ({
  name,
  kind: name === 'critical' ? 'composite' : 'metric',
  state: 'OK',
  changedAt: EARLIER,
  ...over,
});

beforeEach(async () => {
  aws = new FakeCloudWatch();
  await aws.start();
  place = aws.at(ACCOUNT, home);
  place.alarms = [alarm('failures'), alarm('critical'), alarm('of-others', { state: 'ALARM' })];
  // Sessions of the fake end by the machine's time, as the SDK goes by it.
  now = new Date(NOW);
  closing = [];
});

afterEach(async () => {
  await Promise.all(closing.map((reader) => reader.close()));
  await aws.stop();
});

describe('the alarms of a target', () => {
  test('are its composites and their children, and no others', async () => {
    expect(await open().read(asked(), { signal })).toEqual({
      alarms: [
        { name: 'failures', kind: 'metric', state: 'OK', since: '2026-11-24T09:00:00.000Z', red: [] },
        { name: 'critical', kind: 'composite', state: 'OK', since: '2026-11-24T09:00:00.000Z', red: [] },
      ],
      orders: null,
      synthetic: null,
    });
  });

  test('are those that exist: an absent one is left out', async () => {
    place.alarms = [alarm('critical')];

    expect((await open().read(asked(), { signal })).alarms.map(({ name }) => name)).toEqual(['critical']);
  });

  test('are asked for a hundred names at a time, and read page by page', async () => {
    const children = Array.from({ length: 149 }, (_, index) => `child-${index}`);
    place.alarms = [alarm('critical'), ...children.map((name) => alarm(name))];
    aws.pageSize = 40;

    const { alarms } = await open().read(asked({ health: { ...health, children } }), { signal });

    expect(alarms.map(({ name }) => name).sort()).toEqual(['critical', ...children].sort());
    expect(aws.asked('DescribeAlarms').map(({ input }) => (input.AlarmNames as string[]).length)).toEqual([100, 100, 100, 50, 50]);
  });

  test('are asked for once where a name is given twice', async () => {
    const { alarms } = await open().read(asked({ health: { ...health, children: ['failures', 'critical', 'failures'] } }), { signal });

    expect(alarms).toHaveLength(2);
    expect(aws.asked('DescribeAlarms').map(({ input }) => input.AlarmNames)).toEqual([['critical', 'failures']]);
  });

  test.each(['PARTIAL_DATA', 'EVALUATION_ERROR', 'EVALUATION_FAILURE'])(
    'have no data where CloudWatch could not evaluate them: %s',
    async (evaluation) => {
      place.alarms = [alarm('failures', { evaluation }), alarm('critical')];

      expect((await open().read(asked(), { signal })).alarms[0]?.state).toBe('INSUFFICIENT_DATA');
    },
  );

  test('stay red where CloudWatch could not evaluate them', async () => {
    place.alarms = [alarm('failures', { evaluation: 'PARTIAL_DATA', state: 'ALARM' }), alarm('critical')];

    expect((await open().read(asked(), { signal })).alarms[0]).toMatchObject({ state: 'ALARM', red: [{ from: EARLIER, until: null }] });
  });
});

describe('the red times of an alarm', () => {
  const fired: FakeChange = { alarm: 'failures', at: FIRED, from: 'OK', to: 'ALARM' };
  const cleared: FakeChange = { alarm: 'failures', at: CLEARED, from: 'ALARM', to: 'OK' };
  const redOf = async (name = 'failures', over: Partial<GateTarget> = {}) =>
    (await open().read(asked(over), { signal })).alarms.find((one) => one.name === name)?.red;

  test('come from its history, where it has changed since then', async () => {
    place.alarms = [alarm('failures', { changedAt: CLEARED }), alarm('critical')];
    place.changes = [{ ...fired, at: EARLIER }, fired, { ...fired, alarm: 'of-others' }, cleared];

    expect(await redOf()).toEqual([{ from: FIRED, until: CLEARED }]);
    expect(aws.asked('DescribeAlarmHistory').map(({ input }) => input)).toEqual([
      {
        AlarmName: 'failures',
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        HistoryItemType: 'StateUpdate',
        StartDate: Date.parse(SINCE) / 1000,
        ScanBy: 'TimestampAscending',
        MaxRecords: 100,
      },
    ]);
  });

  test('come from the history of a composite too', async () => {
    place.alarms = [alarm('failures'), alarm('critical', { changedAt: CLEARED })];
    place.changes = [{ ...fired, alarm: 'critical' }, { ...cleared, alarm: 'critical' }]; // prettier-ignore

    expect(await redOf('critical')).toEqual([{ from: FIRED, until: CLEARED }]);
  });

  test('come from its history, where it changed in the very instant', async () => {
    place.alarms = [alarm('failures', { changedAt: SINCE }), alarm('critical')];
    place.changes = [{ ...cleared, at: SINCE }];

    expect(await redOf()).toEqual([{ from: SINCE, until: SINCE }]);
  });

  test('come from every page of it', async () => {
    place.alarms = [alarm('failures', { changedAt: CLEARED }), alarm('critical')];
    const instants = Array.from({ length: 6 }, (_, index) => `2026-11-24T10:0${index}:00.000Z`);
    place.changes = instants.map((at, index) => (index % 2 === 0 ? { ...fired, at } : { ...cleared, at }));
    aws.pageSize = 2;

    expect(await redOf()).toHaveLength(3);
    expect(aws.asked('DescribeAlarmHistory').length).toBeGreaterThanOrEqual(3);
  });

  test('need no history where it has not changed since then', async () => {
    place.alarms = [alarm('failures', { state: 'ALARM' }), alarm('critical')];

    expect(await redOf()).toEqual([{ from: EARLIER, until: null }]);
    expect(aws.asked('DescribeAlarmHistory')).toEqual([]);
  });

  test('need no history where only now is asked about', async () => {
    place.alarms = [alarm('failures', { state: 'ALARM', changedAt: FIRED }), alarm('critical', { changedAt: FIRED })];

    expect(await redOf('failures', { alarmsSince: null })).toEqual([{ from: FIRED, until: null }]);
    expect(await redOf('critical', { alarmsSince: null })).toEqual([]);
    expect(aws.asked('DescribeAlarmHistory')).toEqual([]);
  });

  test('are known before the history knows of them', async () => {
    place.alarms = [alarm('failures', { state: 'ALARM', changedAt: FIRED }), alarm('critical')];

    expect(await redOf()).toEqual([{ from: FIRED, until: null }]);
  });
});

describe('orders', () => {
  const traffic = { health: { ...health, orders: counted('OrderFailed'), synthetic: counted('SyntheticOrders') }, ordersSince: SINCE };
  const minute = (text: string, count: number) => ({ at: `2026-11-24T${text}:00.000Z`, count });

  test('are the samples of their metrics since then, the minute under way included', async () => {
    place.samples = {
      [ORDERS]: [minute('09:59', 1000), minute('10:00', 1), minute('10:29', 20), minute('10:30', 300), minute('10:31', 4000)],
      [SYNTHETIC]: [minute('10:05', 7)],
      'fleet/orders/OrderFailed/FunctionName=orders-dead-letter': [minute('10:05', 50_000)],
    };

    expect(await open().read(asked(traffic), { signal })).toMatchObject({ orders: 321, synthetic: 7 });
    expect(aws.asked('GetMetricData').map(({ input }) => [input.StartTime, input.EndTime])).toEqual(
      [0, 1].map(() => [Date.parse(SINCE) / 1000, Date.parse('2026-11-24T10:31:00Z') / 1000]),
    );
  });

  test('are added up over pages that say they are only a part', async () => {
    place.samples = { [ORDERS]: [minute('10:01', 1), minute('10:02', 20), minute('10:03', 300)] };
    aws.pageSize = 1;

    expect(await open().read(asked(traffic), { signal })).toMatchObject({ orders: 321, synthetic: 0 });
  });

  test('are none, without asking, in the minute that they are counted from', async () => {
    now = new Date('2026-11-24T10:00:40Z');

    expect(await open().read(asked({ ...traffic, ordersSince: '2026-11-24T10:00:20Z' }), { signal })).toMatchObject({ orders: 0 });
    expect(aws.asked('GetMetricData')).toEqual([]);
  });

  test.each<[string, Partial<GateTarget>]>([
    ['where they are not asked for', { ...traffic, ordersSince: null }],
    ['where the target takes none', { ...traffic, health }],
  ])('are not counted %s', async (_name, over) => {
    expect(await open().read(asked(over), { signal })).toMatchObject({ orders: null, synthetic: null });
    expect(aws.asked('GetMetricData')).toEqual([]);
  });

  test.each(['PartialData', 'InternalError', 'Forbidden'])('that are not all there reject: %s', async (StatusCode) => {
    aws.plant('GetMetricData', { status: 200, body: { MetricDataResults: [{ Id: 'orders', StatusCode, Values: [500] }] } });

    await expect(open().read(asked(traffic), { signal })).rejects.toMatchObject({ message: expect.stringContaining(StatusCode) as string });
  });
});

describe('a reading', () => {
  test('outlasts throttling', async () => {
    aws.plant('DescribeAlarms', awsErrors.throttled);

    expect((await open({ maxAttempts: 2 }).read(asked(), { signal })).alarms).toHaveLength(2);
    expect(aws.asked('DescribeAlarms')).toHaveLength(2);
  });

  const page = (body: unknown): PlantedAnswer => ({ status: 200, body });
  const state = { StateValue: 'OK', StateUpdatedTimestamp: 1.7e9 };
  test.each<[string, string, PlantedAnswer, RegExp]>([
    ['throttling that does not end', 'DescribeAlarms', awsErrors.throttled, /DescribeAlarms in account 200000000001, eu-west-1 failed: Rate exceeded/],
    ['a server error', 'DescribeAlarms', awsErrors.internal, /DescribeAlarms .* failed: internal error/],
    ['a server error without an answer', 'DescribeAlarms', { status: 503, body: '' }, /DescribeAlarms .* failed/],
    ['a page of another server', 'DescribeAlarms', { status: 200, body: '<html>Sign in</html>' }, /DescribeAlarms .* failed/],
    ['a page that breaks off', 'DescribeAlarms', { status: 200, body: '{"MetricAlarms":[' }, /DescribeAlarms .* failed/],
    ['an alarm without a name', 'DescribeAlarms', page({ MetricAlarms: [state] }), /no state that can be understood/],
    ['an alarm without a state', 'DescribeAlarms', page({ MetricAlarms: [{ AlarmName: 'a' }] }), /alarm a has no state/],
    ['a state that is not known', 'DescribeAlarms', page({ CompositeAlarms: [{ ...state, AlarmName: 'a', StateValue: 'RED' }] }), /RED/],
    ['a state without its beginning', 'DescribeAlarms', page({ MetricAlarms: [{ AlarmName: 'a', StateValue: 'OK' }] }), /alarm a has no state/],
    ['access denied', 'DescribeAlarms', awsErrors.denied, /DescribeAlarms .* failed: not authorized/],
    ['access denied to the history', 'DescribeAlarmHistory', awsErrors.denied, /DescribeAlarmHistory .* failed: not authorized/],
    ['a history that cannot be understood', 'DescribeAlarmHistory', page({ AlarmHistoryItems: [{ Timestamp: 1.7e9, HistoryData: '{}' }] }), /state change of alarm failures/],
    ['a change without its time', 'DescribeAlarmHistory', page({ AlarmHistoryItems: [{ HistoryData: '{}' }] }), /state change of alarm failures/],
    ['access denied to metrics', 'GetMetricData', awsErrors.denied, /GetMetricData .* failed: not authorized/],
    ['an answer without the metric', 'GetMetricData', page({ MetricDataResults: [] }), /GetMetricData .* lacks the metric/],
    ['no metrics at all', 'GetMetricData', page({}), /GetMetricData .* lacks the metric/],
    ['a lost answer', 'DescribeAlarms', 'hang', /DescribeAlarms .* failed: .*timeout/i],
    ['an answer that stalls', 'GetMetricData', 'stall', /GetMetricData .* failed/],
  ])('rejects for %s', async (_name, operation, answer, message) => {
    place.alarms = [alarm('failures', { changedAt: FIRED }), alarm('critical')];
    aws.plant(operation, answer);
    const reading = open({ requestTimeoutMs: 300 }).read(asked({ health: { ...health, orders: counted('OrderFailed') }, ordersSince: SINCE }), { signal });

    await expect(reading).rejects.toMatchObject({ name: 'FleetError', source: 'aws', message: expect.stringMatching(message) as string });
  }, 10_000); // prettier-ignore

  test('rejects where pages go in a circle', async () => {
    const circle = { status: 200, body: { MetricAlarms: [], NextToken: 'again' } };
    aws.plant('DescribeAlarms', circle, circle);

    await expect(open().read(asked(), { signal })).rejects.toMatchObject({ message: expect.stringContaining('page token') as string });
  });

  test('rejects for a role that may not be assumed, naming it', async () => {
    aws.trusted = [OTHER];

    await expect(open().read(asked(), { signal })).rejects.toMatchObject({
      code: 'aws/AccessDenied',
      message: expect.stringMatching(/^sts:AssumeRole of arn:aws:iam::200000000001:role\/fleet\/preview failed: not authorized/) as string,
    });
    expect(aws.asked('DescribeAlarms')).toEqual([]);
  });

  test('rejects for a target whose outputs do not tell what to read', async () => {
    await expect(open().read(asked({ health: null }), { signal })).rejects.toThrow('do not tell what to read');
  });

  test('stops where it is told to', async () => {
    const controller = new AbortController();
    aws.plant('DescribeAlarms', 'hang');
    const reading = open().read(asked(), { signal: controller.signal });
    controller.abort();

    await expect(reading).rejects.toMatchObject({ code: 'aws/AbortError' });
  });
});

describe('sessions', () => {
  const read = async (reader: HealthReader, ...places: readonly (readonly [string, string])[]) => {
    await Promise.all(places.map(([account, region]) => reader.read(asked({}, { account, region }), { signal })));
  };
  const assumed = () => aws.asked('AssumeRole').map(({ input }) => input.RoleArn);

  beforeEach(() => {
    now = new Date();
  });

  test('are one an account, shared by its regions, and each region is asked itself', async () => {
    await read(open(), [ACCOUNT, 'eu-west-1'], [ACCOUNT, 'us-east-1'], [OTHER, 'eu-west-1'], [ACCOUNT, 'eu-west-1']);

    expect(assumed().sort()).toEqual([ACCOUNT, OTHER].map((account) => `arn:aws:iam::${account}:role/fleet/preview`));
    expect(new Set(aws.asked('DescribeAlarms').map(({ account, region }) => `${account} ${region}`))).toEqual(
      new Set([`${ACCOUNT} eu-west-1`, `${ACCOUNT} us-east-1`, `${OTHER} eu-west-1`]),
    );
  });

  test('are made with the role that was named', async () => {
    await expect(read(open({ role: 'other/reader' }), [ACCOUNT, 'eu-west-1'])).rejects.toThrow();

    expect(assumed()).toEqual([`arn:aws:iam::${ACCOUNT}:role/other/reader`]);
  });

  test('are tried again after one could not be made', async () => {
    const reader = open();
    aws.trusted = [];
    await expect(read(reader, [ACCOUNT, 'eu-west-1'])).rejects.toThrow();
    aws.trusted = [ACCOUNT];

    await read(reader, [ACCOUNT, 'eu-west-1']);

    expect(assumed()).toHaveLength(2);
  });
});
