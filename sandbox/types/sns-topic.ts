import { isDeepStrictEqual } from 'node:util';

import * as z from 'zod';

import type { Place, Properties, Refusal, WorldView } from '../resource-type';

import { arnOf } from './common/arn';
import { physicalName } from './common/auto-name';
import { findKey } from './common/kms-lookup';
import { monitoringTokens } from './common/monitoring-tokens';
import { readJsonObject } from './common/property-readers';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { conflict, oneOf, policyTextShape } from './common/shapes';
import { tagsShape } from './common/tags-shape';
import { defaultTopicPolicy, refuseTopicPolicy } from './common/topic-policy-rules';

const inputs = z
  .strictObject({
    archivePolicy: z.string().optional(),
    contentBasedDeduplication: z.boolean().default(false),
    deliveryPolicy: z.string().optional(),
    displayName: z.string().max(100).default(''),
    fifoThroughputScope: oneOf(['Topic', 'MessageGroup']).optional(),
    fifoTopic: z.boolean().default(false),
    kmsMasterKeyId: z.string().max(2048).optional(),
    name: z.string().optional(),
    namePrefix: z.string().optional(),
    policy: policyTextShape.optional(),
    signatureVersion: z.union([z.literal(1), z.literal(2)], { error: 'signatureVersion must be 1 or 2' }).default(1),
    tags: tagsShape.optional(),
    tracingConfig: oneOf(['PassThrough', 'Active']).default('PassThrough'),
  })
  .check(conflict(['name', 'namePrefix']));

type Topic = z.output<typeof inputs>;

/** An SNS topic. Delivery feedback roles are not simulated. */
export const snsTopic = defineType({
  type: monitoringTokens.topic,
  inputs,
  invalid: 'InvalidParameter',
  replaceOn: ['name', 'namePrefix', 'fifoTopic'],
  taggable: true,
  scope: 'region',
  onTaken: 'adopt',
  seconds: { create: 3, update: 2, delete: 1 },
  key: (topic, context) => `${physicalName(topic, context)}${topic.fifoTopic && topic.name === undefined ? '.fifo' : ''}`,
  render: (topic, { key: name, place }) => {
    const arn = arnOf('sns', name, place);
    return { id: arn, computed: { name, arn, owner: place.account, policy: topic.policy ?? defaultTopicPolicy(arn, place) } };
  },
  refuse: ({ op, inputs: topic, key: name, place }, world) => {
    if (op === 'delete') return undefined;
    return (
      refuseName(name, topic.fifoTopic) ??
      refuseFifoAttributes(topic) ??
      refuseJson(topic) ??
      (topic.policy === undefined ? undefined : refuseTopicPolicy(topic.policy)) ??
      refuseKeyOf(topic, { place, world }) ??
      (op === 'create' ? refuseTwin(topic, world.find(monitoringTokens.topic, name, place)?.inputs) : undefined)
    );
  },
});

function refuseName(name: string, fifo: boolean): Refusal | undefined {
  const stem = fifo ? name.replace(/\.fifo$/, '') : name;
  const valid = /^[A-Za-z0-9_-]+$/.test(stem) && name.length <= 256 && (!fifo || name.endsWith('.fifo'));
  return valid ? undefined : refusal('InvalidParameter', 'Invalid parameter: Topic Name');
}

function refuseFifoAttributes(topic: Topic): Refusal | undefined {
  if (topic.fifoTopic) return undefined;
  if (topic.contentBasedDeduplication)
    return refusal('InvalidParameter', 'Invalid parameter: Attributes Reason: Content-based deduplication can only be set for FIFO topics');
  if (topic.fifoThroughputScope !== undefined)
    return refusal('InvalidParameter', 'Invalid parameter: Attributes Reason: FifoThroughputScope can only be set for FIFO topics');
  return topic.archivePolicy === undefined
    ? undefined
    : refusal('InvalidParameter', 'Invalid parameter: Attributes Reason: ArchivePolicy can only be set for FIFO topics');
}

function refuseJson(topic: Topic): Refusal | undefined {
  const bad = (['archivePolicy', 'deliveryPolicy'] as const).find(
    (key) => topic[key] !== undefined && readJsonObject(topic[key]) === undefined,
  );
  return bad === undefined ? undefined : refusal('InvalidParameter', `Invalid parameter: ${bad}: failed to parse JSON.`);
}

function refuseKeyOf(
  { kmsMasterKeyId }: Topic,
  { place, world }: { readonly place: Place; readonly world: WorldView },
): Refusal | undefined {
  if (kmsMasterKeyId === undefined || kmsMasterKeyId === '') return undefined;
  const found = findKey(world, kmsMasterKeyId, place);
  if (found.kind === 'missing')
    return refusal('InvalidParameter', `Invalid parameter: KmsMasterKeyId Reason: the key ${kmsMasterKeyId} does not exist`);
  const usable =
    found.kind === 'managed' || (found.key.region === place.region && found.key.outputs.customerMasterKeySpec === 'SYMMETRIC_DEFAULT');
  return usable
    ? undefined
    : refusal('InvalidParameter', `Invalid parameter: KmsMasterKeyId Reason: ${kmsMasterKeyId} is no symmetric key of ${place.region}`);
}

/** CreateTopic answers with a topic that exists, unless it differs. */
function refuseTwin(topic: Topic, twin: Properties | undefined): Refusal | undefined {
  const parsed = twin === undefined ? undefined : inputs.safeParse(twin);
  if (!parsed?.success) return undefined;
  const { tags, ...attributes } = topic;
  const { tags: otherTags, ...otherAttributes } = parsed.data;
  if (!isDeepStrictEqual(attributes, otherAttributes))
    return refusal('InvalidParameter', 'Invalid parameter: Attributes Reason: Topic already exists with different attributes');
  return isDeepStrictEqual(tags ?? {}, otherTags ?? {})
    ? undefined
    : refusal('InvalidParameter', 'Invalid parameter: Tags Reason: Topic already exists with different tags');
}
