import * as z from 'zod';

import { computeTokens } from './common/compute-tokens';
import { queueOfUrl } from './common/queue-url';
import { refuseRedriveAllowPolicy } from './common/redrive-policy';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';

/** Which queues may use a queue for their dead letters. */
export const redriveAllowPolicy = defineType({
  type: computeTokens.redriveAllowPolicy,
  inputs: z.strictObject({ queueUrl: z.url(), redriveAllowPolicy: z.string() }),
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
    return refuseRedriveAllowPolicy(inputs.redriveAllowPolicy);
  },
});
