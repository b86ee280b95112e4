import * as fc from 'fast-check';

import { chunk, dashboardBody, dashboardLimits, escapeMarkdown, type MetricRow, type Widget } from '../../layer-kit/dashboard';
import { checkDashboardBody } from '../../sandbox/dashboard-body';

interface Placed {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const textWidget = (width: number, height: number): Widget => ({ type: 'text', width, height, properties: { markdown: 'words' } });
const metricWidget = (count: number): Widget => ({
  type: 'metric',
  width: 6,
  height: 6,
  properties: {
    title: 'a graph',
    region: 'eu-west-1',
    view: 'timeSeries',
    stat: 'Sum',
    period: 60,
    metrics: Array.from({ length: count }, (_, index): MetricRow => ['AWS/Lambda', 'Errors', 'FunctionName', `f${index}`]),
  },
});
const overlap = (a: Placed, b: Placed) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('the body of a dashboard', () => {
  test('widgets never overlap and never leave the grid', () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 10 })), { maxLength: 30 });
    fc.assert(
      fc.property(sizes, (given) => {
        const { widgets } = JSON.parse(dashboardBody(given.map(([width, height]) => textWidget(width, height)))) as {
          readonly widgets: readonly Placed[];
        };

        expect(widgets).toHaveLength(given.length);
        expect(widgets.every(({ x, width }) => x >= 0 && x + width <= 24)).toBe(true);
        expect(widgets.some((widget, index) => widgets.slice(index + 1).some((other) => overlap(widget, other)))).toBe(false);
      }),
    );
  });

  test('is one that CloudWatch takes, up to its limits', () => {
    const widest = dashboardBody(Array.from({ length: 5 }, () => metricWidget(dashboardLimits.metricsPerWidget)));

    expect(checkDashboardBody(widest)).toEqual([]);
    expect(checkDashboardBody(dashboardBody(Array.from({ length: dashboardLimits.widgets }, () => textWidget(6, 2))))).toEqual([]);
  });

  test.each([
    ['501 metrics in a widget', () => [metricWidget(501)], /501 metrics are more than the 500 of a widget/],
    [
      '2,501 metrics',
      () => [...Array.from({ length: 5 }, () => metricWidget(500)), metricWidget(1)],
      /2501 metrics are more than the 2500 of a dashboard/,
    ],
    ['501 widgets', () => Array.from({ length: 501 }, () => textWidget(1, 1)), /501 widgets are more than the 500/],
  ])('is refused with %s', (_name, widgets, message) => {
    expect(() => dashboardBody(widgets())).toThrow(message);
  });
});

describe('text from outside in a dashboard', () => {
  test('cannot end a table cell, start a link or carry HTML', () => {
    expect(escapeMarkdown('a|b [x](javascript:1) <img>\n# big')).not.toMatch(/[|[\]()<>\n]/);
  });

  test('stays as it is where it is plain', () => {
    expect(escapeMarkdown('Team Österreich 2')).toBe('Team Österreich 2');
  });
});

test('chunks hold everything in order, none larger than asked', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 10 }), (items, size) => {
      const chunks = chunk(items, size);
      expect(chunks.flat()).toEqual(items);
      expect(chunks.every((part) => part.length >= 1 && part.length <= size)).toBe(true);
    }),
  );
});
