import fc from 'fast-check';

import type { Health } from '../../../contracts/health';
import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { targetAt } from '../../../contracts/target';
import type { AlarmReading, AlarmState, HealthReading } from '../../../fleet/gates/health-reader';
import { judgeGate, type TargetReading } from '../../../fleet/gates/judge-gate';
import type { GateQuestion, GateTarget, Verdict } from '../../../fleet/ports';

const SINCE = '2026-11-24T10:00:00.000Z';
const BEFORE = '2026-11-24T09:00:00.000Z';
const AFTER = '2026-11-24T11:00:00.000Z';
const LATER = '2026-11-24T11:30:00.000Z';

const counted = (metric: string) => ({ namespace: 'fleet/orders', metric, dimensions: { FunctionName: 'orders-order' } });
const health: Health = { composites: ['critical'], children: ['failures', 'slow'], orders: counted('OrderFailed'), synthetic: null };
const at = (digit: number) =>
  targetAt({ layer: 'regional', account: accountIdSchema.parse(String(digit).padStart(12, '2')), region: regionSchema.parse('eu-west-1') });
const asked = (digit: number, over: Partial<GateTarget> = {}): GateTarget => ({
  target: at(digit),
  health,
  alarmsSince: SINCE,
  redBefore: 'counts',
  ordersSince: SINCE,
  ...over,
});
const ONE = at(1).id;
const TWO = at(2).id;

const alarm = (name: string, state: AlarmState = 'OK', red: AlarmReading['red'] = []): AlarmReading => ({
  name,
  kind: name === 'critical' ? 'composite' : 'metric',
  state,
  red,
});
const reading = (over: Partial<HealthReading> & { readonly instead?: readonly AlarmReading[] } = {}): HealthReading => {
  const { instead = [], ...rest } = over;
  const names = ['critical', 'failures', 'slow'];
  return {
    alarms: names.map((name) => instead.find((one) => one.name === name) ?? alarm(name)),
    orders: 50,
    synthetic: null,
    ...rest,
  };
};

const question = (over: Partial<GateQuestion> = {}): GateQuestion => ({
  demand: 'healthy',
  targets: [asked(1), asked(2)],
  minOrders: 100,
  countSynthetic: false,
  accepted: [],
  ...over,
});
const judge = (over: Partial<GateQuestion>, first: TargetReading = reading(), second: TargetReading = reading()) =>
  judgeGate(
    question(over),
    new Map([
      [ONE, first],
      [TWO, second],
    ]),
  );

const redNow = reading({ instead: [alarm('failures', 'ALARM', [{ from: AFTER, until: null }])] });
const redOnce = reading({ instead: [alarm('failures', 'OK', [{ from: AFTER, until: LATER }])] });
const noData = reading({ instead: [alarm('slow', 'INSUFFICIENT_DATA')] });
const missing = reading({ alarms: [alarm('critical'), alarm('failures')] });

