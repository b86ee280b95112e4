import type { OrderBlock } from '../../contracts/regional';

import { DeployedTarget, type Planted } from './deployed-target';

type Traffic = Omit<NonNullable<Planted['traffic']>[number], 'target'>;

const everywhere = (traffic: Traffic): Planted => ({ traffic: [{ target: 'regional/**', ...traffic }] });

/** What the requirements ask each alarm to see, in their own numbers: one window is five minutes, which pass in one real second. */
interface Sight {
  readonly alarm: string;
  readonly severity: 'critical' | 'warning';
  readonly red: Traffic;
  readonly green: readonly Traffic[];
  /** Windows in a row after which it is red. */
  readonly windows: number;
}

/** With two versions that share the orders, nine of ten taken by the older one. */
const byDefault: readonly Sight[] = [
  // 1 % of the orders of both versions together, and of the newer one's own.
  { alarm: 'order-failures', severity: 'critical', red: { failPercent: 1.12, versionOnTrialFailPercent: 0 }, green: [{ failPercent: 1.1, versionOnTrialFailPercent: 0 }, { failPercent: 1 }], windows: 1 }, // prettier-ignore
  { alarm: 'version-failures', severity: 'critical', red: { versionOnTrialFailPercent: 1.01 }, green: [{ versionOnTrialFailPercent: 0.99 }, { versionOnTrialFailPercent: 1 }], windows: 1 }, // prettier-ignore
  { alarm: 'slow-orders', severity: 'warning', red: { slowPercent: 5.1 }, green: [{ slowPercent: 4.9 }, { slowPercent: 5 }], windows: 1 },
  { alarm: 'errors', severity: 'critical', red: { errorPercent: 1.01 }, green: [{ errorPercent: 0.99 }, { errorPercent: 1 }], windows: 1 },
  { alarm: 'throttles', severity: 'warning', red: { throttles: 1 }, green: [{ throttles: 0 }], windows: 2 },
  { alarm: 'oldest-message', severity: 'critical', red: { oldestMessageSeconds: 901 }, green: [{ oldestMessageSeconds: 899 }, { oldestMessageSeconds: 900 }], windows: 1 }, // prettier-ignore
  { alarm: 'dead-letters', severity: 'critical', red: { deadLetters: 1 }, green: [{ deadLetters: 0 }], windows: 1 },
  { alarm: 'dlq-age', severity: 'warning', red: { deadLetterAgeSeconds: 901 }, green: [{ deadLetterAgeSeconds: 899 }, { deadLetterAgeSeconds: 900 }], windows: 1 }, // prettier-ignore
  // The order function reserves 5 % of the account's 1,000 executions: 80 % of these 50.
  { alarm: 'concurrency', severity: 'warning', red: { concurrency: 41 }, green: [{ concurrency: 39 }, { concurrency: 40 }], windows: 3 },
  // The other functions of the account have the rest, 950: 80 % of these.
  { alarm: 'unreserved-concurrency', severity: 'warning', red: { unreservedConcurrency: 761 }, green: [{ unreservedConcurrency: 759 }, { unreservedConcurrency: 760 }], windows: 3 }, // prettier-ignore
  { alarm: 'heartbeat', severity: 'critical', red: { heartbeat: false }, green: [{ heartbeat: true }], windows: 3 },
];

