import * as z from 'zod';

import { findTopic } from './common/locate-arn';
import { monitoringTokens } from './common/monitoring-tokens';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { arnShape, policyTextShape } from './common/shapes';
import { refuseTopicPolicy } from './common/topic-policy-rules';

const inputs = z.strictObject({ arn: arnShape(['sns']), policy: policyTextShape });

/** A topic's policy. Deleting it gives the topic its default policy back. */
export const snsTopicPolicy = defineType({
  type: monitoringTokens.topicPolicy,
  inputs,
  invalid: 'InvalidParameter',
  replaceOn: ['arn'],
  taggable: false,
  scope: 'region',
  onTaken: 'overwrite',
  seconds: { create: 1, update: 1, delete: 1 },
  key: ({ arn }) => arn,
  render: ({ arn }, { place }) => ({ id: arn, computed: { owner: place.account } }),
  refuse: ({ op, inputs: { arn, policy }, place }, world) => {
    if (op === 'delete') return undefined;
    const topic = findTopic(world, arn, place);
    if (topic?.region !== place.region || topic.account !== place.account) return refusal('NotFound', 'Topic does not exist');
    return refuseTopicPolicy(policy);
  },
});
