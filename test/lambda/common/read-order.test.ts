import fc from 'fast-check';

import { MAX_ORDER_BYTES } from '../../../contracts/order-message';
import { readOrder } from '../../../lambda/common/read-order';
import { order, orderRecord } from '../fixtures/records';

const bodyOf = (changes: Readonly<Record<string, unknown>>) => JSON.stringify({ ...order(), ...changes });
const canary = 'canary-c0ffee';

test('a valid body is an order', () => {
  expect(readOrder(orderRecord().body)).toEqual({ kind: 'order', order: order() });
});

test.each([
  { what: 'broken JSON', body: `{"customerId":"${canary}"`, code: 'not-json', says: 'is not JSON' },
  { what: 'an empty body', body: '', code: 'not-json', says: 'body of 0 bytes is not JSON' },
  {
    what: 'a later schema version',
    body: bodyOf({ schemaVersion: 2, customerId: canary }),
    code: 'unknown-schema-version',
    says: 'schemaVersion 2 is not 1',
  },
  { what: 'a version that is text', body: bodyOf({ schemaVersion: canary }), code: 'invalid-order', says: 'schemaVersion invalid_value' },
  { what: 'JSON that is no object', body: `["${canary}"]`, code: 'invalid-order', says: 'order invalid_type' },
  { what: 'null', body: 'null', code: 'invalid-order', says: 'order invalid_type' },
  { what: 'an unknown key', body: bodyOf({ [canary]: canary }), code: 'invalid-order', says: 'order unrecognized_keys' },
  {
    what: 'a key of the prototype',
    body: `{"__proto__":{"synthetic":true},${bodyOf({}).slice(1)}`,
    code: 'invalid-order',
    says: 'unrecognized_keys',
  },
  { what: 'no items', body: bodyOf({ items: [] }), code: 'invalid-order', says: 'items too_small' },
  {
    what: 'a negative quantity',
    body: bodyOf({ items: [{ sku: canary, quantity: -1, unitPriceMinor: 5 }] }),
    code: 'invalid-order',
    says: 'items.0.quantity too_small',
  },
  {
    what: 'a fraction of a cent',
    body: bodyOf({ items: [{ sku: canary, quantity: 1, unitPriceMinor: 0.5 }] }),
    code: 'invalid-order',
    says: 'items.0.unitPriceMinor',
  },
  { what: 'an order id with a path', body: bodyOf({ orderId: `../${canary}` }), code: 'invalid-order', says: 'orderId invalid_format' },
  {
    what: 'a body over the limit',
    body: bodyOf({ customerId: canary.repeat(MAX_ORDER_BYTES / 10) }),
    code: 'body-too-large',
    says: `over the limit of ${MAX_ORDER_BYTES}`,
  },
])('$what is malformed ($code), and its text stays out of the message', ({ body, code, says }) => {
  const reading = readOrder(body);

  expect(reading).toMatchObject({ kind: 'malformed', code, message: expect.stringContaining(says) as string });
  expect(JSON.stringify(reading)).not.toContain(canary);
});

test('the limit counts bytes, not characters', () => {
  const inCharacters = JSON.stringify('é'.repeat(MAX_ORDER_BYTES / 2));

  expect(inCharacters.length).toBeLessThan(MAX_ORDER_BYTES);
  expect(readOrder(inCharacters)).toMatchObject({ code: 'body-too-large' });
});

test('a body of exactly the limit is read', () => {
  const body = bodyOf({});
  expect(readOrder(body + ' '.repeat(MAX_ORDER_BYTES - body.length)).kind).toBe('order');
  expect(readOrder(body + ' '.repeat(MAX_ORDER_BYTES - body.length + 1))).toMatchObject({ code: 'body-too-large' });
});

test('many faults are named in few words', () => {
  const items = Array.from({ length: 100 }, () => ({ sku: '', quantity: 0, unitPriceMinor: -1 }));
  const reading = readOrder(bodyOf({ items }));

  expect(reading).toMatchObject({ message: expect.stringMatching(/items\.0\.sku too_small.* and 290 more$/) as string });
});

test('no body makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (body) => ['order', 'malformed'].includes(readOrder(body).kind)),
  );
});
