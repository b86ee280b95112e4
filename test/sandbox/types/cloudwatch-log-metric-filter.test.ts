import type { Properties } from '../../../sandbox/resource-type';
import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld } from './fake-world';

const metric: Properties = { name: 'Errors', namespace: 'fleet/orders', value: '1' };
const filter: Properties = { logGroupName: '/orders', name: 'errors', pattern: '{ $.level = "ERROR" }', metricTransformation: metric };
const transform = (more: Properties): Properties => ({ ...filter, metricTransformation: { ...metric, ...more } });

function world(logGroupClass = 'STANDARD'): FakeWorld {
  const made = new FakeWorld(monitoringTypes);
  made.given(tokens.logGroup, { name: '/orders', logGroupClass });
  return made;
}

test.each<[string, Properties]>([
  ['a plain filter', filter],
  ['an empty pattern', { ...filter, pattern: '' }],
  ['a value from the event', transform({ value: '$.latency' })],
  ['three dimensions', transform({ dimensions: { a: '$.a', b: '$.b', c: '$.c' } })],
  ['a default value', transform({ defaultValue: '0' })],
])('takes %s', (_name, inputs) => {
  expect(world().create(tokens.logMetricFilter, inputs)).toMatchObject({ kind: 'done', resource: { id: 'errors' } });
});

test.each<[string, Properties]>([
  ['a colon in the name', { ...filter, name: 'a:b' }],
  ['a star in the metric name', transform({ name: 'a*' })],
  ['a value that is neither number nor field', transform({ value: 'one' })],
  ['a default value with dimensions', transform({ defaultValue: '0', dimensions: { a: '$.a' } })],
  ['dimensions with a pattern of plain words', { ...transform({ dimensions: { a: '$.a' } }), pattern: 'ERROR' }],
  ['four dimensions', transform({ dimensions: { a: '$.a', b: '$.b', c: '$.c', d: '$.d' } })],
  ['a pattern of 1,025 characters', { ...filter, pattern: 'x'.repeat(1025) }],
  ['an unknown unit', transform({ unit: 'Furlongs' })],
])('refuses %s', (_name, inputs) => {
  expect(world().create(tokens.logMetricFilter, inputs)).toMatchObject({ kind: 'refused', name: 'InvalidParameterException' });
});

test('needs a log group that exists, of the standard class', () => {
  expect(new FakeWorld(monitoringTypes).create(tokens.logMetricFilter, filter)).toMatchObject({
    kind: 'refused',
    name: 'ResourceNotFoundException',
  });
  expect(world('INFREQUENT_ACCESS').create(tokens.logMetricFilter, filter)).toMatchObject({
    kind: 'refused',
    name: 'InvalidOperationException',
  });
});

test('a log group takes 100 filters, and an old one can still be put again', () => {
  const made = world();
  for (let index = 0; index < 100; index += 1) made.given(tokens.logMetricFilter, { ...filter, name: `f${index}` });
  expect(made.create(tokens.logMetricFilter, filter)).toMatchObject({ kind: 'refused', name: 'LimitExceededException' });
  expect(made.create(tokens.logMetricFilter, { ...filter, name: 'f0' })).toMatchObject({ kind: 'done' });
});
