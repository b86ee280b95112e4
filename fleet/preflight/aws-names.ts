import { DescribeAlarmsCommand, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';

import type { NameKind } from '../../contracts/footprint';
import type { Target } from '../../contracts/target';
import { orAbsent } from '../aws/ask-at';

import type { ReadClients } from './aws-preflight-clients';

/** How AWS is asked whether names of a kind are taken. */
export interface NameQuestion {
  /** As IAM names the action. */
  readonly operation: string;
  /** Those of the names that are taken. Rejects with the SDK's error for everything but "there is none". */
  readonly ask: (clients: ReadClients, names: readonly string[], how: AskingNames) => Promise<readonly string[]>;
}

/** Where names are asked about, and how that is stopped. */
export interface AskingNames {
  readonly target: Target;
  readonly abort: { readonly abortSignal: AbortSignal };
}

/** Most names in one `DescribeAlarms`. */
const MAX_ALARM_NAMES = 100;

/** One call a name; `absent` are the errors' names by which AWS says that there is none. */
function oneByOne(
  operation: string,
  absent: readonly string[],
  call: (clients: ReadClients, name: string, how: AskingNames) => Promise<unknown>,
): NameQuestion {
  return {
    operation,
    ask: async (clients, names, how) => {
      const taken: string[] = [];
      for (const name of names) if ((await orAbsent(absent, () => call(clients, name, how))) !== undefined) taken.push(name);
      return taken;
    },
  };
}

/** How each kind is asked about. What is refused is no answer: a bucket that says 403 may be anybody's. */
export const nameQuestions: Readonly<Record<NameKind, NameQuestion>> = {
  function: oneByOne('lambda:GetFunctionConfiguration', ['ResourceNotFoundException'], ({ lambda }, FunctionName, { abort }) =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName }), abort),
  ),
  queue: oneByOne('sqs:GetQueueUrl', ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'], ({ sqs }, QueueName, { abort }) =>
    sqs.send(new GetQueueUrlCommand({ QueueName }), abort),
  ),
  table: oneByOne('dynamodb:DescribeTable', ['ResourceNotFoundException'], ({ dynamodb }, TableName, { abort }) =>
    dynamodb.send(new DescribeTableCommand({ TableName }), abort),
  ),
  bucket: oneByOne('s3:ListBucket', ['NotFound', 'NoSuchBucket'], ({ s3 }, Bucket, { abort }) =>
    s3.send(new HeadBucketCommand({ Bucket }), abort),
  ),
  'log group': {
    operation: 'logs:DescribeLogGroups',
    ask: async ({ logs }, names, { abort }) => {
      const taken: string[] = [];
      for (const name of names) if ((await findLogGroup(logs, name, abort)) !== undefined) taken.push(name);
      return taken;
    },
  },
  dashboard: oneByOne(
    'cloudwatch:GetDashboard',
    ['DashboardNotFoundError', 'ResourceNotFound', 'ResourceNotFoundException'],
    ({ cloudwatch }, DashboardName, { abort }) => cloudwatch.send(new GetDashboardCommand({ DashboardName }), abort),
  ),
  alarm: {
    operation: 'cloudwatch:DescribeAlarms',
    ask: async ({ cloudwatch }, names, { abort }) => {
      const taken: string[] = [];
      for (let first = 0; first < names.length; first += MAX_ALARM_NAMES) {
        const AlarmNames = names.slice(first, first + MAX_ALARM_NAMES);
        const input = { AlarmNames, AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const], MaxRecords: MAX_ALARM_NAMES };
        const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand(input), abort);
        taken.push(...[...MetricAlarms, ...CompositeAlarms].flatMap(({ AlarmName }) => AlarmName ?? []));
      }
      return taken;
    },
  },
  topic: oneByOne('sns:GetTopicAttributes', ['NotFound', 'NotFoundException'], ({ sns }, name, { target, abort }) =>
    sns.send(new GetTopicAttributesCommand({ TopicArn: `arn:aws:sns:${target.region}:${target.account}:${name}` }), abort),
  ),
  role: oneByOne('iam:GetRole', ['NoSuchEntity', 'NoSuchEntityException'], ({ iam }, RoleName, { abort }) =>
    iam.send(new GetRoleCommand({ RoleName }), abort),
  ),
};

/** A log group by its whole name: AWS is asked for a beginning of it. */
export async function findLogGroup(client: ReadClients['logs'], name: string, abort: AskingNames['abort']) {
  // The paginator takes no signal: what stops a run is looked at before each page.
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: name })) {
    abort.abortSignal.throwIfAborted();
    const found = logGroups.find(({ logGroupName }) => logGroupName === name);
    if (found !== undefined) return found;
  }
  return undefined;
}
