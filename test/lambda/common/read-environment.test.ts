import { deadLetterEnvironmentSchema, orderEnvironmentSchema } from '../../../contracts/telemetry';
import { readEnvironment } from '../../../lambda/common/read-environment';

const complete = { ORDERS_TABLE: 'orders-order-table', POWERTOOLS_SERVICE_NAME: 'orders', POWERTOOLS_METRICS_NAMESPACE: 'fleet/orders' };

test('a complete environment is read, with defaults', () => {
  expect(readEnvironment(orderEnvironmentSchema, { ...complete, PATH: '/bin' })).toEqual({ ...complete, SLOW_ORDER_MS: 1000 });
});

test('numbers are read from text', () => {
  expect(readEnvironment(orderEnvironmentSchema, { ...complete, SLOW_ORDER_MS: '250' }).SLOW_ORDER_MS).toBe(250);
});

test('every missing variable is named at once', () => {
  expect(() => readEnvironment(deadLetterEnvironmentSchema, { POWERTOOLS_SERVICE_NAME: 'orders' })).toThrow(
    'ARCHIVE_BUCKET is not set; POWERTOOLS_METRICS_NAMESPACE is not set',
  );
});

test('a wrong value is quoted', () => {
  expect(() => readEnvironment(orderEnvironmentSchema, { ...complete, SLOW_ORDER_MS: 'fast' })).toThrow(
    'SLOW_ORDER_MS is "fast", which is refused',
  );
});
