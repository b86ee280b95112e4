import { orderMetricLine } from '../../../lambda/order/order-metrics';

const place = { namespace: 'fleet/orders', functionName: 'orders-order', functionVersion: '7', epochMs: 1_772_618_400_000 };

test.each([
  { failed: false, slow: false },
  { failed: false, slow: true },
  { failed: true, slow: false },
  { failed: true, slow: true },
])('an order with $failed for failed and $slow for slow is two metrics in two sets of dimensions', ({ failed, slow }) => {
  const line = orderMetricLine({ synthetic: false, failed, slow }, place);

  expect(JSON.parse(line ?? '')).toEqual({
    _aws: {
      Timestamp: 1_772_618_400_000,
      CloudWatchMetrics: [
        {
          Namespace: 'fleet/orders',
          Dimensions: [['FunctionName'], ['FunctionName', 'version']],
          Metrics: [
            { Name: 'OrderFailed', Unit: 'Count' },
            { Name: 'OrderSlow', Unit: 'Count' },
          ],
        },
      ],
    },
    FunctionName: 'orders-order',
    version: '7',
    OrderFailed: failed ? 1 : 0,
    OrderSlow: slow ? 1 : 0,
  });
});

test('a synthetic order proves life and nothing else', () => {
  const line = orderMetricLine({ synthetic: true, failed: false, slow: true }, place);

  expect(JSON.parse(line ?? '')).toEqual({
    _aws: {
      Timestamp: 1_772_618_400_000,
      CloudWatchMetrics: [
        { Namespace: 'fleet/orders', Dimensions: [['FunctionName']], Metrics: [{ Name: 'SyntheticOrders', Unit: 'Count' }] },
      ],
    },
    FunctionName: 'orders-order',
    SyntheticOrders: 1,
  });
});

test('a synthetic order that failed is told by its absence', () => {
  expect(orderMetricLine({ synthetic: true, failed: true, slow: false }, place)).toBeUndefined();
});
