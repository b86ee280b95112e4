import { emptyWorld, messageOf, token, verdict } from './samples';

const rule = (over: object = {}) => ({ id: 'all', status: 'Enabled', expiration: { days: 90 }, ...over });

describe('the lifecycle of a bucket', () => {
  test.each([
    ['expires objects', [rule()], ''],
    ['has no rule', [], 'rules'],
    ['has two rules of one id', [rule(), rule()], 'Rule ID must be unique'],
    ['does nothing', [rule({ expiration: undefined })], 'At least one action'],
    ['expires by days and by date', [rule({ expiration: { days: 1, date: '2030-01-01' } })], 'exactly one of'],
    ['expires at once', [rule({ expiration: { days: 0 } })], 'whole number'],
    ['moves to infrequent access after 30 days', [rule({ transitions: [{ days: 30, storageClass: 'STANDARD_IA' }] })], ''],
    [
      'moves to infrequent access after 29 days',
      [rule({ transitions: [{ days: 29, storageClass: 'STANDARD_IA' }] })],
      "greater than or equal to 30 for storageClass 'STANDARD_IA'",
    ],
    ['moves to Glacier at once', [rule({ transitions: [{ days: 0, storageClass: 'GLACIER' }] })], ''],
    [
      'expires before it moves',
      [rule({ transitions: [{ days: 90, storageClass: 'GLACIER' }] })],
      "must be greater than 'Days' in the Transition action",
    ],
    ['moves to no known class', [rule({ transitions: [{ days: 30, storageClass: 'TAPE' }] })], 'not one of GLACIER'],
    ['filters by two predicates without and', [rule({ filter: { prefix: 'a/', tag: { key: 'a', value: 'b' } } })], 'join several with and'],
    ['filters by two predicates', [rule({ filter: { and: { prefix: 'a/', tags: { a: 'b' } } } })], ''],
    [
      'ends uploads by tag',
      [rule({ filter: { tag: { key: 'a', value: 'b' } }, abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } })],
      'cannot be specified with Tags',
    ],
    ['is neither on nor off', [rule({ status: 'On' })], 'Enabled, Disabled'],
  ])('%s', (_what, rules, message) => {
    const world = emptyWorld();
    world.given(token.bucket, { bucket: 'orders-archive' });
    const outcome = world.create(token.lifecycle, { bucket: 'orders-archive', rules });
    expect(verdict(outcome)).toBe(message === '' ? 'done' : 'InvalidArgument');
    expect(messageOf(outcome)).toContain(message);
  });
});
