import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';

import type { Properties } from '../../../sandbox/resource-type';

import type { AwsType } from './aws-type';
import { retag, tagsOf } from './tags';
import { orGone, textOf } from './wording';

/** Names of attributes in SQS's API. */
const ATTRIBUTES = {
  delaySeconds: 'DelaySeconds',
  kmsMasterKeyId: 'KmsMasterKeyId',
  maxMessageSize: 'MaximumMessageSize',
  messageRetentionSeconds: 'MessageRetentionPeriod',
  receiveWaitTimeSeconds: 'ReceiveMessageWaitTimeSeconds',
  redrivePolicy: 'RedrivePolicy',
  sqsManagedSseEnabled: 'SqsManagedSseEnabled',
  visibilityTimeoutSeconds: 'VisibilityTimeout',
} as const;

export const queue: AwsType = {
  type: 'aws:sqs/queue:Queue',
  async create({ inputs }, { clients, place }) {
    const name = textOf(inputs, 'name');
    await clients.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes(inputs), tags: tagsOf(inputs) }));
    // As AWS gives it; an emulator gives its own address.
    return `https://sqs.${place.region}.amazonaws.com/${place.account}/${name}`;
  },
  async update(standing, { clients: { sqs } }) {
    const QueueUrl = standing.id;
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributes(standing.inputs) }));
    await retag(standing, {
      remove: (TagKeys) => sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys })),
      set: (Tags) => sqs.send(new TagQueueCommand({ QueueUrl, Tags })),
    });
  },
  async read({ id: QueueUrl }, { clients: { sqs } }) {
    const answer = await orGone(sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })));
    if (!answer) return undefined;
    const { Attributes: told = {} } = answer;
    const read = Object.entries(ATTRIBUTES).flatMap(([name, attribute]) => (told[attribute] ? [[name, valueOf(told[attribute])]] : []));
    const { Tags = {} } = await sqs.send(new ListQueueTagsCommand({ QueueUrl }));
    const arn = told.QueueArn ?? '';
    return { ...(Object.fromEntries(read) as Properties), tags: Tags, arn, url: QueueUrl, name: arn.split(':').at(-1) };
  },
  async delete({ id: QueueUrl }, { clients: { sqs } }) {
    await orGone(sqs.send(new DeleteQueueCommand({ QueueUrl })));
  },
};

function attributes(inputs: Properties): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ATTRIBUTES).flatMap(([name, attribute]) =>
      inputs[name] === undefined ? [] : [[attribute, String(inputs[name] as string | number | boolean)]],
    ),
  );
}

function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
}
