import { isDeepStrictEqual } from 'node:util';

import * as z from 'zod';

import type { Place, Properties, Refusal, WorldResource, WorldView } from '../resource-type';

import { findTopic } from './common/locate-arn';
import { monitoringTokens } from './common/monitoring-tokens';
import { knownPolicy } from './common/policy-document';
import { allows } from './common/policy-evaluation';
import { readJsonObject, readText } from './common/property-readers';
import { defineType } from './common/resource-definition';
import { refusal } from './common/refusal';
import { arnShape, oneOf, wholeNumber } from './common/shapes';
import { uuidOf } from './common/uuid';

const protocols = ['sqs', 'sms', 'lambda', 'firehose', 'application', 'email', 'email-json', 'http', 'https'] as const;
type Protocol = (typeof protocols)[number];

const MAX_FILTER_KEYS = 5;

const inputs = z.strictObject({
  confirmationTimeoutInMinutes: wholeNumber({ min: 1, max: 1440 }).default(1),
  deliveryPolicy: z.string().optional(),
  endpoint: z.string().min(1),
  endpointAutoConfirms: z.boolean().default(false),
  filterPolicy: z.string().optional(),
  filterPolicyScope: oneOf(['MessageAttributes', 'MessageBody']).optional(),
  protocol: oneOf(protocols),
  rawMessageDelivery: z.boolean().default(false),
  redrivePolicy: z.string().optional(),
  replayPolicy: z.string().optional(),
  subscriptionRoleArn: arnShape(['iam']).optional(),
  topic: arnShape(['sns']),
});

type Subscription = z.output<typeof inputs>;

/** A receiver of a topic's messages. Receivers that must confirm by hand stay pending, with an ARN, as the provider asks SNS for it. */
export const snsTopicSubscription = defineType({
  type: monitoringTokens.topicSubscription,
  inputs,
  invalid: 'InvalidParameter',
  replaceOn: ['endpoint', 'protocol', 'topic'],
  taggable: false,
  scope: 'region',
  onTaken: 'adopt',
  seconds: { create: 2, update: 1, delete: 2 },
  key: ({ topic, protocol, endpoint }) => `${topic}|${protocol}|${endpoint}`,
  render: (subscription, context) => {
    const arn = `${subscription.topic}:${uuidOf(context, 'subscription')}`;
    const pending = needsConfirmation(subscription);
    return {
      id: arn,
      computed: {
        arn,
        ownerId: context.place.account,
        pendingConfirmation: pending,
        confirmationWasAuthenticated: !pending,
        ...(subscription.filterPolicy !== undefined && { filterPolicyScope: subscription.filterPolicyScope ?? 'MessageAttributes' }),
      },
    };
  },
  refuse: ({ op, inputs: subscription, key, place }, world) => {
    if (op === 'delete') return undefined;
    if (subscription.topic.split(':')[3] !== place.region) return refusal('InvalidParameter', 'Invalid parameter: TopicArn');
    const topic = findTopic(world, subscription.topic, place);
    if (!topic) return refusal('NotFound', 'Topic does not exist');
    return (
      refuseSubscriber(topic, { place, world }) ??
      refuseEndpoint(subscription, topic) ??
      refuseAttributes(subscription) ??
      (op === 'create' ? refuseTwin(subscription, world.find(monitoringTokens.topicSubscription, key, place)?.inputs) : undefined)
    );
  },
});

function needsConfirmation({ protocol, endpointAutoConfirms }: Subscription): boolean {
  return protocol.startsWith('email') || (protocol.startsWith('http') && !endpointAutoConfirms);
}

/** Another account may subscribe only where the topic's policy lets it. */
function refuseSubscriber(
  topic: WorldResource,
  { place, world }: { readonly place: Place; readonly world: WorldView },
): Refusal | undefined {
  if (topic.account === place.account) return undefined;
  const arn = readText(topic.outputs, 'arn') ?? '';
  const separate = world.find(monitoringTokens.topicPolicy, arn, { ...place, account: topic.account });
  const document = knownPolicy(readText((separate ?? topic).outputs, 'policy'), 'resource');
  const allowed =
    document !== undefined &&
    allows([document], {
      action: 'sns:Subscribe',
      resource: arn,
      caller: { kind: 'account', account: place.account },
      context: { 'aws:PrincipalOrgID': place.organizationId, 'aws:PrincipalAccount': place.account, 'aws:SourceOwner': place.account },
    });
  return allowed
    ? undefined
    : refusal(
        'AuthorizationError',
        `User: arn:aws:iam::${place.account}:root is not authorized to perform: SNS:Subscribe on resource: ${arn}`,
      );
}

