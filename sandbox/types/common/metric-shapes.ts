import * as z from 'zod';

import { oneOf, wholeNumber } from './shapes';

const MAX_DIMENSIONS = 30;

/** Statistics that need no percentile. */
export const statisticShape = oneOf(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']);

/** Name of a metric. */
export const metricNameShape = z.string().min(1).max(255);

/** Namespace of a metric. */
export const namespaceShape = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^:].*$/, { error: (issue) => `${JSON.stringify(issue.input)} must not start with a colon` });

/** Dimensions by name. */
export const dimensionsShape = z
  .record(z.string().min(1).max(255), z.string().min(1).max(1024))
  .refine((dimensions) => Object.keys(dimensions).length <= MAX_DIMENSIONS, {
    error: (issue) => `${Object.keys(issue.input as object).length} dimensions are more than ${MAX_DIMENSIONS}`,
  });

const QUANTITIES = [
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
  'Count',
] as const;

/** CloudWatch's units. */
export const unitShape = oneOf([
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Percent',
  'None',
  ...QUANTITIES,
  ...QUANTITIES.map((quantity) => `${quantity}/Second` as const),
]);

const PERCENTILE = /^(p|tm|tc|ts|wm)(\d{1,2}(\.\d{1,10})?|100)$/;
const TRIMMED = /^(TM|TC|TS|WM)\((\d+(\.\d+)?%?)?:(\d+(\.\d+)?%?)?\)$/;
const RANK = /^PR\((\d+(\.\d+)?)?:(\d+(\.\d+)?)?\)$/;

/** Percentiles, trimmed means and their kin, as `p99`, `tm90`, `IQM`, `TM(10%:90%)`, `PR(:300)`. */
export const extendedStatisticShape = z
  .string()
  .refine(isExtendedStatistic, { error: (issue) => `The value ${String(issue.input)} for parameter ExtendedStatistic is not supported.` });

/** Any statistic that a metric query takes. */
export const anyStatisticShape = z.union([statisticShape, extendedStatisticShape], {
  error: (issue) => `The value ${String(issue.input)} for parameter Stat is not supported.`,
});

function isExtendedStatistic(text: string): boolean {
  if (text === 'IQM' || PERCENTILE.test(text)) return true;
  const bounds = TRIMMED.exec(text) ?? RANK.exec(text);
  return bounds !== null && !text.endsWith('(:)');
}

/** A period in seconds: some short ones, or a multiple of 60 up to a week. */
export function periodShape(short: readonly number[]) {
  return wholeNumber({ min: 1, max: 604_800 }).refine((seconds) => short.includes(seconds) || seconds % 60 === 0, {
    error: (issue) => `The period ${String(issue.input)} must be ${short.join(', ')} or a multiple of 60`,
  });
}
