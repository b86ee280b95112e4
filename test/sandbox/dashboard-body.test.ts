import { checkDashboardBody, countDashboardMetrics, describeDashboardProblems } from '../../sandbox/dashboard-body';

type Json = Readonly<Record<string, unknown>>;

const metricWidget = (properties: Json = {}, widget: Json = {}): Json => ({
  type: 'metric',
  x: 0,
  y: 0,
  width: 12,
  height: 6,
  properties: { metrics: [['AWS/SQS', 'NumberOfMessagesSent', 'QueueName', 'orders']], region: 'eu-west-1', ...properties },
  ...widget,
});
const textWidget = (properties: Json = { markdown: '# hello' }, widget: Json = {}): Json => ({ type: 'text', properties, ...widget });
const body = (...widgets: readonly unknown[]): string => JSON.stringify({ widgets });
const metrics = (count: number): readonly unknown[] => Array.from({ length: count }, (_, index) => ['Shop', `Metric${index}`]);
const alarmArn = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders';

describe('bodies that CloudWatch takes', () => {
  test.each<[string, string]>([
    ['no widgets', body()],
    ['a text widget', body(textWidget())],
    ['a metric widget', body(metricWidget())],
    [
      'repeated parts',
      body(
        metricWidget({
          metrics: [
            ['AWS/SQS', 'A', 'QueueName', 'q'],
            ['.', 'B', '.', '.'],
            ['...', 'other', { stat: 'p99' }],
          ],
        }),
      ),
    ],
    [
      'an expression',
      body(
        metricWidget({
          metrics: [
            [
              {
                expression: 'SELECT AVG(OrderFailed) FROM "fleet/orders" GROUP BY AWS.AccountId',
                id: 'q1',
                period: 300,
                label: 'by account',
              },
            ],
          ],
        }),
      ),
    ],
    [
      'metrics of another account',
      body(
        metricWidget({
          metrics: [
            ['Shop', 'A', { accountId: '111122223333', region: 'us-east-1', yAxis: 'right', color: '#1f77b4', visible: false, id: 'm1' }],
          ],
        }),
      ),
    ],
    ['one alarm instead of metrics', body({ type: 'metric', properties: { annotations: { alarms: [alarmArn] } } })],
    ['a gauge with bounds', body(metricWidget({ view: 'gauge', yAxis: { left: { min: 0, max: 100 } } }))],
    [
      'lines and bands',
      body(metricWidget({ annotations: { horizontal: [{ value: 1, color: '#d62728' }, [{ value: 1 }, { value: 2 }]] } })),
    ],
    [
      'a log widget',
      body({ type: 'log', properties: { query: 'SOURCE "/orders" | fields @message', region: 'eu-west-1', view: 'table' } }),
    ],
    ['an alarm widget', body({ type: 'alarm', properties: { alarms: [alarmArn], sortBy: 'stateUpdatedTimestamp', states: ['ALARM'] } })],
    ['a custom widget', body({ type: 'custom', properties: { endpoint: 'arn:aws:lambda:eu-west-1:111122223333:function:x' } })],
    ['an explorer', body({ type: 'explorer', properties: { metrics: [], labels: [] } })],
    ['unknown properties', body(metricWidget({ somethingNew: 1 }))],
    ['times', JSON.stringify({ start: '-PT3H', end: '2026-11-23T00:00:00.000Z', periodOverride: 'inherit', widgets: [] })],
    ['the corner of the grid', body(textWidget(undefined, { x: 23, y: 9999, width: 24, height: 1000 }))],
    ['500 widgets', body(...Array.from({ length: 500 }, () => textWidget()))],
    ['500 metrics in a widget', body(metricWidget({ metrics: metrics(500) }))],
    ['2,500 metrics in all', body(...Array.from({ length: 5 }, () => metricWidget({ metrics: metrics(500) })))],
    ['100 alarms in a widget', body({ type: 'alarm', properties: { alarms: Array.from({ length: 100 }, () => alarmArn) } })],
  ])('%s', (_name, text) => {
    expect(checkDashboardBody(text)).toEqual([]);
  });

  test('expressions do not count as metrics', () => {
    const expression = metricWidget({ metrics: [[{ expression: 'SUM(METRICS())', id: 'e1' }]] });
    expect(checkDashboardBody(body(...Array.from({ length: 5 }, () => metricWidget({ metrics: metrics(500) })), expression))).toEqual([]);
  });
});

