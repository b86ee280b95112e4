import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';

import type { AwsType } from './aws-type';
import { retag, tagList, tagMap, tagsOf } from './tags';
import { differs, known, orGone, textOf } from './wording';

export const topic: AwsType = {
  type: 'aws:sns/topic:Topic',
  async create({ inputs }, { clients: { sns } }) {
    const Attributes = { ...(inputs.kmsMasterKeyId === undefined ? {} : { KmsMasterKeyId: textOf(inputs, 'kmsMasterKeyId') }) };
    const made = await sns.send(new CreateTopicCommand({ Name: textOf(inputs, 'name'), Attributes, Tags: tagList(tagsOf(inputs)) }));
    return made.TopicArn ?? '';
  },
  async update(standing, { clients: { sns } }) {
    const { id, inputs } = standing;
    if (differs(standing, ['kmsMasterKeyId'])) {
      const AttributeValue = String((inputs.kmsMasterKeyId as string | undefined) ?? '');
      await sns.send(new SetTopicAttributesCommand({ TopicArn: id, AttributeName: 'KmsMasterKeyId', AttributeValue }));
    }
    await retag(standing, {
      remove: (TagKeys) => sns.send(new UntagResourceCommand({ ResourceArn: id, TagKeys })),
      set: (tags) => sns.send(new TagResourceCommand({ ResourceArn: id, Tags: tagList(tags) })),
    });
  },
  async read({ id }, { clients: { sns } }) {
    const answer = await orGone(sns.send(new GetTopicAttributesCommand({ TopicArn: id })));
    if (!answer) return undefined;
    const { KmsMasterKeyId, Owner, DisplayName } = answer.Attributes ?? {};
    const { Tags } = await sns.send(new ListTagsForResourceCommand({ ResourceArn: id }));
    const told = { kmsMasterKeyId: KmsMasterKeyId, displayName: DisplayName ?? '', tags: tagMap(Tags) };
    return known({ ...told, arn: id, name: id.split(':').at(-1), owner: Owner });
  },
  async delete({ id }, { clients: { sns } }) {
    await orGone(sns.send(new DeleteTopicCommand({ TopicArn: id })));
  },
};

export const topicPolicy: AwsType = {
  type: 'aws:sns/topicPolicy:TopicPolicy',
  async create({ inputs }, { clients: { sns } }) {
    const TopicArn = textOf(inputs, 'arn');
    const AttributeValue = textOf(inputs, 'policy');
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
    return TopicArn;
  },
  async update(standing, call) {
    await this.create(standing, call);
  },
  async read({ id }, { clients: { sns } }) {
    const answer = await orGone(sns.send(new GetTopicAttributesCommand({ TopicArn: id })));
    return answer && { arn: id, policy: answer.Attributes?.Policy, owner: answer.Attributes?.Owner };
  },
  // The topic keeps a policy as long as it stands; it goes with it.
  delete: () => Promise.resolve(),
};

export const topicSubscription: AwsType = {
  type: 'aws:sns/topicSubscription:TopicSubscription',
  async create({ inputs }, { clients: { sns } }) {
    const [TopicArn, Protocol, Endpoint] = ['topic', 'protocol', 'endpoint'].map((name) => textOf(inputs, name));
    const made = await sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, ReturnSubscriptionArn: true }));
    return made.SubscriptionArn ?? '';
  },
  async read({ id }, { clients: { sns } }) {
    const answer = await orGone(sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: id })));
    if (!answer) return undefined;
    const { TopicArn, Protocol, Endpoint, Owner } = answer.Attributes ?? {};
    return known({ arn: id, topic: TopicArn, protocol: Protocol, endpoint: Endpoint, ownerId: Owner });
  },
  async delete({ id }, { clients: { sns } }) {
    await orGone(sns.send(new UnsubscribeCommand({ SubscriptionArn: id })));
  },
};
