import * as z from 'zod';

import { arnOf } from './common/arn';
import { physicalName } from './common/auto-name';
import { monitoringTokens } from './common/monitoring-tokens';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { wholeNumber } from './common/shapes';
import { tagsShape } from './common/tags-shape';

const MAX_RULES = 25;
const MAX_ATTRIBUTES = 5;

const inputs = z.strictObject({
  attributes: z
    .record(z.string().min(1).max(32), z.string().min(1).max(32))
    .refine((attributes) => Object.keys(attributes).length <= MAX_ATTRIBUTES, {
      error: `a sampling rule has at most ${MAX_ATTRIBUTES} attributes`,
    })
    .optional(),
  fixedRate: z.number().min(0).max(1),
  host: z.string().max(64),
  httpMethod: z.string().max(10),
  priority: wholeNumber({ min: 1, max: 9999 }),
  reservoirSize: wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER }),
  resourceArn: z.string().max(500),
  ruleName: z.string().min(1).max(32).optional(),
  serviceName: z.string().max(64),
  serviceType: z.string().max(64),
  tags: tagsShape.optional(),
  urlPath: z.string().max(128),
  version: z.literal(1, { error: (issue) => `${String(issue.input)} is not a version of the sampling rule format: 1 is the only one` }),
});

/** An X-Ray sampling rule. It does not act on Lambda's own sampling (AWS.md C2). */
export const xraySamplingRule = defineType({
  type: monitoringTokens.samplingRule,
  inputs,
  invalid: 'InvalidRequestException',
  replaceOn: ['ruleName', 'version'],
  taggable: true,
  scope: 'region',
  onTaken: { refuse: 'InvalidRequestException' },
  seconds: { create: 1, update: 1, delete: 1 },
  key: ({ ruleName }, context) => physicalName({ name: ruleName }, context),
  render: (_rule, { key: ruleName, place }) => ({
    id: ruleName,
    computed: { ruleName, arn: arnOf('xray', `sampling-rule/${ruleName}`, place) },
  }),
  refuse: ({ op, key, place }, world) => {
    if (op !== 'create') return undefined;
    if (key === 'Default')
      return refusal('InvalidRequestException', 'The rule Default exists in every account and Region; it can be changed, not made');
    return world.list(monitoringTokens.samplingRule, place).length < MAX_RULES
      ? undefined
      : refusal('RuleLimitExceededException', `The account has ${MAX_RULES} sampling rules in ${place.region} already`);
  },
});
