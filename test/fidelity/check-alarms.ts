import { setting, type Checker, type EmittedResource } from './findings';

const ALARM = 'aws:cloudwatch/metricAlarm:MetricAlarm';
const COMPOSITE = 'aws:cloudwatch/compositeAlarm:CompositeAlarm';

/** AWS, "Alarm evaluation" and "cloudwatch_limits": what no shape can say, since it is between members. */
export const alarms: Checker = {
  name: 'alarms as CloudWatch documents them',
  unit: 'alarms',
  check: ({ resources }, refuse) => {
    const metric = resources.filter(({ type }) => type === ALARM);
    const composite = resources.filter(({ type }) => type === COMPOSITE);
    const names = new Set([...metric.map(({ inputs }) => inputs.name), ...composite.map(({ inputs }) => inputs.alarmName)]);
    for (const one of metric) for (const what of alarmProblems(one.inputs)) refuse(one, `${one.name}: ${what}`);
    for (const one of composite) for (const what of ruleProblems(one.inputs, names)) refuse(one, `${one.name}: ${what}`);
    return metric.length + composite.length;
  },
  plants: [
    setting(ALARM, 'period', { to: 90, seen: 'period 90' }),
    setting(ALARM, 'evaluationPeriods', { to: 2000, seen: 'is longer than' }),
    setting(ALARM, 'datapointsToAlarm', { to: 50, seen: 'datapoints of' }),
    setting(ALARM, 'extendedStatistic', { to: 'p99', seen: 'two of statistic' }),
    setting(ALARM, 'alarmActions', { to: Array.from({ length: 6 }, (_, index) => `arn:${index}`), seen: '6 actions' }),
    setting(ALARM, 'metricQueries.0.returnData', { to: false, seen: '0 queries return data' }),
    setting(ALARM, 'metricQueries.0.expression', { to: 'nowhere * 2', seen: 'reads nowhere' }),
    setting(ALARM, 'metricQueries.0.id', { to: 'Upper', seen: 'id Upper' }),
    setting(ALARM, 'metricQueries.0.period', { to: 14_400, seen: 'Metrics Insights' }),
    setting(COMPOSITE, 'alarmRule', { to: 'ALARM("nobody")', seen: 'nobody is no alarm beside it' }),
    setting(COMPOSITE, 'alarmRule', { to: 'ALARM(nobody', seen: 'is no rule' }),
    setting(COMPOSITE, 'alarmRule', {
      to: Array.from({ length: 101 }, (_, index) => `ALARM(a${index})`).join(' OR '),
      seen: '101 children',
    }),
  ],
};

type Inputs = EmittedResource['inputs'];

interface Query {
  readonly id: string;
  readonly expression?: string;
  readonly period?: number;
  readonly returnData?: boolean;
  readonly metric?: { readonly period: number };
}

const DAY = 86_400;
const ACTIONS = ['alarmActions', 'okActions', 'insufficientDataActions'] as const;

function alarmProblems(inputs: Inputs): readonly string[] {
  const { evaluationPeriods, datapointsToAlarm } = inputs as { readonly evaluationPeriods: number; readonly datapointsToAlarm?: number };
  const queries = (inputs.metricQueries ?? []) as readonly Query[];
  const kinds = ['statistic', 'extendedStatistic', 'metricQueries'].filter((key) => inputs[key] !== undefined);
  const periods = [inputs.period as number | undefined, ...queries.flatMap(({ period, metric }) => [period, metric?.period])].filter(
    (period) => period !== undefined,
  );
  const longest = Math.max(...periods);
  const problems = [...actionProblems(inputs), ...queryProblems(queries)];
  if (kinds.length !== 1) problems.push(`${kinds.length === 0 ? 'none' : 'two'} of statistic, extendedStatistic and metricQueries`);
  if ((datapointsToAlarm ?? 1) > evaluationPeriods) problems.push(`${datapointsToAlarm} datapoints of ${evaluationPeriods} periods`);
  for (const period of periods)
    if (![1, 5, 10, 20, 30].includes(period) && (period % 60 !== 0 || period < 60)) problems.push(`period ${period}`);
  // A day; a week where the period is an hour or longer.
  const most = longest >= 3600 ? 7 * DAY : DAY;
  if (longest * evaluationPeriods > most) problems.push(`${longest} s x ${evaluationPeriods} is longer than ${most} s`);
  const window = queries.some(({ expression }) => expression?.startsWith('SELECT '));
  if (window && longest * evaluationPeriods > 3 * 3600)
    problems.push(`${longest} s x ${evaluationPeriods}, and Metrics Insights sees the last three hours`);
  return problems;
}

function queryProblems(queries: readonly Query[]): string[] {
  if (queries.length === 0) return [];
  const problems: string[] = [];
  const ids = queries.map(({ id }) => id);
  const returning = queries.filter(({ returnData }) => returnData).length;
  const select = queries.filter(({ expression }) => expression?.startsWith('SELECT ')).length;
  if (returning !== 1) problems.push(`${returning} queries return data`);
  if (select > 1) problems.push(`${select} Metrics Insights queries in one alarm`);
  if (queries.filter(({ metric }) => metric).length > 10) problems.push('more than ten metrics');
  if (new Set(ids).size < ids.length) problems.push('an id twice');
  for (const { id, expression, metric } of queries) {
    if (!/^[a-z]\w{0,254}$/.test(id)) problems.push(`id ${id}`);
    if ((expression === undefined) === (metric === undefined)) problems.push(`${id} is not one of expression and metric`);
    if (expression === undefined || expression.startsWith('SELECT ')) continue;
    for (const [used] of expression.replaceAll(/"[^"]*"|'[^']*'/g, '').matchAll(/\b[a-z]\w*/g))
      if (!ids.includes(used)) problems.push(`${expression} reads ${used}, which is no query`);
  }
  return problems;
}

function ruleProblems(inputs: Inputs, names: ReadonlySet<unknown>): readonly string[] {
  const rule = String(inputs.alarmRule);
  const problems = actionProblems(inputs);
  const operand = String.raw`(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*("[^"]*"|[^\s()"]+)\s*\)|TRUE|FALSE`;
  const children = new Set(
    [...rule.matchAll(new RegExp(operand, 'g'))].flatMap(([, child]) => (child === undefined ? [] : [child.replaceAll('"', '')])),
  );
  if (
    !/^[()\s]*X([()\s]*\b(AND|OR)\b[()\s]*(NOT\s*)?[()\s]*X)*[()\s]*$/.test(
      rule.replaceAll(new RegExp(operand, 'g'), 'X').replace(/^[()\s]*NOT\s*/, ''),
    )
  )
    problems.push(`${rule.slice(0, 80)} is no rule`);
  if (rule.length > 10_240) problems.push(`a rule of ${rule.length} characters`);
  if (children.size > 100) problems.push(`${children.size} children`);
  for (const child of children) if (!names.has(child)) problems.push(`${child} is no alarm beside it`);
  if (children.has(String(inputs.alarmName))) problems.push('it is its own child');
  return problems;
}

function actionProblems(inputs: Inputs): string[] {
  return ACTIONS.flatMap((key) => {
    const actions = (inputs[key] ?? []) as readonly unknown[];
    return actions.length > 5 ? [`${actions.length} actions`] : [];
  });
}
