import * as z from 'zod';

import type { Refusal, WorldView } from '../resource-type';

import { arnOf } from './common/arn';
import { physicalName } from './common/auto-name';
import { computeTokens } from './common/compute-tokens';
import { parsePolicy } from './common/policy-document';
import { queueUrl } from './common/queue-url';
import { refuseRedriveAllowPolicy, refuseRedrivePolicy } from './common/redrive-policy';
import { defineType, type TypedRequest } from './common/resource-definition';
import { refusal } from './common/refusal';
import { conflict, oneOf, policyTextShape, textOf, wholeNumber } from './common/shapes';
import { tagsShape } from './common/tags-shape';

/** SQS keeps a name this long after its queue was deleted. */
const NAME_HELD_SECONDS = 60;

const shape = z
  .strictObject({
    name: textOf({
      pattern: /^[A-Za-z0-9_-]+(\.fifo)?$/,
      max: 80,
      what: 'letters, digits, _ and -, with .fifo at the end of a FIFO queue',
    }).optional(),
    namePrefix: textOf({ pattern: /^[A-Za-z0-9_-]+$/, max: 73, what: 'letters, digits, _ and -' }).optional(),
    contentBasedDeduplication: z.boolean().default(false),
    deduplicationScope: oneOf(['messageGroup', 'queue']).optional(),
    delaySeconds: wholeNumber({ min: 0, max: 900 }).default(0),
    fifoQueue: z.boolean().default(false),
    fifoThroughputLimit: oneOf(['perQueue', 'perMessageGroupId']).optional(),
    kmsDataKeyReusePeriodSeconds: wholeNumber({ min: 60, max: 86_400 }).default(300),
    kmsMasterKeyId: z.string().min(1).optional(),
    maxMessageSize: wholeNumber({ min: 1024, max: 1_048_576 }).default(262_144),
    messageRetentionSeconds: wholeNumber({ min: 60, max: 1_209_600 }).default(345_600),
    policy: policyTextShape.optional(),
    receiveWaitTimeSeconds: wholeNumber({ min: 0, max: 20 }).default(0),
    redriveAllowPolicy: z.string().optional(),
    redrivePolicy: z.string().optional(),
    sqsManagedSseEnabled: z.boolean().optional(),
    tags: tagsShape.optional(),
    visibilityTimeoutSeconds: wholeNumber({ min: 0, max: 43_200 }).default(30),
  })
  .check(conflict(['name', 'namePrefix']))
  .superRefine((queue, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (queue.kmsMasterKeyId !== undefined && queue.sqsManagedSseEnabled === true) {
      wrong(
        'sqsManagedSseEnabled',
        'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
      );
    }
    if (queue.name !== undefined && queue.name.endsWith('.fifo') !== queue.fifoQueue) {
      wrong('name', `${queue.name} must end in .fifo if, and only if, fifoQueue is true`);
    }
    if (queue.fifoQueue) {
      if (queue.fifoThroughputLimit === 'perMessageGroupId' && queue.deduplicationScope !== 'messageGroup') {
        wrong('fifoThroughputLimit', 'perMessageGroupId is allowed only where deduplicationScope is messageGroup');
      }
      return;
    }
    if (queue.contentBasedDeduplication) wrong('contentBasedDeduplication', 'Content-based deduplication is for FIFO queues only');
    if (queue.deduplicationScope !== undefined) wrong('deduplicationScope', 'The deduplication scope is for FIFO queues only');
    if (queue.fifoThroughputLimit !== undefined) wrong('fifoThroughputLimit', 'The FIFO throughput limit is for FIFO queues only');
  });

type QueueInputs = z.output<typeof shape>;

/** Attributes that CreateQueue compares where the name exists already, by their names in SQS's API. */
const COMPARED: Readonly<Record<string, keyof QueueInputs>> = {
  DelaySeconds: 'delaySeconds',
  MaximumMessageSize: 'maxMessageSize',
  MessageRetentionPeriod: 'messageRetentionSeconds',
  ReceiveMessageWaitTimeSeconds: 'receiveWaitTimeSeconds',
  VisibilityTimeout: 'visibilityTimeoutSeconds',
  KmsMasterKeyId: 'kmsMasterKeyId',
  RedrivePolicy: 'redrivePolicy',
};

/** An SQS queue. */
export const queue = defineType({
  type: computeTokens.queue,
  inputs: shape,
  invalid: 'InvalidAttributeValue',
  replaceOn: ['name', 'namePrefix', 'fifoQueue'],
  taggable: true,
  scope: 'region',
  onTaken: 'adopt',
  // The provider tries again for 70 seconds.
  waitsOut: { name: 'QueueDeletedRecently', seconds: 70 },
  // The provider waits for attributes to settle 6 times 5 seconds, and 15 times 3 for the queue to be gone (AWS.md G2).
  seconds: { create: 30, update: 30, delete: 45 },
  key: (inputs, context) => {
    const name = physicalName(inputs, context);
    return inputs.fifoQueue && !name.endsWith('.fifo') ? `${name}.fifo` : name;
  },
  render: (inputs, { key, place }) => {
    const url = queueUrl(key, place);
    return {
      id: url,
      computed: {
        name: key,
        url,
        arn: arnOf('sqs', key, place),
        // New queues are encrypted by SQS unless a key is named or it is turned off.
        sqsManagedSseEnabled: inputs.sqsManagedSseEnabled ?? inputs.kmsMasterKeyId === undefined,
        ...(inputs.fifoQueue && {
          deduplicationScope: inputs.deduplicationScope ?? 'queue',
          fifoThroughputLimit: inputs.fifoThroughputLimit ?? 'perQueue',
        }),
      },
    };
  },
  refuse: (request, world) => (request.op === 'delete' ? undefined : (refuseName(request, world) ?? refuseDocuments(request, world))),
});

function refuseName(request: TypedRequest<QueueInputs>, world: WorldView): Refusal | undefined {
  if (request.op !== 'create') return undefined;
  const { key, place, outputs } = request;
  const deleted = world.secondsSinceDeleted(computeTokens.queue, key, place);
  const taken = world.find(computeTokens.queue, key, place);
  if (!taken && deleted !== undefined && deleted < NAME_HELD_SECONDS) {
    return refusal(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    );
  }
  const differing = taken && Object.entries(COMPARED).find(([, input]) => taken.outputs[input] !== outputs[input])?.[0];
  return differing === undefined
    ? undefined
    : refusal('QueueNameExists', `A queue already exists with the same name and a different value for attribute ${differing}`);
}

function refuseDocuments({ inputs, key, outputs, place }: TypedRequest<QueueInputs>, world: WorldView): Refusal | undefined {
  if (inputs.policy !== undefined && inputs.policy !== '' && !parsePolicy(inputs.policy, 'resource').ok) {
    return refusal('InvalidAttributeValue', 'Invalid value for the parameter Policy.');
  }
  const source = { arn: String(outputs.arn), fifo: key.endsWith('.fifo'), place };
  return (
    (inputs.redrivePolicy === undefined ? undefined : refuseRedrivePolicy(inputs.redrivePolicy, source, world)) ??
    (inputs.redriveAllowPolicy === undefined ? undefined : refuseRedriveAllowPolicy(inputs.redriveAllowPolicy))
  );
}
