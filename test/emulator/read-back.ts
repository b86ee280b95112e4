import { DescribeAlarmsCommand, ListDashboardsCommand, ListTagsForResourceCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeContinuousBackupsCommand, DescribeTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, GetRolePolicyCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import {
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  ListAliasesCommand as ListFunctionAliasesCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
} from '@aws-sdk/client-s3';
import { GetScheduleCommand, ListSchedulesCommand } from '@aws-sdk/client-scheduler';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, GetQueueUrlCommand, ListQueueTagsCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';

import type { ServiceClients } from './provider/service-clients';

/** A regional target of fleet `orders` as AWS's own APIs tell it. */
export type RegionalTarget = Awaited<ReturnType<typeof readRegional>>;

export async function readRegional(clients: ServiceClients, { account, region }: { readonly account: string; readonly region: string }) {
  const { cloudwatch, dynamodb, iam, lambda, logs, s3, scheduler } = clients;
  const FunctionName = 'orders-order';
  const TableName = 'orders-order-table';
  const Bucket = `orders-archive-${account}-${region}-an`;
  const [fn, versions, aliases, mappings, onFailure] = await Promise.all([
    lambda.send(new GetFunctionCommand({ FunctionName })),
    lambda.send(new ListVersionsByFunctionCommand({ FunctionName })),
    lambda.send(new ListFunctionAliasesCommand({ FunctionName })),
    lambda.send(new ListEventSourceMappingsCommand({})),
    lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: 'live' })),
  ]);
  const [orders, deadLetters] = [await readQueue(clients, 'orders-order-queue'), await readQueue(clients, 'orders-order-dlq')];
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
  const failuresArn = MetricAlarms.find(({ AlarmName }) => AlarmName === 'orders-order-failures')?.AlarmArn;
  const RoleName = `orders-order-${region}`;
  return {
    function: fn,
    versions: (versions.Versions ?? []).map(({ Version }) => Version),
    aliases: Object.fromEntries((aliases.Aliases ?? []).map(({ Name = '', FunctionVersion }) => [Name, FunctionVersion])),
    mapping: (mappings.EventSourceMappings ?? []).find(({ EventSourceArn }) => EventSourceArn?.endsWith(':orders-order-queue')),
    onFailure: onFailure.DestinationConfig?.OnFailure?.Destination,
    queues: { orders, deadLetters },
    table: (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table,
    backups: (await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }))).ContinuousBackupsDescription,
    alarms: MetricAlarms,
    composites: CompositeAlarms,
    alarmTags: (await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: failuresArn }))).Tags,
    logGroups: (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/orders/' }))).logGroups,
    role: (await iam.send(new GetRoleCommand({ RoleName }))).Role,
    access: decodeURIComponent((await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'access' }))).PolicyDocument ?? ''),
    archive: {
      encryption: (await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration,
      lifecycle: (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules,
      policy: (await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy,
      publicAccess: (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration,
    },
    schedule: await scheduler.send(new GetScheduleCommand({ Name: 'orders-heartbeat' })),
    dashboards: (await cloudwatch.send(new ListDashboardsCommand({}))).DashboardEntries?.map(({ DashboardName }) => DashboardName),
  };
}

async function readQueue({ sqs }: ServiceClients, QueueName: string) {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return { url: QueueUrl, attributes: Attributes, tags: (await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags };
}

/** Names of all that stands in an account and region and bears the fleet's name. Keys that wait for their deletion do not stand. */
export async function standing(clients: ServiceClients): Promise<readonly string[]> {
  const { cloudwatch, dynamodb, iam, kms, lambda, logs, s3, scheduler, sns, sqs } = clients;
  const alarms = await cloudwatch.send(new DescribeAlarmsCommand({}));
  const keys = (await kms.send(new ListKeysCommand({}))).Keys ?? [];
  const described = await Promise.all(keys.map(({ KeyId }) => kms.send(new DescribeKeyCommand({ KeyId }))));
  const names = [
    ...((await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []),
    ...((await sns.send(new ListTopicsCommand({}))).Topics ?? []).map(({ TopicArn }) => TopicArn),
    ...((await lambda.send(new ListFunctionsCommand({}))).Functions ?? []).map(({ FunctionName }) => FunctionName),
    ...((await lambda.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings ?? []).map(({ FunctionArn }) => FunctionArn),
    ...((await dynamodb.send(new ListTablesCommand({}))).TableNames ?? []),
    ...((await iam.send(new ListRolesCommand({}))).Roles ?? []).map(({ RoleName }) => RoleName),
    ...((await logs.send(new DescribeLogGroupsCommand({}))).logGroups ?? []).map(({ logGroupName }) => logGroupName),
    ...[...(alarms.MetricAlarms ?? []), ...(alarms.CompositeAlarms ?? [])].map(({ AlarmName }) => AlarmName),
    ...((await cloudwatch.send(new ListDashboardsCommand({}))).DashboardEntries ?? []).map(({ DashboardName }) => DashboardName),
    ...((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name),
    ...((await scheduler.send(new ListSchedulesCommand({}))).Schedules ?? []).map(({ Name }) => Name),
    ...((await kms.send(new ListAliasesCommand({}))).Aliases ?? []).map(({ AliasName }) => AliasName),
    ...described.flatMap(({ KeyMetadata: key }) => (key?.KeyState === 'PendingDeletion' ? [] : [`${key?.Description} key`])),
  ];
  // Keys have no name, but a description.
  return names.flatMap((name) => (name !== undefined && /orders|alert topics of the fleet/.test(name) ? [name] : []));
}
