import * as z from 'zod';

import { parsePolicy } from './common/policy-document';
import { queueOfUrl } from './common/queue-url';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { policyTextShape } from './common/shapes';

/** Who may send to a queue: its policy as a resource of its own. Setting it again replaces it. */
export const queuePolicy = defineType({
  type: 'aws:sqs/queuePolicy:QueuePolicy',
  inputs: z.strictObject({ queueUrl: z.url(), policy: policyTextShape }),
  invalid: 'InvalidAttributeValue',
  replaceOn: ['queueUrl'],
  taggable: false,
  scope: 'region',
  onTaken: 'overwrite',
  seconds: { create: 30, update: 30, delete: 30 },
  key: ({ queueUrl }) => queueUrl,
  render: ({ queueUrl }) => ({ id: queueUrl, computed: {} }),
  refuse: ({ op, inputs, place }, world) => {
    if (op === 'delete') return undefined;
    if (!queueOfUrl(inputs.queueUrl, place, world)) return refusal('QueueDoesNotExist', 'The specified queue does not exist.');
    const parsed = parsePolicy(inputs.policy, 'resource');
    return parsed.ok ? undefined : refusal('InvalidAttributeValue', `Invalid value for the parameter Policy. (${parsed.problem})`);
  },
});