describe('judgeGate', () => {
  test.each<[string, TargetReading, Verdict, Verdict]>([
    // What was read of one of two targets, the verdict where they must be healthy, and where they must only not be red.
    ['all alarms green and enough orders', reading(), 'pass', 'pass'],
    ['an alarm that is red', redNow, 'fail', 'fail'],
    ['an alarm that fired and cleared', redOnce, 'fail', 'fail'],
    ['a red alarm without a known beginning', reading({ instead: [alarm('slow', 'ALARM')] }), 'fail', 'fail'],
    ['a red composite over green children', reading({ instead: [alarm('critical', 'ALARM')] }), 'fail', 'fail'],
    ['an alarm that cleared before the time asked about', reading({ instead: [alarm('slow', 'OK', [{ from: BEFORE, until: BEFORE }])] }), 'pass', 'pass'],
    ['an alarm that fired before that time and cleared in it', reading({ instead: [alarm('slow', 'OK', [{ from: BEFORE, until: AFTER }])] }), 'fail', 'fail'],
    ['an alarm that cleared at the very instant', reading({ instead: [alarm('slow', 'OK', [{ from: BEFORE, until: SINCE }])] }), 'fail', 'fail'],
    ['a green alarm whose red time has no end', reading({ instead: [alarm('slow', 'OK', [{ from: AFTER, until: null }])] }), 'fail', 'fail'],
    ['a red time that ended nobody can tell when', reading({ instead: [alarm('slow', 'OK', [{ from: AFTER, until: '?' }])] }), 'fail', 'fail'],
    ['a target that could not be read', { error: 'AccessDenied' }, 'error', 'error'],
    ['an alarm that is absent', missing, 'error', 'pass'],
    ['a composite that is absent', reading({ alarms: [alarm('failures'), alarm('slow')] }), 'error', 'pass'],
    ['no alarm at all', reading({ alarms: [] }), 'error', 'pass'],
    ['a child without data under a green composite', noData, 'inconclusive', 'pass'],
    ['a composite without data', reading({ instead: [alarm('critical', 'INSUFFICIENT_DATA')] }), 'inconclusive', 'pass'],
    ['a red time and no data now', reading({ instead: [alarm('slow', 'INSUFFICIENT_DATA', [{ from: AFTER, until: LATER }])] }), 'fail', 'fail'],
    ['one order too few in all', reading({ orders: 49 }), 'inconclusive', 'pass'],
    ['orders in plenty, but none here', reading({ orders: 0 }), 'inconclusive', 'pass'],
    ['orders that were not counted', reading({ orders: null }), 'error', 'pass'],
    ['orders that are no number', reading({ orders: Number.NaN }), 'error', 'pass'],
  ])('judges %s', (_name, first, healthy, notRed) => {
    expect(judge({ demand: 'healthy' }, first).verdict).toBe(healthy);
    expect(judge({ demand: 'not-red' }, first).verdict).toBe(notRed);
  }); // prettier-ignore

  test.each<[string, TargetReading, TargetReading, Verdict]>([
    ['red over unread', redNow, { error: 'gone' }, 'fail'],
    ['red over absent', missing, redOnce, 'fail'],
    ['red over no data', redNow, noData, 'fail'],
    ['unread over no data', noData, { error: 'gone' }, 'error'],
    ['absent over too few orders', missing, reading({ orders: 0 }), 'error'],
    ['no data over green', reading(), noData, 'inconclusive'],
  ])('takes the worst: %s', (_name, first, second, verdict) => {
    expect(judge({}, first, second).verdict).toBe(verdict);
    expect(judge({}, second, first).verdict).toBe(verdict);
  });

  test.each<[string, Partial<GateTarget>, Verdict, Verdict]>([
    ['outputs that do not tell what to read', { health: null }, 'error', 'error'],
    ['a target that takes no orders', { health: { ...health, orders: null } }, 'inconclusive', 'pass'],
    ['orders that are not asked for', { ordersSince: null }, 'inconclusive', 'pass'],
  ])('judges %s', (_name, over, healthy, notRed) => {
    expect(judge({ demand: 'healthy', targets: [asked(1, over), asked(2)] }, reading({ orders: null })).verdict).toBe(healthy);
    expect(judge({ demand: 'not-red', targets: [asked(1, over), asked(2)] }, reading({ orders: null })).verdict).toBe(notRed);
  });

  test('asks no orders of targets that take none', () => {
    const takesNone = { health: { ...health, orders: null } };

    expect(
      judge({ targets: [asked(1, takesNone), asked(2, takesNone)] }, reading({ orders: null }), reading({ orders: null })),
    ).toMatchObject({
      verdict: 'pass',
      orders: null,
    });
  });

  test.each<[string, Partial<GateQuestion>, number, number, Verdict, number]>([
    ['enough in all', { minOrders: 100 }, 1, 99, 'pass', 100],
    ['one too few', { minOrders: 100 }, 1, 98, 'inconclusive', 99],
    ['none at one target', { minOrders: 1 }, 0, 500, 'inconclusive', 500],
    ['none, where none are needed', { minOrders: 0 }, 0, 0, 'pass', 0],
  ])('counts orders over all targets: %s', (_name, over, first, second, verdict, orders) => {
    expect(judge(over, reading({ orders: first }), reading({ orders: second }))).toMatchObject({ verdict, orders });
  });

  test.each<[string, boolean, number | null, Verdict, number | null]>([
    ['counted where that is configured', true, 60, 'pass', 100],
    ['not counted otherwise', false, 60, 'inconclusive', 40],
    ['an error where they are to be counted and were not', true, null, 'error', null],
  ])('synthetic orders are %s', (_name, countSynthetic, synthetic, verdict, orders) => {
    const targets = [asked(1, { health: { ...health, synthetic: counted('SyntheticOrders') } })];

    expect(judge({ targets, countSynthetic }, reading({ orders: 40, synthetic }))).toMatchObject({ verdict, orders });
  });

  test('passes without any target, and says that none is deployed', () => {
    expect(judge({ targets: [] })).toEqual({ verdict: 'pass', reason: 'none of its targets is deployed', red: [], orders: null });
  });

  test('takes a target that nobody read for unread', () => {
    expect(judgeGate(question(), new Map([[ONE, reading()]]))).toMatchObject({
      verdict: 'error',
      reason: `health is not known: ${TWO}: was not read`,
    });
  });

  test('asked only about now, does not hold a red time that is over against a target', () => {
    const targets = [asked(1, { alarmsSince: null })];

    expect(judge({ targets, minOrders: 0 }, redOnce).verdict).toBe('pass');
    expect(judge({ targets, minOrders: 0 }, redNow).verdict).toBe('fail');
    const turning = reading({ instead: [alarm('slow', 'OK', [{ from: AFTER, until: null }])] });
    expect(judge({ targets, minOrders: 0 }, turning)).toMatchObject({ verdict: 'fail', red: [{ cleared: false }] });
  });

  const standing = reading({ instead: [alarm('slow', 'ALARM', [{ from: BEFORE, until: null }])] });
  const cleared = reading({ instead: [alarm('slow', 'OK', [{ from: SINCE, until: AFTER }])] });
  const since = reading({ instead: [alarm('slow', 'ALARM', [{ from: AFTER, until: null }])] });
  const again = reading({
    instead: [
      alarm('slow', 'ALARM', [
        { from: BEFORE, until: AFTER },
        { from: LATER, until: null },
      ]),
    ],
  });
  const untold = reading({ instead: [alarm('slow', 'ALARM')] });

  test.each<[string, TargetReading, readonly [Verdict, Verdict, Verdict]]>([
    ['stands', standing, ['fail', 'fail', 'pass']],
    ['has cleared', cleared, ['fail', 'pass', 'pass']],
    ['turned red only since', since, ['fail', 'fail', 'fail']],
    ['has cleared and turned red again', again, ['fail', 'fail', 'fail']],
    ['is red for a time that is not told', untold, ['fail', 'fail', 'fail']],
  ])('an alarm that was red before: %s', (_name, found, verdicts) => {
    const under = (redBefore: GateTarget['redBefore']) => judge({ targets: [asked(1, { redBefore })], minOrders: 0 }, found).verdict;

    expect([under('counts'), under('must-clear'), under('may-stand')]).toEqual(verdicts);
  });

  test('names every red alarm with its target, since when, and whether it cleared', () => {
    const first = reading({ instead: [alarm('critical', 'ALARM'), alarm('failures', 'OK', [{ from: AFTER, until: LATER }])] });
    const flapping = reading({
      instead: [
        alarm('slow', 'ALARM', [
          { from: BEFORE, until: BEFORE },
          { from: AFTER, until: LATER },
          { from: LATER, until: null },
        ]),
      ],
    });

    expect(judge({}, first, flapping)).toEqual({
      verdict: 'fail',
      reason: `3 red alarms: critical, failures (cleared) of ${ONE} since ${AFTER}; slow of ${TWO} since ${AFTER}`,
      red: [
        { target: ONE, alarm: 'critical', since: null, cleared: false },
        { target: ONE, alarm: 'failures', since: AFTER, cleared: true },
        { target: TWO, alarm: 'slow', since: AFTER, cleared: false },
      ],
      orders: 100,
    });
  });

  test.each<[string, Partial<GateQuestion>, TargetReading, string]>([
    ['what could not be read, on one line', {}, { error: 'sts:AssumeRole failed:\n  not authorized\n' }, `health is not known: ${ONE}: sts:AssumeRole failed: not authorized`],
    ['an alarm that is absent', {}, missing, `health is not known: alarm slow of ${ONE} does not exist`],
    ['the orders there were and should be', {}, reading({ orders: 0 }), `not enough is known: 50 of 100 orders; ${ONE} took no order`],
    ['an alarm without data', {}, noData, `not enough is known: alarm slow of ${ONE} has no data`],
    ['what passed', {}, reading(), '6 alarms of 2 targets green, 100 orders'],
    ['what is not red', { demand: 'not-red', targets: [asked(1, { ordersSince: null })] }, noData, 'no alarm of 1 target is red'],
    ['what was accepted', { accepted: [{ target: ONE, alarm: 'failures' }] }, redNow, '5 alarms of 2 targets green, 1 accepted as red, 100 orders'],
  ])('gives for its reason %s', (_name, over, first, reason) => {
    expect(judge(over, first).reason).toBe(reason);
  }); // prettier-ignore

  test('names three things and counts the others', () => {
    const targets = [1, 2, 3, 4, 5].map((digit) => asked(digit));

    expect(judgeGate(question({ targets }), new Map()).reason).toMatch(/^health is not known: (\S+: was not read(; )?){3} and 2 more$/);
    expect(judgeGate(question({ targets: targets.slice(0, 4) }), new Map()).reason).toMatch(/ and 1 more$/);
    expect(judgeGate(question({ targets: targets.slice(0, 3) }), new Map()).reason).not.toContain('more');
  });

  test('passes over a red alarm that was accepted, only at the target it was accepted for', () => {
    const accepted = [{ target: ONE, alarm: 'failures' }];

    expect(judge({ accepted }, redNow)).toMatchObject({ verdict: 'pass', red: [] });
    expect(judge({ accepted }, reading(), redNow)).toMatchObject({ verdict: 'fail', red: [{ target: TWO, alarm: 'failures' }] });
    expect(judge({ accepted }, noData).verdict).toBe('inconclusive');
  });
});

