import { DeleteAlarmsCommand, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand, UntagResourceCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { DeleteScheduleCommand } from '@aws-sdk/client-scheduler';
import { GetQueueUrlCommand, SetQueueAttributesCommand, TagQueueCommand } from '@aws-sdk/client-sqs';

import type { ServiceClients } from './provider/service-clients';

/** Where it is done. */
interface Place {
  readonly account: string;
  readonly region: string;
}

/** One thing that people do in a hurry past the fleet, and what must be told of it: kind, resource, path, deployed, found. */
export interface ByHand {
  readonly told: readonly [kind: 'changed' | 'gone', name: string, path: string | null, deployed: unknown, found: unknown];
  carryOut(clients: ServiceClients, place: Place): Promise<unknown>;
}

const urlOf = async ({ sqs }: ServiceClients) => (await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders-order-queue' }))).QueueUrl;

/** What is done in a regional target. */
export const changesByHand: readonly ByHand[] = [
  {
    told: ['changed', 'order-queue', 'visibilityTimeoutSeconds', 180, 45],
    carryOut: async (clients) =>
      clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: await urlOf(clients), Attributes: { VisibilityTimeout: '45' } })),
  },
  {
    told: ['changed', 'order-queue', 'tags.Team', 'platform', 'nobody'],
    carryOut: async (clients) => clients.sqs.send(new TagQueueCommand({ QueueUrl: await urlOf(clients), Tags: { Team: 'nobody' } })),
  },
  {
    told: ['changed', 'errors', 'threshold', 0.01, 99],
    carryOut: async ({ cloudwatch }) => {
      const { MetricAlarms: [alarm] = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['orders-errors'] }));
      return cloudwatch.send(new PutMetricAlarmCommand({ ...(alarm as PutMetricAlarmCommand['input']), Threshold: 99 }));
    },
  },
  {
    told: ['changed', 'heartbeat-policy', 'policy.Statement[0].Action[1]', null, 'sqs:PurgeQueue'],
    carryOut: ({ iam }, { account, region }) => {
      const Resource = `arn:aws:sqs:${region}:${account}:orders-order-queue`;
      const statement = { Sid: 'SendSyntheticOrder', Effect: 'Allow', Action: ['sqs:SendMessage', 'sqs:PurgeQueue'], Resource };
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      return iam.send(new PutRolePolicyCommand({ RoleName: `orders-scheduler-${region}`, PolicyName: 'access', PolicyDocument }));
    },
  },
  {
    told: ['changed', 'archive-public-access', 'restrictPublicBuckets', true, false],
    carryOut: ({ s3 }, { account, region }) => {
      const PublicAccessBlockConfiguration = {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: false,
      };
      return s3.send(new PutPublicAccessBlockCommand({ Bucket: `orders-archive-${account}-${region}-an`, PublicAccessBlockConfiguration }));
    },
  },
  {
    told: ['changed', 'order-function', 'memorySize', 1024, 512],
    carryOut: ({ lambda }) => lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'orders-order', MemorySize: 512 })),
  },
  {
    told: ['changed', 'dead-letter-function', 'tags.Team', 'platform', null],
    carryOut: async ({ lambda }) => {
      const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: 'orders-dead-letter' }));
      return lambda.send(new UntagResourceCommand({ Resource: Configuration?.FunctionArn ?? '', TagKeys: ['Team'] }));
    },
  },
  {
    told: ['gone', 'dlq-age', null, null, null],
    carryOut: ({ cloudwatch }) => cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['orders-dlq-age'] })),
  },
  {
    told: ['gone', 'heartbeat-schedule', null, null, null],
    carryOut: ({ scheduler }) => scheduler.send(new DeleteScheduleCommand({ Name: 'orders-heartbeat' })),
  },
  {
    told: ['changed', 'order-logs', 'retentionInDays', 30, 0],
    carryOut: ({ logs }) => logs.send(new DeleteRetentionPolicyCommand({ logGroupName: '/orders/orders-order' })),
  },
];
