import { isInsightsQuery, parseInsightsQuery } from '../../../../sandbox/metrics/data/insights-query';
import { parseSearch } from '../../../../sandbox/metrics/data/search-expression';
import { NotEvaluated } from '../../../../sandbox/metrics/data/time-series';

describe('Metrics Insights queries', () => {
  test('are read with every clause', () => {
    const text = `SELECT AVG(OrderFailed) FROM SCHEMA("fleet/orders", FunctionName) WHERE FunctionName = 'orders-order' AND AWS.AccountId != '111111111111' GROUP BY AWS.AccountId, version ORDER BY SUM() DESC LIMIT 10`;
    expect(parseInsightsQuery(text)).toEqual({
      aggregate: 'AVG',
      metric: 'OrderFailed',
      namespace: 'fleet/orders',
      schema: ['FunctionName'],
      where: [
        { key: 'FunctionName', is: true, value: 'orders-order' },
        { key: 'AWS.AccountId', is: false, value: '111111111111' },
      ],
      groupBy: ['AWS.AccountId', 'version'],
      orderBy: { aggregate: 'SUM', descending: true },
      limit: 10,
    });
  });

  test('need no more than a function and a source', () => {
    expect(parseInsightsQuery('select max("a b") from "AWS/SQS"')).toEqual({
      aggregate: 'MAX', metric: 'a b', namespace: 'AWS/SQS', schema: null, where: [], groupBy: [], orderBy: null, limit: 500,
    }); // prettier-ignore
    expect(isInsightsQuery(' SELECT 1')).toBe(true);
    expect(isInsightsQuery('SELECTED * 2')).toBe(false);
  });

  test.each([
    `SELECT MEDIAN(x) FROM "n"`,
    `SELECT AVG(x) FROM "n" WHERE a = 'b' OR c = 'd'`,
    `SELECT AVG(x) FROM "n" WHERE (a = 'b')`,
    `SELECT AVG(x) FROM "n" WHERE a > 'b'`,
    `SELECT AVG(x) FROM "n" LIMIT none`,
    `SELECT AVG(x) FROM "n" ; DROP`,
    `SELECT AVG(x)`,
  ])('%s is not evaluated', (text) => {
    expect(() => parseInsightsQuery(text)).toThrow(NotEvaluated);
  });
});

describe('the text of SEARCH', () => {
  test('is read with a schema and its terms', () => {
    expect(
      parseSearch(`{AWS/Lambda, FunctionName, "my key"} MetricName="Errors" FunctionName=("a" OR "b") AND :aws.AccountId="1"`),
    ).toEqual({
      namespace: 'AWS/Lambda',
      schema: ['FunctionName', 'my key'],
      terms: [
        { key: 'MetricName', anyOf: ['Errors'] },
        { key: 'FunctionName', anyOf: ['a', 'b'] },
        { key: ':aws.AccountId', anyOf: ['1'] },
      ],
    });
  });

  test.each(['MetricName="Errors"', '{AWS/Lambda} Errors', '{AWS/Lambda} NOT MetricName="x"', '{AWS/Lambda} a="b" OR c="d"'])(
    '%s is not evaluated',
    (text) => {
      expect(() => parseSearch(text)).toThrow(NotEvaluated);
    },
  );
});
