import { accepted, emptyWorld, messageOf, token, verdict } from './samples';

const table = (over: object = {}) => ({
  name: 'orders',
  billingMode: 'PAY_PER_REQUEST',
  hashKey: 'id',
  attributes: [{ name: 'id', type: 'S' }],
  ...over,
});
const index = (over: object = {}) => ({ name: 'by-customer', hashKey: 'customer', projectionType: 'ALL', ...over });
const withCustomer = [
  { name: 'id', type: 'S' },
  { name: 'customer', type: 'S' },
];

describe('a DynamoDB table', () => {
  test('has the ARN and defaults that AWS gives', () => {
    const { id, outputs } = emptyWorld().given(token.table, table());
    expect(id).toBe('orders');
    expect(outputs).toMatchObject({
      arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders',
      deletionProtectionEnabled: false,
      pointInTimeRecovery: { enabled: false },
      tableClass: 'STANDARD',
      streamArn: '',
      readCapacity: 0,
    });
  });

  test.each([
    ['a name of two characters', { name: 'ab' }, 'at least 3'],
    [
      'no definition of its key',
      { attributes: [{ name: 'other', type: 'S' }] },
      'Some index key attributes are not defined in AttributeDefinitions',
    ],
    ['a definition that no key uses', { attributes: withCustomer }, 'Number of attributes in KeySchema does not exactly match'],
    [
      'an attribute defined twice',
      { attributes: [...withCustomer, ...withCustomer], globalSecondaryIndexes: [index()] },
      'Duplicate AttributeName',
    ],
    ['an unknown attribute type', { attributes: [{ name: 'id', type: 'BOOL' }] }, 'not one of S, N, B'],
    ['an index', { attributes: withCustomer, globalSecondaryIndexes: [index()] }, ''],
    ['an index whose key is not defined', { globalSecondaryIndexes: [index()] }, 'Keys: [customer]'],
    [
      'an index that includes nothing',
      { attributes: withCustomer, globalSecondaryIndexes: [index({ projectionType: 'INCLUDE' })] },
      'NonKeyAttributes',
    ],
    ['two indexes of one name', { attributes: withCustomer, globalSecondaryIndexes: [index(), index()] }, 'Duplicate index name'],
    [
      'a local index without a range key',
      { attributes: withCustomer, localSecondaryIndexes: [{ name: 'local', rangeKey: 'customer', projectionType: 'ALL' }] },
      'range key',
    ],
    ['the same hash and range key', { rangeKey: 'id' }, 'have the same name'],
    ['capacity on demand', { readCapacity: 1, writeCapacity: 1 }, 'when BillingMode is PAY_PER_REQUEST'],
    ['no capacity when provisioned', { billingMode: 'PROVISIONED' }, 'must both be specified'],
    ['capacity when provisioned', { billingMode: 'PROVISIONED', readCapacity: 5, writeCapacity: 5 }, ''],
    ['the default billing and no capacity', { billingMode: undefined }, 'must both be specified'],
    ['recovery of 36 days', { pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 36 } }, '1 to 35'],
    ['expiry by no attribute', { ttl: { enabled: true } }, 'ttl.attributeName'],
    ['expiry by an attribute that is no key', { ttl: { enabled: true, attributeName: 'expires' } }, ''],
    ['a stream of no view', { streamEnabled: true }, 'streamViewType'],
    [
      'a key that does not exist',
      { serverSideEncryption: { enabled: true, kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/none' } },
      'KMS',
    ],
    ['an input that the sandbox does not simulate', { replicas: [] }, 'replicas'],
  ])('with %s', (_what, over, message) => {
    const outcome = emptyWorld().create(token.table, table(over));
    expect(verdict(outcome)).toBe(message === '' ? 'done' : 'ValidationException');
    expect(messageOf(outcome)).toContain(message);
  });

  test('keeps its stream while it stays on', () => {
    const world = emptyWorld();
    const stream = { streamEnabled: true, streamViewType: 'NEW_IMAGE' };
    const first = world.given(token.table, table(stream));
    expect(first.outputs.streamArn).toMatch(/^arn:aws:dynamodb:eu-west-1:111122223333:table\/orders\/stream\/\d{4}-/);
    expect(accepted(world.update(first, table({ ...stream, tags: { Team: 'x' } }))).outputs.streamArn).toBe(first.outputs.streamArn);
  });

  test('exists once in its account and region', () => {
    const world = emptyWorld();
    world.given(token.table, table());
    expect(verdict(world.create(token.table, table()))).toBe('ResourceInUseException');
  });

  test('is not deleted while it is protected', () => {
    const world = emptyWorld();
    const made = world.given(token.table, table({ deletionProtectionEnabled: true }));
    expect(messageOf(world.delete(made))).toContain('protected against deletion');
    expect(verdict(world.delete(accepted(world.update(made, table()))))).toBe('done');
  });
});
