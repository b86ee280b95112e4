import { deadLetterClasses, MAX_ORDER_BYTES, type DeadLetterClass } from '../../../contracts/order-message';
import { RecordError } from '../../../lambda/common/record-error';
import { classifyDeadLetter } from '../../../lambda/dead-letter/classify-dead-letter';
import { deadLetterRecord, failureBody, order } from '../fixtures/records';

const orderBody = JSON.stringify(order());
/** A message that no queue's redrive brought here. */
const direct = (body: string, receives = 1) =>
  deadLetterRecord({ body, attributes: { DeadLetterQueueSourceArn: undefined, ApproximateReceiveCount: String(receives) } });
const batchOf = (number: number) =>
  failure(undefined, { requestPayload: { Records: Array.from({ length: number }, () => ({ body: orderBody })) } });
const redriven = (body: string) => deadLetterRecord({ body });
const failure = (responsePayload: unknown, changes: Readonly<Record<string, unknown>> = {}) =>
  direct(failureBody({ responsePayload, ...changes }));
const condition = (text: string) => ({ requestContext: { condition: text } });

test.each<{ what: string; record: ReturnType<typeof direct>; is: DeadLetterClass; because: string }>([
  {
    what: 'a valid order whose retries ran out',
    record: deadLetterRecord(),
    is: 'transient',
    because: 'received 6 times: retries ran out',
  },
  { what: 'a valid order received before, of no named source', record: direct(orderBody, 6), is: 'transient', because: 'received 6 times' },
  { what: 'a valid order put straight into the queue', record: direct(orderBody), is: 'unknown', because: 'came from no order queue' },
  { what: 'text', record: redriven('hello'), is: 'malformed', because: 'is not JSON' },
  { what: 'an empty body', record: direct(''), is: 'malformed', because: 'is not JSON' },
  { what: 'a body over the limit', record: redriven('x'.repeat(MAX_ORDER_BYTES + 1)), is: 'malformed', because: 'over the limit' },
  { what: 'a later schema version', record: redriven('{"schemaVersion":2}'), is: 'malformed', because: 'schemaVersion 2' },
  { what: 'an order without items', record: redriven(JSON.stringify(order({ items: [] }))), is: 'malformed', because: 'items too_small' },
  {
    what: 'what looks like a failure record but came through the order queue',
    record: redriven(failureBody()),
    is: 'malformed',
    because: 'unrecognized_keys',
  },
  {
    what: 'a failure record of a time-out',
    record: direct(failureBody()),
    is: 'transient',
    because: 'RetriesExhausted, Sandbox.Timedout: RequestId',
  },
  {
    what: 'a failure record of an event that grew too old',
    record: failure(undefined, condition('EventAgeExceeded')),
    is: 'transient',
    because: 'EventAgeExceeded, no error type',
  },
  {
    what: 'a failure record of a condition nobody knows',
    record: failure(undefined, condition('Elsewise')),
    is: 'unknown',
    because: 'Elsewise',
  },
  {
    what: 'one forged letter of thousands of orders',
    record: batchOf(5000),
    is: 'unknown',
    because: '5000 orders in one letter, over the limit of 10',
  },
  { what: 'a failure record whose response is text', record: failure('boom'), is: 'transient', because: 'no error type: no message' },
  {
    what: 'a failure record around no order',
    record: failure({ errorType: 'TypeError' }, { requestPayload: { hello: 1 } }),
    is: 'malformed',
    because: 'order does not match',
  },
  {
    what: 'a failure record around a batch',
    record: failure({}, { requestPayload: { Records: [{ body: orderBody }] } }),
    is: 'transient',
    because: 'RetriesExhausted',
  },
  {
    what: 'a failure record around a batch with one bad message',
    record: failure({}, { requestPayload: { Records: [{ body: orderBody }, { body: 'x' }] } }),
    is: 'malformed',
    because: 'is not JSON (RetriesExhausted',
  },
])('$what is $is', ({ record, is, because }) => {
  expect(classifyDeadLetter(record)).toMatchObject({ class: is, cause: expect.stringContaining(because) as string });
});

test.each(deadLetterClasses)('a failure record that names a %s error is believed', (kind) => {
  const { name } = new RecordError(kind, 'code', 'message');

  expect(classifyDeadLetter(failure({ errorType: name, errorMessage: 'as told' }))).toMatchObject({
    class: kind,
    cause: expect.stringContaining('as told') as string,
  });
});

test('more receives of a redriven message do not change its class', () => {
  const classes = ['6', '7', '50'].map(
    (count) => classifyDeadLetter(deadLetterRecord({ attributes: { ApproximateReceiveCount: count } })).class,
  );

  expect(new Set(classes)).toEqual(new Set(['transient']));
});

test.each([
  { what: 'an order', record: redriven(orderBody), payloads: [orderBody] },
  { what: 'a failure record', record: direct(failureBody({ requestPayload: order() })), payloads: [orderBody] },
  { what: 'a batch', record: failure({}, { requestPayload: { Records: [{ body: 'a' }, { body: 'b' }] } }), payloads: ['a', 'b'] },
])('what to send again of $what is the order itself', ({ record, payloads }) => {
  expect(classifyDeadLetter(record).payloads).toEqual(payloads);
});

test('a batch is sent again as a whole, and nothing is of a letter with more orders than a batch may have', () => {
  expect([10, 11].map((number) => classifyDeadLetter(batchOf(number)).payloads.length)).toEqual([10, 0]);
});
