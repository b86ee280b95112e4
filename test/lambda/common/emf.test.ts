import fc from 'fast-check';

import { emfLine, streamSink } from '../../../lambda/common/emf';

test('an EMF line names each metric once, under every set of dimensions', () => {
  const line = emfLine({
    namespace: 'fleet/orders',
    epochMs: 1_772_618_400_000,
    dimensions: { FunctionName: 'orders-order', version: '7' },
    dimensionSets: [['FunctionName'], ['FunctionName', 'version']],
    counts: { OrderFailed: 0, OrderSlow: 1 },
  });

  expect(JSON.parse(line)).toEqual({
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
    OrderFailed: 0,
    OrderSlow: 1,
  });
});

test('an EMF line is one line whatever the names hold', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const line = emfLine({
        namespace: name,
        epochMs: 0,
        dimensions: { FunctionName: name },
        dimensionSets: [['FunctionName']],
        counts: { Metric: 1 },
      });
      expect(line).not.toMatch(/[\r\n]/);
      expect(JSON.parse(line)).toHaveProperty('FunctionName', name);
    }),
  );
});

test('the stream sink ends each line', () => {
  const written: string[] = [];
  const sink = streamSink({ write: (text: string) => written.push(text) });

  sink('{"a":1}');
  sink('{"b":2}');

  expect(written.join('')).toBe('{"a":1}\n{"b":2}\n');
});
