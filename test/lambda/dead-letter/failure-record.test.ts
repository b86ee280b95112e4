import fc from 'fast-check';

import { readFailureRecord } from '../../../lambda/dead-letter/failure-record';
import { failureBody, order, orderRecord } from '../fixtures/records';

test('a failure record tells why Lambda gave up and on what', () => {
  expect(readFailureRecord(failureBody({ requestPayload: order() }))).toEqual({
    condition: 'RetriesExhausted',
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringContaining('Task timed out') as string,
    bodies: [JSON.stringify(order())],
  });
});

test.each([
  { what: 'an order', body: orderRecord().body },
  { what: 'text', body: 'hello' },
  { what: 'null', body: 'null' },
  { what: 'a record without a payload', body: failureBody({ requestPayload: undefined }) },
  { what: 'a record without a condition', body: failureBody({ requestContext: {} }) },
])('$what is none', ({ body }) => {
  expect(readFailureRecord(body)).toBeUndefined();
});

test('a payload of null is a payload', () => {
  expect(readFailureRecord(failureBody({ requestPayload: null }))).toMatchObject({ bodies: ['null'] });
});

test('no payload and no response makes it throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (requestPayload, responsePayload) => {
      const failure = readFailureRecord(failureBody({ requestPayload, responsePayload }));
      return failure?.bodies.every((body) => typeof body === 'string') === true && failure.bodies.length > 0;
    }),
  );
});
