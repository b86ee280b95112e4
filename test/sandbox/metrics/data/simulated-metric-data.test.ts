import { accountIdSchema, regionSchema } from '../../../../contracts/ids';
import type { MetricQuery } from '../../../../contracts/metric-query';
import { quietestQuery } from '../../../../observability/fleet-queries';
import { loadOf } from '../../../../sandbox/metrics/load';
import { PlaceMetrics } from '../../../../sandbox/metrics/metric-view';
import type { OrderPath } from '../../../../sandbox/metrics/order-path';
import type { OrganizationMetrics } from '../../../../sandbox/metrics/data/organization-metrics';
import { answerMetricQuestion } from '../../../../sandbox/metrics/data/simulated-metric-data';

const monitoring = accountIdSchema.parse('100000000003');
const [first, second, stranger] = ['200000000001', '200000000002', '200000000009'].map((id) => accountIdSchema.parse(id));
const region = regionSchema.parse('eu-west-1');

function pathOf(account: string): OrderPath {
  return {
    target: `regional/${account}/eu-west-1`,
    functionName: 'orders-order',
    namespace: 'fleet/orders',
    slowOrderMs: 1000,
    batchSize: 10,
    reserved: true,
    versions: [{ version: '1', share: 1, onTrial: false, newest: true }],
    orderQueue: 'queue',
    deadLetterQueue: null,
    deadLetters: null,
    heartbeat: null,
    madeAt: 600,
    changedAt: 600,
  };
}

function placeOf(account: string, failPercent: number): PlaceMetrics {
  const path = pathOf(account);
  const load = loadOf([{ target: '**', failPercent, slowPercent: 5 }], path.target);
  return new PlaceMetrics([{ path, segments: [{ from: 600, until: Infinity, load, struck: 'nobody', known: true }] }]);
}

/** A place that sends its heartbeat from 600 on, or does not, and from 1800 on, or does not. */
function placeWith(heartbeat: OrderPath['heartbeat'], [before, after]: readonly [boolean, boolean]): PlaceMetrics {
  const path = { ...pathOf('200000000001'), heartbeat };
  const loadWith = (sends: boolean) => loadOf([{ target: '**', heartbeat: sends }], path.target);
  return new PlaceMetrics([
    {
      path,
      segments: [
        { from: 600, until: 1800, load: loadWith(before), struck: 'nobody', known: true },
        { from: 1800, until: Infinity, load: loadWith(after), struck: 'nobody', known: true },
      ],
    },
  ]);
}

const places = new Map<unknown, PlaceMetrics>([
  [first, placeOf('200000000001', 0)],
  [second, placeOf('200000000002', 4)],
]);
const metrics = {
  at: (account: unknown) => places.get(account) ?? new PlaceMetrics([]),
  visibleFrom: (account: unknown) => (account === monitoring ? [monitoring, first, second] : [account]),
} as unknown as OrganizationMetrics;

type Of = MetricQuery['of'];
const query = (of: Of, more: Partial<MetricQuery> = {}): MetricQuery => ({ id: 'q', label: null, visible: true, period: 300, of, ...more });
const metric = (name: string, stat: string, account = first): Of => ({
  kind: 'metric',
  account: account ?? null,
  namespace: name.startsWith('Order') ? 'fleet/orders' : 'AWS/Lambda',
  metric: name,
  dimensions: { FunctionName: 'orders-order' },
  stat,
});
const expression = (text: string): Of => ({ kind: 'expression', expression: text });

/** Answers as of 30 seconds after the second whole period since all was there. */
function answers(...queries: readonly MetricQuery[]) {
  const found = answerMetricQuestion({ account: monitoring, region, seconds: 3600, queries }, { metrics, now: 1230 });
  return Object.fromEntries(
    [...found].map(([id, answer]) => [
      id,
      answer.kind === 'series' ? answer.series.map(({ label, values }) => [label, Object.fromEntries(values)]) : answer.reason,
    ]),
  );
}

const near = (value: number, digits: number) => expect.closeTo(value, digits) as number;
const containing = (text: string) => expect.stringContaining(text) as string;

