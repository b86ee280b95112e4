import * as z from 'zod';

import { logGroupNameShape } from './cloudwatch-log-group';
import { physicalName } from './common/auto-name';
import { unitShape } from './common/metric-shapes';
import { monitoringTokens } from './common/monitoring-tokens';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { textOf } from './common/shapes';

const MAX_FILTERS = 100;
const MAX_DIMENSIONS = 3;

const metricText = textOf({ pattern: /^[^:*$]+$/, max: 255, what: 'no : * $' });

const transformation = z.strictObject({
  defaultValue: z
    .string()
    .regex(/^-?\d+(\.\d+)?$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a number` })
    .optional(),
  dimensions: z
    .record(
      z.string().min(1).max(255),
      z
        .string()
        .max(255)
        .regex(/^\$/, { error: (issue) => `dimension value ${JSON.stringify(issue.input)} must be a field selector such as $.field` }),
    )
    .refine((dimensions) => Object.keys(dimensions).length <= MAX_DIMENSIONS, {
      error: `a metric filter has at most ${MAX_DIMENSIONS} dimensions`,
    })
    .optional(),
  name: metricText,
  namespace: metricText,
  unit: unitShape.default('None'),
  value: z
    .string()
    .max(100)
    .regex(/^(\$.+|-?\d+(\.\d+)?)$/, {
      error: (issue) => `${JSON.stringify(issue.input)} is neither a number nor a field selector such as $.field`,
    }),
});

const inputs = z
  .strictObject({
    logGroupName: logGroupNameShape,
    metricTransformation: transformation,
    name: textOf({ pattern: /^[^:*]+$/, max: 512, what: 'no : *' }).optional(),
    pattern: z.string().max(1024),
  })
  .check((payload) => {
    const { metricTransformation: metric, pattern } = payload.value;
    const problem = (message: string) =>
      payload.issues.push({ code: 'custom', input: payload.value, path: ['metricTransformation'], message });
    if (metric.dimensions === undefined) return;
    if (metric.defaultValue !== undefined)
      problem('Invalid metric transformation: dimensions and default value are mutually exclusive properties.');
    if (!/^\s*[{[]/.test(pattern)) problem('Invalid metric transformation: dimensions need a JSON or a space-delimited filter pattern.');
  });

/** A metric made from log events. Filters on transformed logs are not simulated. */
export const cloudwatchLogMetricFilter = defineType({
  type: monitoringTokens.logMetricFilter,
  inputs,
  invalid: 'InvalidParameterException',
  replaceOn: ['logGroupName', 'name'],
  taggable: false,
  scope: 'region',
  onTaken: 'overwrite',
  seconds: { create: 1, update: 1, delete: 1 },
  // The group's name has no colon.
  key: (filter, context) => `${filter.logGroupName}:${physicalName({ name: filter.name }, context)}`,
  render: ({ logGroupName }, { key }) => {
    const name = key.slice(logGroupName.length + 1);
    return { id: name, computed: { name } };
  },
  refuse: ({ op, inputs: { logGroupName }, key, place }, world) => {
    if (op === 'delete') return undefined;
    const group = world.find(monitoringTokens.logGroup, logGroupName, place);
    if (!group) return refusal('ResourceNotFoundException', 'The specified log group does not exist.');
    if (group.outputs.logGroupClass !== 'STANDARD')
      return refusal(
        'InvalidOperationException',
        `Log group ${logGroupName} is of class ${String(group.outputs.logGroupClass)}: metric filters need STANDARD`,
      );
    const others = world
      .list(monitoringTokens.logMetricFilter, place)
      .filter((filter) => filter.inputs.logGroupName === logGroupName && filter.key !== key);
    return others.length < MAX_FILTERS ? undefined : refusal('LimitExceededException', 'Resource limit exceeded.');
  },
});
