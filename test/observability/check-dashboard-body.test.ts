import { dashboardProblems } from './check-dashboard-body';

const metric = { title: 't', region: 'eu-west-1', view: 'timeSeries', stat: 'Sum', period: 300, metrics: [['a/b', 'M', 'F', 'f', { id: 'm' }], [{ expression: 'm * 2', id: 'twice' }]] }; // prettier-ignore
const widget = (changes: object = {}) => ({ type: 'metric', x: 0, y: 0, width: 12, height: 6, properties: metric, ...changes });
const problems = (...widgets: readonly object[]) => dashboardProblems(JSON.stringify({ widgets }));
const withProperties = (changes: object) => problems(widget({ properties: { ...metric, ...changes } }));

test('a body as CloudWatch publishes it has no problem', () => {
  expect(
    problems(widget(), widget({ x: 12 }), { type: 'text', x: 0, y: 6, width: 24, height: 2, properties: { markdown: '# a' } }),
  ).toEqual([]);
});

test.each([
  ['widgets that overlap', problems(widget(), widget({ x: 11 }))],
  ['a widget past the last column', problems(widget({ x: 13 }))],
  ['a place of no whole number', problems(widget({ x: 0.5 }))],
  ['an unknown type', problems(widget({ type: 'graph' }))],
  ['an unknown key of a widget', problems(widget({ z: 1 }))],
  ['an unknown property', withProperties({ colour: 'red' })],
  ['a view that is none', withProperties({ view: 'lines' })],
  ['a statistic that is none', withProperties({ stat: 'Avg' })],
  ['a period of half minutes', withProperties({ period: 90 })],
  ['no region', withProperties({ region: undefined })],
  ['no metric', withProperties({ metrics: [] })],
  ['a dimension without a value', withProperties({ metrics: [['a/b', 'M', 'F']] })],
  ['an id twice', withProperties({ metrics: [['a/b', 'M', { id: 'm' }], ['a/b', 'N', { id: 'm' }]] })],
  ['an expression over what is not there', withProperties({ metrics: [[{ expression: 'n * 2', id: 'm' }]] })],
  ['an account that is none', withProperties({ metrics: [['a/b', 'M', { accountId: '12' }]] })],
  ['501 metrics of a widget', withProperties({ metrics: Array.from({ length: 501 }, () => ['a/b', 'M']) })],
  ['501 widgets', problems(...Array.from({ length: 501 }, (_, y) => widget({ y: y * 6 })))],
  ['an alarm that is no ARN', problems(widget({ type: 'alarm', properties: { title: 'a', alarms: ['orders-critical'] } }))],
  ['101 alarms', problems(widget({ type: 'alarm', properties: { title: 'a', alarms: Array.from({ length: 101 }, () => 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:a') } }))],
  ['a text of nothing', problems(widget({ type: 'text', properties: { markdown: '' } }))],
  ['a log query without a source', problems(widget({ type: 'log', properties: { title: 'a', region: 'eu-west-1', view: 'table', query: 'fields a' } }))],
  ['2,501 metrics in all', problems(...Array.from({ length: 6 }, (_, y) => widget({ y: y * 6, properties: { ...metric, metrics: Array.from({ length: 417 }, () => ['a/b', 'M']) } })))],
  ['a variable that stands nowhere', dashboardProblems(JSON.stringify({ widgets: [widget()], variables: [{ pattern: '111111111111' }] }))],
])('%s is a problem', (_name, found) => {
  expect(found.length).toBeGreaterThan(0);
}); // prettier-ignore