describe('metric data of a simulated organisation', () => {
  test.each<readonly [string, string, number]>([
    ['OrderFailed', 'SampleCount', 3000],
    ['OrderFailed', 'Average', 0],
    ['Invocations', 'Sum', 300],
    ['Duration', 'p50', 200],
    ['Duration', 'p99', 1500],
    ['Duration', 'Maximum', 1500],
    ['ConcurrentExecutions', 'p90', 0.9],
  ])('%s, %s: whole periods since something was there, and no others', (name, stat, expected) => {
    expect(answers(query(metric(name, stat)))).toEqual({
      q: [[name, { 600: near(expected, 6), 900: near(expected, 6) }]],
    });
  });

  test('one query over all accounts, one series an account, and the worst first', () => {
    const of = (rest: string) =>
      answers(query(expression(`SELECT AVG(OrderFailed) FROM "fleet/orders" WHERE FunctionName = 'orders-order'${rest}`)));
    expect(of('')).toEqual({ q: [['q', { 600: near(0.02, 9), 900: near(0.02, 9) }]] });
    expect(of(' GROUP BY AWS.AccountId ORDER BY AVG() DESC LIMIT 1')).toEqual({ q: [[second, { 600: near(0.04, 9), 900: near(0.04, 9) }]] }); // prettier-ignore
    expect(of(' GROUP BY AWS.AccountId')).toEqual({ q: [[first, expect.anything()], [second, expect.anything()]] }); // prettier-ignore
  });

  test('math over hidden rows, as the dashboards have it', () => {
    const rows = [
      query(metric('Errors', 'Sum'), { id: 'errors', visible: false }),
      query(metric('Invocations', 'Sum'), { id: 'invocations', visible: false }),
      query(expression('100 * errors / invocations'), { id: 'rate', label: 'share' }),
    ];
    expect(answers(...rows)).toEqual({ rate: [['share', { 600: 0, 900: 0 }]] });
  });

  test('SEARCH finds the series of every account that shares', () => {
    const found = answers(query(expression(`SEARCH('{fleet/orders,FunctionName} MetricName="OrderFailed"', 'SampleCount', 300)`)));
    expect(found).toEqual({ q: [[expect.stringContaining(first ?? ''), expect.anything()], [expect.stringContaining(second ?? ''), expect.anything()]] }); // prettier-ignore
  });

  test('the fewest first: who fell silent counts as none, and is forgotten two weeks later, as is who never reported', () => {
    const DAYS = 86_400;
    const quiet = placeWith({ everySeconds: 300, since: 600 }, [true, false]);
    const loud = placeWith({ everySeconds: 300, since: 600 }, [true, true]);
    const never = placeWith({ everySeconds: 300, since: 600 }, [false, false]);
    const shared = {
      at: (account: unknown) => new Map<unknown, PlaceMetrics>([[first, loud], [second, quiet], [monitoring, never]]).get(account) ?? new PlaceMetrics([]),
      visibleFrom: () => [monitoring, first, second],
    } as unknown as OrganizationMetrics; // prettier-ignore
    const quietest = quietestQuery({ namespace: 'fleet/orders', functionName: 'orders-order', quietest: 10 });
    const latestAt = (now: number) => {
      const asked = { account: monitoring, region, seconds: 1200, queries: [query(expression(quietest))] };
      const answer = answerMetricQuestion(asked, { metrics: shared, now }).get('q');
      if (answer?.kind !== 'series') throw new Error(answer?.reason ?? 'no answer');
      return answer.series.map(({ label, values }) => [label.slice(0, 12), [...values.values()].at(-1)]);
    };

    expect(latestAt(1230)).toEqual([[first, 2], [second, 2]]); // prettier-ignore
    expect(latestAt(3630)).toEqual([[second, 0], [first, 3]]); // prettier-ignore
    expect(latestAt(14 * DAYS)).toEqual([[second, 0], [first, 4]]); // prettier-ignore
    expect(latestAt(15 * DAYS)).toEqual([[first, 4]]);
  });

  test('an account that shares, and emits nothing, has no data', () => {
    expect(answers(query(metric('Errors', 'Sum', monitoring)))).toEqual({ q: [['Errors', {}]] });
  });

  test.each<readonly [string, Of, string]>([
    ['a metric that nothing simulates', metric('IteratorAge', 'Sum'), 'does not simulate AWS/Lambda IteratorAge'],
    ['an account that shares nothing', metric('Errors', 'Sum', stranger), `account ${stranger} does not share`],
    ['a statistic that is not simulated', metric('Duration', 'tm99'), 'no statistic tm99'],
    ['what leads back to itself', expression('q + 1'), 'q refers to itself'],
    ['math over what is not simulated', expression('SELECT AVG(Nothing) FROM "AWS/SQS"'), 'does not simulate AWS/SQS Nothing'],
  ])('%s is not evaluated: neither empty nor zero', (_, of, why) => {
    expect(answers(query(of))).toEqual({ q: containing(why) });
  });

  test('what uses a query that is not evaluated is not evaluated either', () => {
    const rows = [query(metric('IteratorAge', 'Sum'), { id: 'age', visible: false }), query(expression('FILL(age, 0)'))];
    expect(answers(...rows)).toEqual({ q: containing('does not simulate') });
  });
});
