import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { regionalNames } from '../../contracts/names';
import { resolveRegionalSettings } from '../../contracts/regional';
import { costExpression } from '../../layer-kit/order-widgets';
import { targetDashboard } from '../../regional/target-dashboard';
import { checkDashboardBody } from '../../sandbox/dashboard-body';

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title: string;
    readonly region: string;
    readonly query?: string;
    readonly metrics?: readonly unknown[];
    readonly annotations?: unknown;
  };
}

const region = regionSchema.parse('ap-southeast-2');
const names = regionalNames('orders', { account: accountIdSchema.parse('333333333333'), region });
const body = targetDashboard({ names, region, settings: resolveRegionalSettings({}, 1000) });
const { widgets } = JSON.parse(body) as { readonly widgets: readonly Widget[] };

describe('the dashboard of a target', () => {
  test("has the eight widgets of the requirements, in the target's region", () => {
    expect(widgets.map(({ properties }) => properties.title)).toEqual([
      'Invocations',
      'Errors and dead letters',
      'Duration (ms)',
      'Throttles',
      'Concurrent executions',
      'Error rate (%)',
      'Cost of the order function (US dollars, estimate)',
      'Recent warnings and errors',
    ]);
    expect(widgets.every(({ properties }) => properties.region === region)).toBe(true);
  });

  test('is one that CloudWatch takes', () => {
    expect(checkDashboardBody(body)).toEqual([]);
  });

  test('shows the thresholds of the alarms', () => {
    expect(widgets[4]?.properties.annotations).toEqual({ horizontal: [{ label: 'alarm orders-concurrency', value: 40 }] });
    expect(widgets[5]?.properties.annotations).toEqual({
      horizontal: [
        { label: 'alarm orders-errors, orders-order-failures', value: 1 },
        { label: 'alarm orders-slow-orders', value: 5 },
      ],
    });
  });

  test("reads the function's own log group", () => {
    expect(widgets[7]?.properties.query).toMatch(/^SOURCE '\/orders\/orders-order' \| /);
  });
});

test('the estimate: a million invocations of one second at 1 GB cost 13.53 dollars', () => {
  // Metric math with the two sums put in by hand.
  const [milliseconds = 0, requests = 0] = [...costExpression(1024).matchAll(/\* (\d+\.\d+)/g)].map(([, price]) => Number(price));

  expect(1_000_000 * 1000 * milliseconds + 1_000_000 * requests).toBeCloseTo(13.53, 2);
});
