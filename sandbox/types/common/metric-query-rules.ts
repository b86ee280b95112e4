import * as z from 'zod';

import { anyStatisticShape, dimensionsShape, metricNameShape, namespaceShape, periodShape, unitShape } from './metric-shapes';
import { accountShape } from './shapes';

const MAX_QUERIES = 20;
const MAX_METRICS = 10;
const SHORT_PERIODS = [1, 5, 10, 20, 30];

const metricShape = z.strictObject({
  dimensions: dimensionsShape.optional(),
  metricName: metricNameShape,
  namespace: namespaceShape.optional(),
  period: periodShape(SHORT_PERIODS),
  stat: anyStatisticShape,
  unit: unitShape.optional(),
});

/** One item of an alarm's `metricQueries`. */
export const metricQueryShape = z.strictObject({
  accountId: accountShape.optional(),
  expression: z.string().min(1).max(2048).optional(),
  id: z
    .string()
    .max(255)
    .regex(/^[a-z]\w*$/, {
      error: (issue) => `${JSON.stringify(issue.input)} must start with a lower-case letter and hold letters, digits and underscores`,
    }),
  label: z.string().optional(),
  metric: metricShape.optional(),
  period: periodShape(SHORT_PERIODS).optional(),
  returnData: z.boolean().default(false),
});

/** A parsed {@link metricQueryShape}. */
export type MetricQuery = z.output<typeof metricQueryShape>;

/** What CloudWatch finds wrong with the queries of one alarm, in its words where they are known. */
export function metricQueryProblems(queries: readonly MetricQuery[], thresholdMetricId: string | undefined): readonly string[] {
  const problems: string[] = [];
  const ids = queries.map(({ id }) => id);
  const metrics = queries.filter(({ metric }) => metric !== undefined);
  const returning = queries.filter(({ returnData }) => returnData);

  if (queries.length > MAX_QUERIES) problems.push(`The metrics list has ${queries.length} elements, more than ${MAX_QUERIES}.`);
  if (metrics.length > MAX_METRICS)
    problems.push(`The metrics list has ${metrics.length} metrics, more than the ${MAX_METRICS} an alarm can watch.`);
  if (new Set(ids).size !== ids.length) problems.push('The ids of the metrics list must be unique.');
  for (const { id, metric, expression } of queries) {
    if ((metric === undefined) === (expression === undefined))
      problems.push(`The element ${id} of the metrics list must have either a metric or an expression.`);
  }
  if (thresholdMetricId === undefined && returning.length !== 1)
    problems.push('Exactly one element of the metrics list should return data.');
  if (thresholdMetricId !== undefined) problems.push(...bandProblems(queries, thresholdMetricId));
  if (new Set(metrics.map(({ metric }) => metric?.period)).size > 1) problems.push('All metrics of an alarm must have the same period.');
  for (const query of queries) problems.push(...expressionProblems(query, ids));
  return problems;
}

/** Seconds between two data points of what an alarm on queries watches; undefined where only expressions without a period are there. */
export function queryPeriod(queries: readonly MetricQuery[]): number | undefined {
  return queries.find(({ metric }) => metric !== undefined)?.metric?.period ?? queries.find(({ period }) => period !== undefined)?.period;
}

/** True for a Metrics Insights query, which reads metrics itself. */
export function isInsightsQuery(expression: string): boolean {
  return /^\s*SELECT\s/i.test(expression);
}

function bandProblems(queries: readonly MetricQuery[], thresholdMetricId: string): readonly string[] {
  const band = queries.find(({ id }) => id === thresholdMetricId);
  if (!/^\s*ANOMALY_DETECTION_BAND\s*\(/.test(band?.expression ?? ''))
    return [`ThresholdMetricId ${thresholdMetricId} must be the id of an ANOMALY_DETECTION_BAND expression.`];
  const returning = queries.filter(({ returnData }) => returnData).length;
  return band?.returnData && returning === 2
    ? []
    : ['Exactly two elements of the metrics list should return data: the metric and its band.'];
}

function expressionProblems({ id, expression, period }: MetricQuery, ids: readonly string[]): readonly string[] {
  if (expression === undefined) return [];
  if (isInsightsQuery(expression)) {
    const problems = INSIGHTS.test(expression.trim()) ? [] : [`The Metrics Insights query ${id} is not valid: ${expression}`];
    if (period === undefined || period % 60 !== 0)
      problems.push(`The Metrics Insights query ${id} must have a period that is a multiple of 60.`);
    return problems;
  }
  if (/\bSEARCH\s*\(/.test(expression)) return [`The expression ${id} uses SEARCH, which is not supported for alarms.`];
  const unknown = referencesOf(expression).filter((reference) => !ids.includes(reference));
  if (unknown.length > 0) return [`The expression ${id} refers to ${unknown.join(', ')}, which the metrics list does not define.`];
  return balanced(expression) ? [] : [`The expression ${id} has unbalanced parentheses.`];
}

// The clauses of CloudWatch's query language in their order. Names with other characters than letters, digits and _
// stand in double quotes, values in single ones.
const NAME = String.raw`(?:"[^"]+"|[A-Za-z_]\w*)`;
const KEY = String.raw`(?:"[^"]+"|[A-Za-z_][\w.]*)`;
const VALUE = String.raw`'[^']*'`;
const TERM = String.raw`\(*\s*(?:NOT\s+)?${KEY}\s*(?:=|!=)\s*${VALUE}\s*\)*`;
const FUNCTION = '(?:AVG|COUNT|MAX|MIN|SUM)';
const INSIGHTS = new RegExp(
  String.raw`^SELECT\s+${FUNCTION}\s*\(\s*${NAME}\s*\)` +
    String.raw`\s+FROM\s+(?:SCHEMA\s*\(\s*${NAME}(?:\s*,\s*${NAME})*\s*\)|${NAME})` +
    String.raw`(?:\s+WHERE\s+${TERM}(?:\s+(?:AND|OR)\s+${TERM})*)?` +
    String.raw`(?:\s+GROUP\s+BY\s+${KEY}(?:\s*,\s*${KEY})*)?` +
    String.raw`(?:\s+ORDER\s+BY\s+${FUNCTION}\s*\(\s*\)(?:\s+(?:ASC|DESC))?)?` +
    String.raw`(?:\s+LIMIT\s+\d{1,3})?$`,
  'i',
);

/** Ids that a math expression uses: lower-case words outside text that are not called like functions. */
function referencesOf(expression: string): readonly string[] {
  const bare = expression.replace(/"[^"]*"|'[^']*'/g, ' ');
  return [...bare.matchAll(/(?<![\w.])([a-z]\w*)(?!\w*\s*\()/g)].map((match) => match[1] ?? '');
}

function balanced(expression: string): boolean {
  let depth = 0;
  for (const character of expression.replace(/"[^"]*"|'[^']*'/g, '')) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
