import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { DeleteAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, ListTopicsCommand } from '@aws-sdk/client-sns';
import { GetQueueUrlCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';

import type { OrderMessage } from '../../contracts/order-message';
import type { CheckedReport } from '../fleet/report/report-schema';

import type { AwsFleet, Ran } from './aws-fleet';
import type { AwsUnderTest } from './aws-under-test';
import type { ProductCopy } from '../helpers/product-copy';
import type { ServiceClients } from './provider/service-clients';
import { readRegional, standing, type RegionalTarget } from './read-back';
import { redriveLetter, type RedrivenLetter } from './redrive-letter';
import { sendOrder, stopMapping, takeOrders } from './take-orders';

/** Where a regional target is. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** What a fleet is lived with. */
export interface LifeParts {
  readonly aws: AwsUnderTest;
  readonly fleet: AwsFleet;
  readonly product: ProductCopy;
  readonly order: OrderMessage;
}

/** What was seen on the way; targets by id. */
export type Life = Awaited<ReturnType<typeof live>>;

/**
 * The whole life of a fleet: discovered, planned, rolled out, fed with an order, given a dead letter to send again, rolled out again with other code, changed by hand, destroyed.
 * After each step AWS is asked what there is.
 */
export async function live(parts: LifeParts) {
  const { aws, fleet, product } = parts;
  const discovered = await fleet.run('discover');
  const places = (discovered.result as { readonly workloads: readonly Place[] }).workloads.map(({ account, region }) => ({
    account,
    region,
  }));
  const [one, other] = places;
  if (!one || !other) throw new Error(`two workload targets are needed: ${discovered.err}`);
  const planned = await fleet.run('plan');
  const first = await fleet.rollOut();
  const made = await readAll(aws, places);
  const topics = await readTopics(aws, one.region);
  const failedOrders = await feed(one, first.release, parts);
  const item = await itemAt(one, parts);
  const elsewhere = await itemAt(other, { ...parts, patient: false });
  const letter = await sendAgain(one, parts);
  const clean = await fleet.run('drift', '--detailed-exitcode');

  product.edit('lambda/order/errors.ts', 'send a change as a new order id', 'a change needs an order id of its own');
  const second = await fleet.rollOut();
  const renewed = await readAll(aws, places);
  const pruned = await fleet.run('prune', '--yes', '--keep', '0');

  await changeByHand(await clientsAt(aws, one), await clientsAt(aws, other));
  const drifted = await fleet.run('drift', '--detailed-exitcode');
  const destroyed: Ran = await fleet.run('destroy', '--confirm', fleet.name, '--delete-data');
  const left = await leftovers(aws, places);
  return {
    places,
    discovered,
    planned,
    first,
    made,
    topics,
    failedOrders,
    item,
    elsewhere,
    letter,
    clean,
    second,
    renewed,
    pruned,
    drifted,
    destroyed,
    left,
  };
}

/** How the targets of a layer ended. */
export function outcomesOf({ targets }: CheckedReport, layer: string): readonly (string | null)[] {
  return targets.filter((target) => target.layer === layer).map(({ outcome }) => outcome);
}

/** How often, and how far apart, a real table is looked at for an order that was sent. */
const LOOKS = 60;
const LOOK_MS = 2000;

export const idOf = ({ account, region }: Place) => `regional/${account}/${region}`;

const clientsAt = (aws: AwsUnderTest, { account, region }: Place) => aws.clients(account, region);

async function readAll(aws: AwsUnderTest, places: readonly Place[]): Promise<ReadonlyMap<string, RegionalTarget>> {
  return new Map(
    await Promise.all(places.map(async (place) => [idOf(place), await readRegional(await clientsAt(aws, place), place)] as const)),
  );
}

/** The alert topics of a region by name, with where they lead. */
async function readTopics(aws: AwsUnderTest, region: string) {
  const { sns } = await aws.clients(aws.shared, region);
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const read = Topics.map(async ({ TopicArn = '' }) => {
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    return [TopicArn.split(':').at(-1) ?? '', { ...Attributes, endpoints: Subscriptions.map(({ Endpoint }) => Endpoint) }] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/** Feeds the order queue and, where no Lambda does it, runs the handler on what the queue gives. Resolves to the messages that failed. */
async function feed(place: Place, release: string, { aws, fleet, order }: LifeParts): Promise<readonly string[]> {
  const clients = await clientsAt(aws, place);
  if (!aws.emulated) {
    await sendOrder(clients, JSON.stringify(order));
    return [];
  }
  const restart = await stopMapping(clients);
  await sendOrder(clients, JSON.stringify(order));
  const folder = join(fleet.directory, '.fleet', 'releases', release);
  const failed = await takeOrders(clients, { release: folder, region: place.region, endpoint: aws.environment.AWS_ENDPOINT_URL ?? '' });
  await restart();
  return failed;
}

/** A dead letter's way back to the order queue; null with real accounts, whose functions take it at once. */
async function sendAgain(place: Place, { aws, fleet, order }: LifeParts): Promise<RedrivenLetter | null> {
  if (!aws.emulated) return null;
  const clients = await clientsAt(aws, place);
  const restart = await stopMapping(clients);
  const letter = await redriveLetter(clients, { fleet, body: JSON.stringify(order), place });
  await restart();
  return letter;
}

/** The order as it stands in a target's table. Real functions take it in their own time. */
async function itemAt(
  place: Place,
  { aws, order, patient = !aws.emulated }: LifeParts & { readonly patient?: boolean },
): Promise<Readonly<Record<string, AttributeValue>> | undefined> {
  const { dynamodb } = await clientsAt(aws, place);
  const Key = { orderId: { S: order.orderId } };
  for (let looks = patient ? LOOKS : 1; ; looks -= 1) {
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: 'orders-order-table', Key, ConsistentRead: true }));
    if (Item || looks === 1) return Item;
    await delay(LOOK_MS);
  }
}

/** As people do in a hurry: one shortens a timeout; another takes memory away and an alarm off. */
async function changeByHand(one: ServiceClients, other: ServiceClients): Promise<void> {
  const { QueueUrl } = await one.sqs.send(new GetQueueUrlCommand({ QueueName: 'orders-order-queue' }));
  await one.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '45' } }));
  await other.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'orders-order', MemorySize: 512 }));
  await other.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['orders-dlq-age'] }));
}

async function leftovers(aws: AwsUnderTest, places: readonly Place[]): Promise<readonly string[]> {
  const accounts = [aws.shared, aws.monitoring, ...new Set(places.map(({ account }) => account))];
  const regions = [...new Set(places.map(({ region }) => region))];
  const found: string[] = [];
  for (const account of accounts) for (const region of regions) found.push(...(await standing(await aws.clients(account, region))));
  return found;
}