describe('the alarms of a deployed target', () => {
  const sandbox = new DeployedTarget();
  beforeAll(async () => {
    await sandbox.deploy({ code: 'a' });
    await sandbox.deploy({ code: 'b', fingerprint: 'fingerprint-2', run: { stableVersion: '1', canaryPercent: 10 } });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    sandbox.plant();
    await sandbox.toWindow();
    await sandbox.read();
    await sandbox.pass(5);
  });

  const reds = () => sandbox.alarms('ALARM');
  const plant = async (traffic: Traffic) => {
    sandbox.plant(everywhere(traffic));
    await sandbox.read();
  };

  test('are one of each kind and a composite of each severity, and without a fault none is red', async () => {
    expect(await sandbox.alarms('OK')).toEqual(['critical', 'warning', ...byDefault.map(({ alarm }) => alarm)].sort());
  });

  test.each(byDefault)(
    '$alarm: red just above what is asked for, with its composite, and nothing else',
    async ({ alarm, severity, red }) => {
      await plant(red);
      await sandbox.pass(4);

      expect(await reds()).toEqual([alarm, severity].sort());
    },
  );

  test.each(byDefault.flatMap(({ alarm, green }) => green.map((traffic) => ({ alarm, traffic }))))(
    '$alarm: nothing is red just below or at it: $traffic',
    async ({ traffic }) => {
      await plant(traffic);
      await sandbox.pass(4);

      expect(await reds()).toEqual([]);
    },
  );

  test.each(byDefault)(
    '$alarm: red after $windows windows of five minutes, not earlier, and green one window after the fault',
    async (sight) => {
      await plant(sight.red);
      await sandbox.pass(sight.windows - 0.1);
      const before = await reds();
      await sandbox.pass(0.1);
      const after = await reds();
      await plant({});
      await sandbox.pass(0.9);
      const still = await reds();
      await sandbox.pass(0.1);

      expect({ before, after, still, cleared: await reds() }).toEqual({
        before: [],
        after: [sight.alarm, sight.severity].sort(),
        still: [sight.alarm, sight.severity].sort(),
        cleared: [],
      });
    },
  );

  test('silence is the failure of the heartbeat alone: the others stay green', async () => {
    await plant({ ordersPerMinute: 0, heartbeat: false });
    await sandbox.pass(5);

    expect(await reds()).toEqual(['critical', 'heartbeat']);
    expect(await sandbox.alarms('INSUFFICIENT_DATA')).toEqual([]);
  });

  test('the heartbeat alone keeps a target without customers green', async () => {
    await plant({ ordersPerMinute: 0 });
    await sandbox.pass(5);

    expect(await reds()).toEqual([]);
  });
});

describe('the alarms of a target with other settings', () => {
  const order: OrderBlock = { alarms: { errorRatePercent: 5, slowOrderPercent: 10, oldestMessage: 60, concurrencyPercent: 50 } };
  const sandbox = new DeployedTarget();
  // Limit 10: nothing is reserved, the event source allows 2 at once, half of which is 1.
  beforeAll(() => sandbox.deploy({ order, lambdaConcurrency: 10 }));
  afterAll(() => sandbox.close());

  test.each<[string, Traffic, readonly string[]]>([
    ['failures above 5 %', { failPercent: 5.01 }, ['critical', 'order-failures', 'version-failures']],
    ['failures at 5 %', { failPercent: 5 }, []],
    ['crashes above 5 %', { errorPercent: 5.01 }, ['critical', 'errors']],
    ['crashes at 5 %', { errorPercent: 5 }, []],
    ['slow orders above 10 %', { slowPercent: 10.1 }, ['slow-orders', 'warning']],
    ['slow orders at 10 %', { slowPercent: 10 }, []],
    ['a wait above a minute', { oldestMessageSeconds: 61 }, ['critical', 'oldest-message']],
    ['a wait of a minute', { oldestMessageSeconds: 60 }, []],
    ['more than half of the concurrency', { concurrency: 1.1 }, ['concurrency', 'warning']],
    ['half of the concurrency', { concurrency: 1 }, []],
    // The order function is one of those that share the account's ten.
    ['more than half of what the account has in all', { unreservedConcurrency: 4.1 }, ['unreserved-concurrency', 'warning']],
    ['half of what the account has in all', { unreservedConcurrency: 4 }, []],
  ])('%s', async (_what, traffic, red) => {
    sandbox.plant(everywhere(traffic));
    await sandbox.read();
    await sandbox.pass(5);

    expect(await sandbox.alarms('ALARM')).toEqual(red);
  });
});

describe('the alarms of a new target', () => {
  test.each([{ heartbeat: true }, { heartbeat: false }])('are all green after one whole window: %j', async ({ heartbeat }) => {
    const sandbox = new DeployedTarget();
    await sandbox.deploy({ order: { heartbeat } });
    const atOnce = await sandbox.alarms('INSUFFICIENT_DATA');
    await sandbox.pass(1);
    const afterOne = await sandbox.alarms('OK');
    const red: (readonly string[])[] = [];
    for (let window = 0; window < 6; window += 1) {
      await sandbox.pass(1);
      red.push(await sandbox.alarms('ALARM'));
    }
    sandbox.close();

    expect(atOnce.length).toBeGreaterThan(0);
    expect(afterOne).toHaveLength(heartbeat ? 13 : 12);
    expect(red.flat()).toEqual([]);
  });

  test('wait for the first heartbeats, and find that none comes', async () => {
    const sandbox = new DeployedTarget(everywhere({ heartbeat: false }));
    await sandbox.deploy();
    const red: (readonly string[])[] = [];
    for (let window = 0; window < 5; window += 1) {
      await sandbox.pass(1);
      red.push(await sandbox.alarms('ALARM'));
    }
    sandbox.close();

    expect(red.slice(0, 2).flat()).toEqual([]);
    expect(red.at(-1)).toEqual(['critical', 'heartbeat']);
  });
});
