import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { regionalNames } from '../../contracts/names';
import { resolveRegionalSettings } from '../../contracts/regional';
import { regionalAlarmSeverity, regionalSignals } from '../../contracts/regional-signals';
import { alarmDefinitions } from '../../regional/alarm-definitions';

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

describe('the severities of a regional target', () => {
  const names = regionalNames('orders', { account: accountIdSchema.parse('333333333333'), region: regionSchema.parse('eu-west-1') });

  test('are those of the alarms that are made, and of the composite of each severity', () => {
    // With everything that can be asked for: a heartbeat, and an account whose limit is known.
    const made = alarmDefinitions(names, resolveRegionalSettings({ heartbeat: true }, 1000)).map(({ kind, severity }) => [kind, severity]);

    expect(regionalAlarmSeverity).toEqual(Object.fromEntries([['critical', 'critical'], ['warning', 'warning'], ...made])); // prettier-ignore
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
