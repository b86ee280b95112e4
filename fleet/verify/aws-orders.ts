import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';

import type { Target } from '../../contracts/target';
import type { AccountClients } from '../aws/account-clients';
import { askAt } from '../aws/ask-at';
import { allPages } from '../discovery/pages';
import { sumOfPages } from '../gates/count-orders';
import type { AskOptions } from '../preflight/preflight-source';
import type { Clock } from '../ports';

import type { OrderClients } from './aws-order-clients';
import type { DeployedSource } from './deployed-source';

const MINUTE_MS = 60_000;

/** A synthetic order's way through AWS. Whether it is a dead letter is not looked at: what does not arrive in time has not arrived. */
export function awsOrders(clients: AccountClients<OrderClients>, clock: Clock): Pick<DeployedSource, 'send' | 'fate' | 'counted'> {
  const at = <Value>(target: Target, { signal }: AskOptions, [operation, call]: Question<Value>) =>
    askAt({ operation, at: target, signal, role: clients.role, call: (abort) => call(clients.at(target), abort) });
  return {
    send: (target, { queueUrl: QueueUrl, body: MessageBody }, options) =>
      at(target, options, [
        'sqs:SendMessage',
        async ({ sqs }, abort) => void (await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }), abort)),
      ]),
    fate: (target, { orderId, route }, options) =>
      at(target, options, [
        'dynamodb:GetItem',
        async ({ dynamodb }, abort) => {
          const input = { TableName: route.tableName, Key: { orderId: { S: orderId } }, ConsistentRead: true };
          return (await dynamodb.send(new GetItemCommand(input), abort)).Item === undefined ? 'waiting' : 'stored';
        },
      ]),
    counted: (target, { count, order }, options) =>
      at(target, options, [
        'cloudwatch:GetMetricData',
        async ({ cloudwatch }, abort) => {
          const Dimensions = Object.entries(count.dimensions).map(([Name, Value]) => ({ Name, Value }));
          const Metric = { Namespace: count.namespace, MetricName: count.metric, Dimensions };
          const MetricDataQueries = [{ Id: 'orders', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }];
          // Whole minutes, the one in which it was sent included: an order is counted in the minute of its work.
          const StartTime = new Date(Math.floor(order.sentAt.getTime() / MINUTE_MS) * MINUTE_MS);
          const EndTime = new Date((Math.floor(clock.now().getTime() / MINUTE_MS) + 1) * MINUTE_MS);
          const pages = await allPages(async (NextToken) => {
            const page = await cloudwatch.send(new GetMetricDataCommand({ MetricDataQueries, StartTime, EndTime, NextToken }), abort);
            return { items: page.MetricDataResults, next: page.NextToken };
          });
          return sumOfPages(pages.filter(({ Id }) => Id === 'orders'));
        },
      ]),
  };
}

type Question<Value> = readonly [
  operation: string,
  call: (clients: OrderClients, abort: { readonly abortSignal: AbortSignal }) => Promise<Value>,
];
