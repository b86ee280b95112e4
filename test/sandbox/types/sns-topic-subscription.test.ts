import type { Properties } from '../../../sandbox/resource-type';
import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { snsTopicSubscription } from '../../../sandbox/types/sns-topic-subscription';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld, otherAccount, otherRegion } from './fake-world';

const topic = 'arn:aws:sns:eu-west-1:111122223333:alerts';
const fifo = `${topic}.fifo`;
const subscription = (protocol: string, endpoint: string, more: Properties = {}): Properties => ({ topic, protocol, endpoint, ...more });
const https = subscription('https', 'https://events.pagerduty.com/integration/abc/enqueue');
const queue = 'arn:aws:sqs:eu-west-1:111122223333:orders';

function world(): FakeWorld {
  const made = new FakeWorld(monitoringTypes);
  made.given(tokens.topic, { name: 'alerts' });
  made.given(tokens.topic, { name: 'alerts.fifo', fifoTopic: true }, { instance: 'fifo' });
  return made;
}

test.each<[string, Properties, boolean]>([
  ['a URL', https, true],
  ['a URL that confirms by itself', { ...https, endpointAutoConfirms: true }, false],
  ['an e-mail address', subscription('email', 'on-call@example.com'), true],
  ['a function of another region', subscription('lambda', 'arn:aws:lambda:us-east-1:111122223333:function:notify:live'), false],
  [
    'a queue',
    subscription('sqs', queue, { rawMessageDelivery: true, redrivePolicy: JSON.stringify({ deadLetterTargetArn: `${queue}-dlq` }) }),
    false,
  ],
  ['a FIFO queue of a FIFO topic', subscription('sqs', `${queue}.fifo`, { topic: fifo }), false],
  ['a phone', subscription('sms', '+441632960000'), false],
  ['a filter', { ...https, filterPolicy: '{"severity":["critical"]}', filterPolicyScope: 'MessageBody' }, true],
])('takes %s', (_name, inputs, pendingConfirmation) => {
  const made = world().given(tokens.topicSubscription, inputs);
  expect(made.id).toMatch(new RegExp(`^${String(inputs.topic)}:[0-9a-f-]{36}$`));
  expect(made.outputs).toMatchObject({
    arn: made.id,
    ownerId: '111122223333',
    pendingConfirmation,
    confirmationWasAuthenticated: !pendingConfirmation,
  });
});

test.each<[string, Properties]>([
  ['an unknown protocol', subscription('slack', 'x')],
  ['plain http as https', subscription('https', 'http://example.com')],
  ['a URL without a host', subscription('https', 'https://')],
  ['an e-mail address without a domain', subscription('email', 'on-call')],
  ['a queue by URL', subscription('sqs', 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders')],
  ['a function by name', subscription('lambda', 'notify')],
  ['a FIFO queue of a standard topic', subscription('sqs', `${queue}.fifo`)],
  ['an e-mail address of a FIFO topic', subscription('email', 'on-call@example.com', { topic: fifo })],
  ['raw delivery by e-mail', subscription('email', 'on-call@example.com', { rawMessageDelivery: true })],
  ['a filter that is no JSON', { ...https, filterPolicy: 'critical' }],
  ['a filter of six keys', { ...https, filterPolicy: JSON.stringify({ a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] }) }],
  ['a filter scope without a filter', { ...https, filterPolicyScope: 'MessageBody' }],
  ['a dead-letter queue that is no queue', { ...https, redrivePolicy: '{"deadLetterTargetArn":"dlq"}' }],
  ['a delivery policy for a queue', subscription('sqs', queue, { deliveryPolicy: '{}' })],
  ['Firehose without a role', subscription('firehose', 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/x')],
  ['a topic by name', { ...https, topic: 'alerts' }],
  ['a topic of another region', { ...https, topic: 'arn:aws:sns:us-east-1:111122223333:alerts' }],
])('refuses %s', (_name, inputs) => {
  expect(world().create(tokens.topicSubscription, inputs)).toMatchObject({ kind: 'refused', name: 'InvalidParameter' });
});

test('a topic that does not exist cannot be subscribed to', () => {
  expect(world().create(tokens.topicSubscription, { ...https, topic: `${topic}-gone` })).toEqual({
    kind: 'refused',
    name: 'NotFound',
    message: 'Topic does not exist',
  });
  expect(
    world().create(tokens.topicSubscription, { ...https, topic: topic.replace('eu-west-1', 'us-east-1') }, { place: otherRegion }),
  ).toMatchObject({ name: 'NotFound' });
});

test('subscribing twice gives the same subscription, unless its attributes differ', () => {
  const made = world();
  const first = made.given(tokens.topicSubscription, https);
  expect(made.create(tokens.topicSubscription, https)).toMatchObject({ kind: 'done', resource: { id: first.id } });
  expect(made.create(tokens.topicSubscription, { ...https, rawMessageDelivery: true })).toMatchObject({
    kind: 'refused',
    name: 'InvalidParameter',
  });
});

test('another account may subscribe only where the topic’s policy lets it', () => {
  const made = world();
  const from = { place: otherAccount };
  expect(made.create(tokens.topicSubscription, https, from)).toMatchObject({ kind: 'refused', name: 'AuthorizationError' });
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'sns:Subscribe',
    Resource: topic,
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
  };
  made.given(tokens.topicPolicy, { arn: topic, policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) });
  expect(made.create(tokens.topicSubscription, https, from)).toMatchObject({
    kind: 'done',
    resource: { outputs: { ownerId: '444455556666' } },
  });
});

test('the topic’s own account needs no word of the policy', () => {
  const made = world();
  const statement = { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'sns:Publish', Resource: topic };
  made.given(tokens.topicPolicy, { arn: topic, policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) });
  expect(made.create(tokens.topicSubscription, https)).toMatchObject({ kind: 'done' });
});

test('another endpoint is another subscription', () => {
  expect(snsTopicSubscription.replaceOn).toEqual(['endpoint', 'protocol', 'topic']);
});