describe('bodies that CloudWatch refuses', () => {
  test.each<[string, string, string]>([
    ['text that is no JSON', '{', ''],
    ['a list', '[]', ''],
    ['no widgets array', '{}', ''],
    ['widgets that are no array', '{"widgets":{}}', '/widgets'],
    ['an end without a start', '{"end":"-PT1H","widgets":[]}', ''],
    ['a start that is no time', '{"start":"yesterday","widgets":[]}', '/start'],
    ['an empty range', '{"start":"-P","widgets":[]}', '/start'],
    ['an unknown period override', '{"periodOverride":"never","widgets":[]}', '/periodOverride'],
    ['26 variables', JSON.stringify({ widgets: [], variables: Array.from({ length: 26 }, () => ({})) }), '/variables'],
    ['a widget without a type', body({ properties: {} }), '/widgets/0/type'],
    ['a widget of an unknown type', body({ type: 'toString', properties: {} }), '/widgets/0/type'],
    ['a widget without properties', body({ type: 'text' }), '/widgets/0'],
    ['a text without markdown', body(textWidget({})), '/widgets/0/properties'],
    ['x beyond the grid', body(textWidget(undefined, { x: 24 })), '/widgets/0/x'],
    ['a negative y', body(textWidget(undefined, { y: -1 })), '/widgets/0/y'],
    ['a width of 25', body(textWidget(undefined, { width: 25 })), '/widgets/0/width'],
    ['a width of 0', body(textWidget(undefined, { width: 0 })), '/widgets/0/width'],
    ['half a height', body(textWidget(undefined, { height: 1.5 })), '/widgets/0/height'],
    ['a height of 1,001', body(textWidget(undefined, { height: 1001 })), '/widgets/0/height'],
    ['a metric widget without metrics', body({ type: 'metric', properties: { region: 'eu-west-1' } }), '/widgets/0/properties'],
    ['a metric widget without region', body(metricWidget({ region: undefined })), '/widgets/0/properties'],
    ['a metric that is no array', body(metricWidget({ metrics: ['AWS/SQS'] })), '/widgets/0/properties/metrics/0'],
    ['a metric that is an object', body(metricWidget({ metrics: [{ expression: 'm1' }] })), '/widgets/0/properties/metrics/0'],
    ['an empty metric', body(metricWidget({ metrics: [[]] })), '/widgets/0/properties/metrics/0'],
    ['a number among the parts', body(metricWidget({ metrics: [['Shop', 1]] })), '/widgets/0/properties/metrics/0'],
    ['a metric without a name', body(metricWidget({ metrics: [['Shop']] })), '/widgets/0/properties/metrics/0'],
    ['a dimension without a value', body(metricWidget({ metrics: [['Shop', 'A', 'Queue']] })), '/widgets/0/properties/metrics/0'],
    [
      '31 dimensions',
      body(metricWidget({ metrics: [['Shop', 'A', ...Array.from({ length: 62 }, (_, index) => `d${index}`)]] })),
      '/widgets/0/properties/metrics/0',
    ],
    ['a first metric that repeats', body(metricWidget({ metrics: [['...', 'x']] })), '/widgets/0/properties/metrics/0'],
    ['render properties without an expression', body(metricWidget({ metrics: [[{ label: 'x' }]] })), '/widgets/0/properties/metrics/0'],
    [
      'a metric and an expression in one',
      body(metricWidget({ metrics: [['Shop', 'A', { expression: 'm1' }]] })),
      '/widgets/0/properties/metrics/0',
    ],
    ['a colour by name', body(metricWidget({ metrics: [['Shop', 'A', { color: 'red' }]] })), '/widgets/0/properties/metrics/0/2/color'],
    ['an id in capitals', body(metricWidget({ metrics: [['Shop', 'A', { id: 'M1' }]] })), '/widgets/0/properties/metrics/0/2/id'],
    ['an odd period', body(metricWidget({ period: 90 })), '/widgets/0/properties/period'],
    ['an unknown view', body(metricWidget({ view: 'donut' })), '/widgets/0/properties/view'],
    ['a gauge without bounds', body(metricWidget({ view: 'gauge' })), '/widgets/0/properties/yAxis'],
    [
      'a line without a value',
      body(metricWidget({ annotations: { horizontal: [{ label: 'x' }] } })),
      '/widgets/0/properties/annotations/horizontal/0',
    ],
    [
      'two alarms as annotation',
      body(metricWidget({ annotations: { alarms: [alarmArn, alarmArn] } })),
      '/widgets/0/properties/annotations/alarms',
    ],
    ['an alarm widget without alarms', body({ type: 'alarm', properties: {} }), '/widgets/0/properties'],
    ['an alarm by name', body({ type: 'alarm', properties: { alarms: ['orders'] } }), '/widgets/0/properties/alarms/0'],
    [
      '101 alarms in a widget',
      body({ type: 'alarm', properties: { alarms: Array.from({ length: 101 }, () => alarmArn) } }),
      '/widgets/0/properties/alarms',
    ],
    ['a log widget without region', body({ type: 'log', properties: { query: 'x' } }), '/widgets/0/properties'],
    ['501 widgets', body(...Array.from({ length: 501 }, () => textWidget())), '/widgets'],
    ['501 metrics in a widget', body(metricWidget({ metrics: metrics(501) })), '/widgets/0/properties/metrics'],
    [
      '2,501 metrics in all',
      body(...Array.from({ length: 5 }, () => metricWidget({ metrics: metrics(500) })), metricWidget({ metrics: metrics(1) })),
      '/widgets',
    ],
  ])('%s', (_name, text, dataPath) => {
    const problems = checkDashboardBody(text);
    expect(problems).not.toEqual([]);
    expect(new Set(problems.map((problem) => problem.dataPath))).toEqual(new Set([dataPath]));
  });
});

test('metrics are counted over all widgets, hidden ones too', () => {
  const hidden = metricWidget({ metrics: [['Shop', 'A', { visible: false }], [{ expression: 'm1' }]] });
  expect(countDashboardMetrics(body(metricWidget(), hidden, textWidget()))).toBe(2);
});

test('the refusal lists every problem as CloudWatch does', () => {
  const text = describeDashboardProblems(checkDashboardBody(body(textWidget({}), textWidget({}))));
  expect(text).toContain('The dashboard body is invalid, there are 2 validation errors:');
  expect(text).toContain('"dataPath": "/widgets/1/properties"');
});
