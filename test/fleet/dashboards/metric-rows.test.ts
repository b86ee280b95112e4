import { regionSchema } from '../../../contracts/ids';
import { readMetricRows } from '../../../fleet/dashboards/metric-rows';

const defaults = { region: regionSchema.parse('eu-west-1'), stat: 'Average', period: 300 };
const read = (...rows: readonly unknown[]) => readMetricRows(rows, defaults).map(({ query }) => query);

describe('rows of a metric widget', () => {
  test('take from their widget what they do not say themselves', () => {
    expect(read(['AWS/SQS', 'Age', 'QueueName', 'q', { stat: 'p99', accountId: '200000000001', label: 'age', visible: false, id: 'a', period: 60 }], ['AWS/SQS', 'Age'])).toEqual([
      { id: 'a', label: 'age', visible: false, period: 60, of: { kind: 'metric', account: '200000000001', namespace: 'AWS/SQS', metric: 'Age', dimensions: { QueueName: 'q' }, stat: 'p99' } },
      { id: 'row1', label: null, visible: true, period: 300, of: { kind: 'metric', account: null, namespace: 'AWS/SQS', metric: 'Age', dimensions: {}, stat: 'Average' } },
    ]); // prettier-ignore
  });

  test.each([
    [['.', '.', '.', 'b'], 'Errors', { F: 'b', V: undefined }],
    [['...', 'b'], 'Errors', { F: 'a', V: 'b' }],
    [['.', 'Other', '...'], 'Other', { F: 'a', V: '1' }],
    [['...'], 'Errors', { F: 'a', V: '1' }],
  ])('%j repeats the row above', (row, metric, dimensions) => {
    const [, second] = read(['AWS/Lambda', 'Errors', 'F', 'a', 'V', '1'], row);
    expect(second?.of).toMatchObject({ namespace: 'AWS/Lambda', metric });
    expect(second?.of).toHaveProperty(
      'dimensions',
      Object.fromEntries(Object.entries(dimensions).filter(([, value]) => value !== undefined)),
    );
  });

  test('an expression is no row above', () => {
    const [, math, third] = read(['N', 'M', 'F', 'a'], [{ expression: 'm1 * 2', id: 'e' }], ['...', 'b']);
    expect(math).toMatchObject({ id: 'e', of: { kind: 'expression', expression: 'm1 * 2' } });
    expect(third?.of).toMatchObject({ namespace: 'N', dimensions: { F: 'b' } });
  });
});
