import { orderMessageSchema } from '../../contracts/order-message';
import { heartbeatOrder } from '../../regional/heartbeat-order';

/** What EventBridge Scheduler puts in place of its keywords, in the form its guide shows. */
const sent = (execution: string) =>
  heartbeatOrder().replace('<aws.scheduler.execution-id>', execution).replace('<aws.scheduler.scheduled-time>', '2026-03-22T18:59:43Z');

test('the order that arrives is one the function takes, and is marked', () => {
  const order = orderMessageSchema.parse(JSON.parse(sent('d32c5kddcf5bb8c3')));

  expect(order).toMatchObject({ orderId: 'heartbeat-d32c5kddcf5bb8c3', synthetic: true });
});

test('each run is a new order: a repeated one would be a duplicate and prove nothing about the table', () => {
  expect(sent('aaaaaaaaaaaaaaaa')).not.toBe(sent('bbbbbbbbbbbbbbbb'));
});