describe('a verdict', () => {
  const RANK: Readonly<Record<Verdict, number>> = { pass: 0, inconclusive: 1, error: 2, fail: 3 };
  const instant = fc.constantFrom(BEFORE, SINCE, AFTER, LATER);
  const redTime = fc.record({ from: instant, until: fc.option(instant) });
  const anyAlarm = (name: string) =>
    fc.record({
      name: fc.constant(name),
      kind: fc.constant(name === 'critical' ? ('composite' as const) : ('metric' as const)),
      state: fc.oneof({ weight: 6, arbitrary: fc.constant('OK' as const) }, fc.constantFrom<AlarmState>('ALARM', 'INSUFFICIENT_DATA')),
      red: fc.oneof({ weight: 6, arbitrary: fc.constant([]) }, fc.array(redTime, { maxLength: 2 })),
    });
  const alarms = fc
    .tuple(...['critical', 'failures', 'slow'].map(anyAlarm), fc.oneof({ weight: 5, arbitrary: fc.constant(3) }, fc.nat(3)))
    .map((made) => (made.slice(0, 3) as AlarmReading[]).slice(0, made[3] as number));
  const count = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 100 }) }, fc.constantFrom(0, null));
  const anyReading: fc.Arbitrary<TargetReading> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ alarms, orders: count, synthetic: count }) },
    fc.record({ error: fc.string() }),
  );
  const anyHealth = fc.constantFrom(
    health,
    health,
    { ...health, orders: null },
    { ...health, synthetic: counted('SyntheticOrders') },
    null,
  );
  const gate = fc
    .array(fc.tuple(anyHealth, fc.option(fc.constant(SINCE), { freq: 4 }), anyReading), { minLength: 1, maxLength: 4 })
    .chain((made) =>
      fc.record({
        question: fc.record({
          demand: fc.constantFrom<GateQuestion['demand']>('healthy', 'not-red'),
          targets: fc.constant(made.map(([one, since], index) => asked(index, { health: one, alarmsSince: since, ordersSince: since }))),
          minOrders: fc.constantFrom(0, 0, 1, 40, 100),
          countSynthetic: fc.boolean(),
          accepted: fc.constant<GateQuestion['accepted']>([]),
        }),
        readings: fc.constant(new Map(made.map(([, , one], index) => [at(index).id, one]))),
      }),
    );

  test('never improves when an alarm turns red', () => {
    fc.assert(
      fc.property(gate, fc.nat(2), ({ question: posed, readings }, which) => {
        const turned = new Map(readings);
        for (const [id, one] of readings) {
          if ('error' in one) continue;
          turned.set(id, {
            ...one,
            alarms: one.alarms.map((each, index) => (index === which ? { ...each, state: 'ALARM' as const } : each)),
          });
          break;
        }
        expect(RANK[judgeGate(posed, turned).verdict]).toBeGreaterThanOrEqual(RANK[judgeGate(posed, readings).verdict]);
      }),
    );
  });

  test('is a pass of healthy targets only where everything was read, exists and has data', () => {
    let passes = 0;
    fc.assert(
      fc.property(gate, ({ question: posed, readings }) => {
        if (judgeGate({ ...posed, demand: 'healthy' }, readings).verdict !== 'pass') return;
        passes++;
        for (const { target, health: expected } of posed.targets) {
          const one = readings.get(target.id);
          if (one === undefined || 'error' in one || expected === null) throw new Error('passed unread');
          expect(one.alarms.map(({ name }) => name)).toEqual([...expected.composites, ...expected.children]);
          expect(one.alarms.every(({ state }) => state === 'OK')).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(passes).toBeGreaterThan(0);
  });

  test('does not depend on the order of targets', () => {
    fc.assert(
      fc.property(gate, ({ question: posed, readings }) => {
        const turned = { ...posed, targets: [...posed.targets].reverse() };
        expect(judgeGate(turned, new Map([...readings].reverse()))).toEqual(judgeGate(posed, readings));
      }),
    );
  });

  test('loses, when red alarms are accepted, these and nothing else', () => {
    fc.assert(
      fc.property(gate, fc.nat(), ({ question: posed, readings }, bits) => {
        const { red, orders, verdict } = judgeGate(posed, readings);
        const accepted = red.filter((_, index) => (bits >> index) & 1);
        const answer = judgeGate({ ...posed, accepted }, readings);
        expect(answer.red).toEqual(red.filter((one) => !accepted.includes(one)));
        expect(answer.orders).toBe(orders);
        if (accepted.length < red.length || red.length === 0) expect(answer.verdict).toBe(verdict);
      }),
    );
  });
});
