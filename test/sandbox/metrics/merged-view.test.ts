import type { Datapoint } from '../../../sandbox/metrics/datapoint';
import { mergedView } from '../../../sandbox/metrics/merged-view';
import type { MetricView } from '../../../sandbox/metrics/metric-view';

const point = (samples: number, average: number): Datapoint => ({
  samples,
  sum: samples * average,
  average,
  minimum: average,
  maximum: average,
});
const view = (of: Partial<MetricView>): MetricView => ({
  datapoint: () => undefined,
  edges: [],
  isSteady: () => true,
  knownFrom: -Infinity,
  madeAt: 0,
  ...of,
});

describe('several series as one', () => {
  test('have every sample of each', () => {
    const merged = mergedView([view({ datapoint: () => point(30, 0) }), view({ datapoint: () => point(10, 1) }), view({})]);

    expect(merged.datapoint(0, 300)).toEqual({ samples: 40, sum: 10, average: 0.25, minimum: 0, maximum: 1 });
  });

  test('change when any of them does, and are as well known as the least known', () => {
    const merged = mergedView([
      view({ edges: [0, 900], madeAt: 0, knownFrom: 900 }),
      view({ edges: [600, 900], madeAt: 600, knownFrom: 600, isSteady: (period) => period === 300 }),
    ]);

    expect(merged).toMatchObject({ edges: [0, 600, 900], knownFrom: 900, madeAt: 0 });
    expect([300, 60].map((period) => merged.isSteady(period))).toEqual([true, false]);
  });

  test('of none there is no data', () => {
    expect(mergedView([]).datapoint(0, 300)).toBeUndefined();
    expect(mergedView([])).toMatchObject({ edges: [], knownFrom: -Infinity, madeAt: -Infinity });
  });
});
