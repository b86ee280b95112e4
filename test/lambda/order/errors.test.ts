import { changedOrder, malformedOrder, storeFailure } from '../../../lambda/order/errors';

const named = (name: string, more: object = {}) => Object.assign(new Error('canary-c0ffee'), { name }, more);

test.each([
  { thrown: named('ThrottlingException'), kind: 'transient' },
  { thrown: named('ProvisionedThroughputExceededException', { $fault: 'client' }), kind: 'transient' },
  { thrown: named('InternalServerError', { $fault: 'server' }), kind: 'transient' },
  { thrown: named('SomethingNew', { $fault: 'server' }), kind: 'transient' },
  { thrown: named('TimeoutError'), kind: 'transient' },
  { thrown: named('AbortError'), kind: 'transient' },
  { thrown: named('Error', { code: 'ECONNRESET' }), kind: 'transient' },
  { thrown: named('ResourceNotFoundException', { $fault: 'client' }), kind: 'unknown' },
  { thrown: named('AccessDeniedException', { $fault: 'client' }), kind: 'unknown' },
  { thrown: named('ValidationException', { $fault: 'client' }), kind: 'unknown' },
  { thrown: named('TypeError'), kind: 'unknown' },
  { thrown: undefined, kind: 'unknown' },
  { thrown: 'canary-c0ffee', kind: 'unknown' },
])('$thrown.name is a failure of kind $kind, by name only', ({ thrown, kind }) => {
  const error = storeFailure(thrown);

  expect(error).toMatchObject({ kind });
  expect(error).not.toHaveProperty('cause');
  expect(error.message).toContain(typeof thrown === 'object' ? thrown.name : 'Error');
  expect(`${error.message}${error.stack}`).not.toContain('canary');
});

test.each(
  // DynamoDB's, each of which a later attempt may get past, and the SDK's own.
  'AbortError InternalServerError LimitExceededException ProvisionedThroughputExceededException ReplicatedWriteConflictException RequestLimitExceeded ServiceUnavailable ThrottlingException TimeoutError TransactionConflictException'.split(
    ' ',
  ),
)('%s is transient by its name alone', (name) => {
  expect(storeFailure(named(name))).toMatchObject({ kind: 'transient', code: 'store-unavailable' });
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'ETIMEDOUT'])('%s is transient: nobody answered', (code) => {
  expect(storeFailure(named('Error', { code }))).toMatchObject({ kind: 'transient' });
});

test.each([null, { code: 7 }, { code: 'ENOSPC' }, { $fault: 'client' }])('%p is not known to be transient', (thrown) => {
  expect(storeFailure(thrown)).toMatchObject({ kind: 'unknown', code: 'store-refused' });
});

test('a changed order is rejected and names the order', () => {
  expect(changedOrder('order-0001')).toMatchObject({
    kind: 'rejected',
    code: 'changed-order',
    message: expect.stringContaining('order-0001') as string,
  });
});

test('a malformed order keeps the reading of it', () => {
  expect(malformedOrder({ kind: 'malformed', code: 'not-json', message: 'body of 3 bytes is not JSON' })).toMatchObject({
    kind: 'malformed',
    code: 'not-json',
    message: 'body of 3 bytes is not JSON',
  });
});