const endpoints: Readonly<Record<Protocol, { readonly pattern: RegExp; readonly message: string }>> = {
  sqs: { pattern: /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/, message: 'Invalid parameter: SQS endpoint ARN' },
  lambda: {
    pattern: /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w$-]+)?$/,
    message: 'Invalid parameter: Lambda endpoint ARN',
  },
  firehose: {
    pattern: /^arn:aws:firehose:[a-z0-9-]+:\d{12}:deliverystream\/[\w.-]{1,64}$/,
    message: 'Invalid parameter: Firehose endpoint ARN',
  },
  application: { pattern: /^arn:aws:sns:[a-z0-9-]+:\d{12}:endpoint\/.+$/, message: 'Invalid parameter: Application endpoint arn invalid' },
  sms: { pattern: /^\+?[0-9][0-9 ().-]{4,20}$/, message: 'Invalid parameter: Invalid SMS endpoint' },
  email: { pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, message: 'Invalid parameter: Email address' },
  'email-json': { pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, message: 'Invalid parameter: Email address' },
  http: { pattern: /^http:\/\/[^\s/]+/, message: 'Invalid parameter: Endpoint must match the specified protocol' },
  https: { pattern: /^https:\/\/[^\s/]+/, message: 'Invalid parameter: Endpoint must match the specified protocol' },
};

function refuseEndpoint({ protocol, endpoint }: Subscription, topic: WorldResource): Refusal | undefined {
  const { pattern, message } = endpoints[protocol];
  if (!pattern.test(endpoint)) return refusal('InvalidParameter', `${message}: ${endpoint}`);
  const fifoTopic = topic.outputs.fifoTopic === true;
  if (fifoTopic && protocol !== 'sqs')
    return refusal('InvalidParameter', 'Invalid parameter: Invalid parameter: Endpoint Reason: Please use FIFO SQS queue');
  if (!fifoTopic && protocol === 'sqs' && endpoint.endsWith('.fifo')) {
    return refusal(
      'InvalidParameter',
      'Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    );
  }
  return undefined;
}

function refuseAttributes(subscription: Subscription): Refusal | undefined {
  const { protocol } = subscription;
  const invalid = (message: string) => refusal('InvalidParameter', `Invalid parameter: ${message}`);
  const notJson = (['deliveryPolicy', 'filterPolicy', 'redrivePolicy', 'replayPolicy'] as const).find(
    (key) => subscription[key] !== undefined && readJsonObject(subscription[key]) === undefined,
  );
  if (notJson !== undefined) return invalid(`${notJson}: failed to parse JSON.`);
  const filterKeys = Object.keys(readJsonObject(subscription.filterPolicy ?? '{}') ?? {}).length;
  if (filterKeys > MAX_FILTER_KEYS) return invalid(`FilterPolicy: Filter policy can not have more than ${MAX_FILTER_KEYS} keys`);
  if (subscription.filterPolicyScope !== undefined && subscription.filterPolicy === undefined)
    return invalid('FilterPolicyScope needs FilterPolicy');
  if (subscription.rawMessageDelivery && !['sqs', 'http', 'https', 'firehose'].includes(protocol))
    return invalid(`Delivery protocol [${protocol}] does not support raw message delivery.`);
  if (subscription.deliveryPolicy !== undefined && !protocol.startsWith('http'))
    return invalid(`Delivery protocol [${protocol}] does not support delivery policies.`);
  if ((protocol === 'firehose') !== (subscription.subscriptionRoleArn !== undefined))
    return invalid('Attributes Reason: SubscriptionRoleArn goes with the firehose protocol, and only with it');
  const redrive = subscription.redrivePolicy === undefined ? undefined : readJsonObject(subscription.redrivePolicy);
  if (redrive && !endpoints.sqs.pattern.test(readText(redrive, 'deadLetterTargetArn') ?? ''))
    return invalid('RedrivePolicy: deadLetterTargetArn is an invalid arn');
  return undefined;
}

/** Subscribe answers with a subscription that exists, unless it differs. */
function refuseTwin(subscription: Subscription, twin: Properties | undefined): Refusal | undefined {
  const parsed = twin === undefined ? undefined : inputs.safeParse(twin);
  if (!parsed?.success || isDeepStrictEqual(parsed.data, subscription)) return undefined;
  return refusal('InvalidParameter', 'Invalid parameter: Attributes Reason: Subscription already exists with different attributes');
}
