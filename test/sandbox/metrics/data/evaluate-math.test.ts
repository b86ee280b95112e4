import { evaluateMath, type MathScope } from '../../../../sandbox/metrics/data/evaluate-math';
import { parseMath } from '../../../../sandbox/metrics/data/math-syntax';
import { NotEvaluated, type TimeSeries } from '../../../../sandbox/metrics/data/time-series';

const series = (values: Readonly<Record<number, number>>, label = ''): TimeSeries => ({
  label,
  period: 60,
  values: new Map(Object.entries(values).map(([at, value]) => [Number(at), value])),
});
const named: Readonly<Record<string, TimeSeries>> = {
  m1: series({ 0: 10, 60: 20, 120: 30 }, 'one'),
  m2: series({ 0: 2, 60: 0, 120: 3 }, 'two'),
  gaps: series({ 60: 5 }, 'gaps'),
  none: series({}),
};
const scope: MathScope = {
  named: (id) => (Object.hasOwn(named, id) && named[id] ? { kind: 'series', series: named[id] } : undefined),
  metrics: (part) => ['m1', 'm2'].filter((id) => id.includes(part)).flatMap((id) => named[id] ?? []),
  search: (text, stat, period) => [series({ 0: text.length }, `${stat} ${period ?? 'own'}`)],
  grid: () => [0, 60, 120],
};

function value(expression: string): unknown {
  const result = evaluateMath(parseMath(expression), scope);
  switch (result.kind) {
    case 'number':
      return result.value;
    case 'series':
      return Object.fromEntries(result.series.values);
    case 'list':
      return result.series.map(({ values }) => Object.fromEntries(values));
    case 'word':
      return result.word;
  }
}

describe('metric math', () => {
  test.each<readonly [string, unknown]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['-2 ^ 2', -4],
    ['2 ^ 3 ^ 2', 512],
    ['10 - 4 - 3', 3],
    ['1.5e3', 1500],
    ['1 < 2 AND 3 >= 4 OR 1 == 1', 1],
    ['1 != 1 || 0 && 1', 0],
    ['100 * (1 - m1)', { 0: -900, 60: -1900, 120: -2900 }],
    ['m1 > 15', { 0: 0, 60: 1, 120: 1 }],
    ['m1 + gaps', { 60: 25 }],
    ['SUM(METRICS())', { 0: 12, 60: 20, 120: 33 }],
    ['SUM([m1, gaps])', { 0: 10, 60: 25, 120: 30 }],
    ['AVG(m1)', 20],
    ['MAX(METRICS("m2"))', { 0: 2, 60: 0, 120: 3 }],
    ['MIN(m2)', 0],
    ['METRICS() / 10', [{ 0: 1, 60: 2, 120: 3 }, { 0: 0.2, 60: 0, 120: 0.3 }]], // prettier-ignore
    ['FILL(gaps, 0)', { 0: 0, 60: 5, 120: 0 }],
    ['FILL(gaps, REPEAT)', { 60: 5, 120: 5 }],
    ['FILL(none, 0)', { 0: 0, 60: 0, 120: 0 }],
    ['FILL(gaps, m1)', { 0: 10, 60: 5, 120: 30 }],
    ['IF(m1 > 15, m2, -1)', { 0: -1, 60: 0, 120: 3 }],
    ['IF(m1 > 15, 1)', { 60: 1, 120: 1 }],
    ['IF(1, m2)', { 0: 2, 60: 0, 120: 3 }],
    ['PERIOD(m1)', 60],
    ['m1 / PERIOD(m1)', { 0: 10 / 60, 60: 20 / 60, 120: 0.5 }],
    ['RUNNING_SUM(m1)', { 0: 10, 60: 30, 120: 60 }],
    ['DIFF(m1)', { 60: 10, 120: 10 }],
    ['RATE(m1)', { 60: 10 / 60, 120: 10 / 60 }],
    ['CEIL(m1 / 7)', { 0: 2, 60: 3, 120: 5 }],
    ['SORT(METRICS(), MAX, DESC, 1)', [{ 0: 10, 60: 20, 120: 30 }]],
    ['SLICE(SORT(METRICS(), AVG, ASC), 0, 1)', [{ 0: 2, 60: 0, 120: 3 }]],
    ['REMOVE_EMPTY([m1, none])', [{ 0: 10, 60: 20, 120: 30 }]],
    ["SEARCH('{a,b} x=\"y\"', 'Sum', 300)", [{ 0: 11 }]],
  ])('%s', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  test('a division by zero has no value there', () => {
    expect(value('m1 / m2')).toEqual({ 0: 5, 120: 10 });
  });

  test.each([
    ['ANOMALY_DETECTION_BAND(m1)', 'ANOMALY_DETECTION_BAND'],
    ['typo * 2', 'typo'],
    ['1 / 0', 'gives no number'],
    ['m1 +', 'ends too early'],
    ['SUM(m1', 'lacks a )'],
    ['m1 ? m2', 'cannot be read'],
    ['m1 m2', 'm2'],
    ['AVG(none)', 'without data'],
    ['METRICS() + METRICS()', 'two lists'],
    [`${'('.repeat(500)}1`, 'nested too deeply'],
  ])('%s is not evaluated, and says why', (expression, why) => {
    expect(() => value(expression)).toThrow(NotEvaluated);
    expect(() => value(expression)).toThrow(why);
  });
});
