import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';

import type { AwsType } from './aws-type';
import { retag, tagsOf } from './tags';
import { differs, known, textOf } from './wording';

export const logGroup: AwsType = {
  type: 'aws:cloudwatch/logGroup:LogGroup',
  async create({ inputs }, { clients: { logs } }) {
    const logGroupName = textOf(inputs, 'name');
    const kmsKeyId = inputs.kmsKeyId as string | undefined;
    await logs.send(new CreateLogGroupCommand({ logGroupName, tags: tagsOf(inputs), ...(kmsKeyId !== undefined && { kmsKeyId }) }));
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: Number(inputs.retentionInDays) }));
    return logGroupName;
  },
  async update(standing, { clients: { logs } }) {
    const { id: logGroupName, inputs, outputs } = standing;
    if (differs(standing, ['retentionInDays']))
      await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: Number(inputs.retentionInDays) }));
    const resourceArn = textOf(outputs, 'arn');
    await retag(standing, {
      remove: (tagKeys) => logs.send(new UntagResourceCommand({ resourceArn, tagKeys })),
      set: (tags) => logs.send(new TagResourceCommand({ resourceArn, tags })),
    });
  },
  async read({ id }, { clients: { logs } }) {
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: id }));
    const found = logGroups.find(({ logGroupName }) => logGroupName === id);
    if (!found) return undefined;
    const arn = (found.arn ?? '').replace(/:\*$/, '');
    const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn: arn }));
    // As AWS's provider tells it: 0 is for ever.
    return known({ name: id, arn, retentionInDays: found.retentionInDays ?? 0, kmsKeyId: found.kmsKeyId, tags: tags ?? {} });
  },
  async delete({ id }, { clients: { logs } }) {
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: id }));
    if (logGroups.some(({ logGroupName }) => logGroupName === id)) await logs.send(new DeleteLogGroupCommand({ logGroupName: id }));
  },
};
