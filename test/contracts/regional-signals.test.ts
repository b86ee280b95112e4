import { regionalSignals } from '../../contracts/regional-signals';

const orders = { namespace: 'fleet/orders', metric: 'OrderFailed', dimensions: { FunctionName: 'orders-order' } };
const health = { composites: [], children: [], synthetic: null };

describe('what an alarm of a regional target means', () => {
  test.each([
    ['orders-order-failures', { kind: 'order-failures', severity: 'critical', silence: false, runbook: 'docs/runbooks/order-failures.md' }],
    ['orders-slow-orders', { kind: 'slow-orders', severity: 'warning', silence: false, runbook: 'docs/runbooks/slow-orders.md' }],
    ['orders-heartbeat', { kind: 'heartbeat', severity: 'critical', silence: true, runbook: 'docs/runbooks/heartbeat.md' }],
    ['heartbeat', { kind: 'heartbeat', severity: 'critical', silence: true, runbook: 'docs/runbooks/heartbeat.md' }],
  ])('%s', (name, meaning) => {
    expect(regionalSignals.alarm(name, 'orders')).toEqual(meaning);
  });

  test.each(['orders-of-others', 'toString', 'others-heartbeat'])('%s is none of ours', (name) => {
    expect(regionalSignals.alarm(name, 'orders')).toBeNull();
  });
});

describe('the metrics of its objectives', () => {
  test('are those of its function', () => {
    expect(regionalSignals.service({ ...health, orders })).toEqual({
      failed: orders,
      slow: { ...orders, metric: 'OrderSlow' },
      errors: { namespace: 'AWS/Lambda', metric: 'Errors', dimensions: { FunctionName: 'orders-order' } },
    });
  });

  test('are not known of a target that takes no orders, or names no function', () => {
    expect(regionalSignals.service({ ...health, orders: null })).toBeNull();
    expect(regionalSignals.service({ ...health, orders: { ...orders, dimensions: {} } })).toBeNull();
  });
});
