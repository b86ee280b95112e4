import * as fc from 'fast-check';

import { emissionsOf, seriesKey } from '../../../sandbox/metrics/emissions';
import { mergeDatapoints, sampleShape } from '../../../sandbox/metrics/datapoint';
import { loadOf } from '../../../sandbox/metrics/load';
import { PlaceMetrics } from '../../../sandbox/metrics/metric-view';
import type { OrderPath } from '../../../sandbox/metrics/order-path';
import type { Segment } from '../../../sandbox/metrics/segments';

const path: OrderPath = {
  target: 'regional/333333333333/eu-west-1',
  functionName: 'order',
  namespace: 'fleet/orders',
  slowOrderMs: 1000,
  batchSize: 10,
  reserved: true,
  versions: [{ version: '7', share: 1, onTrial: false, newest: true }],
  orderQueue: 'q',
  deadLetterQueue: null,
  deadLetters: null,
  heartbeat: { everySeconds: 300, since: 0 },
  madeAt: 0,
  changedAt: 0,
};

const failed = { namespace: 'fleet/orders', metric: 'OrderFailed', dimensions: { FunctionName: 'order' } };

/** Segments of 100 seconds, one for each share of failing orders; the first is from before the last deployment. */
function segments(percents: readonly number[]): readonly Segment[] {
  return percents.map((failPercent, index) => ({
    from: index * 100,
    until: index === percents.length - 1 ? Infinity : (index + 1) * 100,
    load: loadOf([{ target: '**', failPercent }], path.target),
    struck: 'nobody',
    known: index > 0,
  }));
}

describe('the metrics of a place', () => {
  test('data of any time is that of all the segments it touches', () => {
    const percents = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(percents, fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 900 }), (given, from, length) => {
        const all = segments(given);
        const expected = all.flatMap((segment) =>
          (emissionsOf(path, segment).get(seriesKey(failed))?.shapes ?? []).flatMap(
            (shape) => sampleShape(shape, Math.max(from, segment.from), Math.min(from + length, segment.until)) ?? [],
          ),
        );

        expect(new PlaceMetrics([{ path, segments: all }]).view(failed).datapoint(from, from + length)).toEqual(mergeDatapoints(expected));
      }),
    );
  });

  test('knows where it changes, and since when it is known', () => {
    const metrics = new PlaceMetrics([{ path, segments: segments([0, 1, 2]) }]);

    expect(metrics.view(failed)).toMatchObject({ edges: [0, 100, 200], knownFrom: 100, madeAt: 0 });
  });

  test('a series that nobody writes has no data, nor has one in another unit', () => {
    const metrics = new PlaceMetrics([{ path, segments: segments([0, 1]) }]);

    expect(metrics.view({ ...failed, namespace: 'fleet/order' }).datapoint(100, 400)).toBeUndefined();
    expect(metrics.view({ ...failed, dimensions: {} }).datapoint(100, 400)).toBeUndefined();
    expect(metrics.view(failed, 'Seconds').datapoint(100, 400)).toBeUndefined();
    expect(metrics.view(failed, 'Count').datapoint(100, 400)).toMatchObject({ samples: 3000, average: 0.01 });
    expect(new PlaceMetrics([]).view(failed).datapoint(0, 300)).toBeUndefined();
  });

  test('is steady but for what comes out of step with the period', () => {
    const metrics = new PlaceMetrics([{ path, segments: segments([0, 1]) }]);
    const heartbeats = metrics.view({ ...failed, metric: 'SyntheticOrders' });

    expect([metrics.view(failed).isSteady(60), heartbeats.isSteady(300), heartbeats.isSteady(900), heartbeats.isSteady(60)]).toEqual([true, true, true, false]); // prettier-ignore
  });
});
