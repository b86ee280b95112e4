import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type AttributeDefinition,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

import type { Properties } from '../../../sandbox/resource-type';

import type { AwsType } from './aws-type';
import { retag, tagList, tagMap, tagsOf } from './tags';
import { differs, orGone, textOf } from './wording';

export const table: AwsType = {
  type: 'aws:dynamodb/table:Table',
  async create({ inputs }, { clients: { dynamodb } }) {
    const TableName = textOf(inputs, 'name');
    const attributes = inputs.attributes as readonly { readonly name: string; readonly type: AttributeDefinition['AttributeType'] }[];
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
        KeySchema: [{ AttributeName: textOf(inputs, 'hashKey'), KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: inputs.deletionProtectionEnabled === true,
        Tags: tagList(tagsOf(inputs)),
      }),
    );
    await setBackups(dynamodb, TableName, inputs);
    // DynamoDB refuses to turn off what was never on.
    if (expiryOf(inputs).enabled) await setExpiry(dynamodb, TableName, inputs);
    return TableName;
  },
  async update(standing, { clients: { dynamodb } }) {
    const { id: TableName, inputs, outputs } = standing;
    if (differs(standing, ['deletionProtectionEnabled']))
      await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: inputs.deletionProtectionEnabled === true }));
    if (differs(standing, ['pointInTimeRecovery'])) await setBackups(dynamodb, TableName, inputs);
    if (differs(standing, ['ttl'])) await setExpiry(dynamodb, TableName, inputs);
    await retag(standing, {
      remove: (TagKeys) => dynamodb.send(new UntagResourceCommand({ ResourceArn: textOf(outputs, 'arn'), TagKeys })),
      set: (tags) => dynamodb.send(new TagResourceCommand({ ResourceArn: textOf(outputs, 'arn'), Tags: tagList(tags) })),
    });
  },
  async read({ id: TableName }, { clients: { dynamodb } }) {
    const answer = await orGone(dynamodb.send(new DescribeTableCommand({ TableName })));
    if (!answer?.Table) return undefined;
    const { AttributeDefinitions = [], KeySchema = [], BillingModeSummary, DeletionProtectionEnabled, TableArn = '' } = answer.Table;
    const { ContinuousBackupsDescription: backups } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
    const { TimeToLiveDescription: expiry } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
    const { Tags } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: TableArn }));
    return {
      name: TableName,
      arn: TableArn,
      attributes: AttributeDefinitions.map(({ AttributeName, AttributeType }) => ({ name: AttributeName, type: AttributeType })),
      hashKey: KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName,
      billingMode: BillingModeSummary?.BillingMode,
      deletionProtectionEnabled: DeletionProtectionEnabled,
      pointInTimeRecovery: { enabled: backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED' },
      ...(expiry?.TimeToLiveStatus === 'ENABLED' && { ttl: { enabled: true, attributeName: expiry.AttributeName } }),
      tags: tagMap(Tags),
    };
  },
  async delete({ id: TableName }, { clients: { dynamodb } }) {
    await orGone(dynamodb.send(new DeleteTableCommand({ TableName })));
  },
};

async function setBackups(dynamodb: DynamoDBClient, TableName: string, { pointInTimeRecovery }: Properties): Promise<void> {
  const { enabled = false } = (pointInTimeRecovery ?? {}) as { readonly enabled?: boolean };
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: enabled };
  await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
}

function expiryOf({ ttl }: Properties): { readonly enabled: boolean; readonly attributeName: string } {
  const { enabled = false, attributeName = '' } = (ttl ?? {}) as { readonly enabled?: boolean; readonly attributeName?: string };
  return { enabled, attributeName };
}

async function setExpiry(dynamodb: DynamoDBClient, TableName: string, inputs: Properties): Promise<void> {
  const { enabled: Enabled, attributeName: AttributeName } = expiryOf(inputs);
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } }));
}
