import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { readAlarmDefinition, readInsightsAlarm } from '../../sandbox/alarm-states-definition';
import type { Properties, WorldResource } from '../../sandbox/resource-type';
import { resourceTypes } from '../../sandbox/types';

const inputs = {
  namespace: 'n',
  metricName: 'm',
  statistic: 'Sum',
  period: 300,
  evaluationPeriods: 2,
  threshold: 1,
  comparisonOperator: 'GreaterThanThreshold',
};

const { metricName: _name, namespace: _namespace, period: _period, statistic: _statistic, ...withoutMetric } = inputs;

/** An alarm as the world keeps it: rendered by its type. */
function deployed(properties: Properties): WorldResource {
  const place = {
    account: accountIdSchema.parse('333333333333'),
    region: regionSchema.parse('eu-west-1'),
    organizationId: 'o-sandbox0001',
  };
  const type = resourceTypes.find((one) => one.type === 'aws:cloudwatch/metricAlarm:MetricAlarm');
  const rendered = type?.render(properties, { place, prior: undefined, random: () => '', key: 'orders-x' });
  return { type: type?.type ?? '', ...place, key: 'orders-x', id: 'orders-x', inputs: properties, outputs: rendered?.outputs ?? {}, owner: 'me', madeAt: 0, changedAt: 0 }; // prettier-ignore
}

describe('readAlarmDefinition', () => {
  test('fills in what CloudWatch does', () => {
    expect(readAlarmDefinition(deployed(inputs))).toEqual({ ...inputs, dimensions: {}, treatMissingData: 'missing' });
  });

  test('a warm-up ends early unless it says otherwise', () => {
    const { warmUpConfiguration } = readAlarmDefinition(
      deployed({ ...inputs, warmUpConfiguration: { warmUpPeriodDurationInMinutes: 15 } }),
    );

    expect(warmUpConfiguration).toEqual({ warmUpPeriodDurationInMinutes: 15, onlyStartEvaluatingAfterWarmUpPeriodEnds: false });
  });

  test.each<[string, Properties]>([
    [
      'metricQueries',
      { ...withoutMetric, metricQueries: [{ id: 'q', expression: "SELECT AVG(m) FROM n WHERE f = 'x'", period: 60, returnData: true }] },
    ],
    ['extendedStatistic', { ...withoutMetric, metricName: 'm', namespace: 'n', period: 60, extendedStatistic: 'p99' }],
  ])('refuses %s by name: a guessed state must not pass a gate', (input, properties) => {
    expect(() => readAlarmDefinition(deployed(properties))).toThrow(
      `alarm orders-x has ${input}: the sandbox evaluates alarms on one metric and statistic, or on one query, alone`,
    );
  });
});

describe('readInsightsAlarm', () => {
  const groups = "SELECT SUM(m) FROM n WHERE f = 'x' GROUP BY AWS.AccountId";
  const onQuery = (expression: string, more: Properties = {}) =>
    deployed({ ...withoutMetric, metricQueries: [{ id: 'q', expression, period: 900, returnData: true }], ...more });

  test('has the statistic and the period of its query', () => {
    expect(readInsightsAlarm(onQuery(groups, { treatMissingData: 'notBreaching', datapointsToAlarm: 1 }))).toEqual({
      query: expect.objectContaining({ aggregate: 'SUM', groupBy: ['AWS.AccountId'] }) as unknown,
      rule: {
        statistic: 'Sum',
        period: 900,
        evaluationPeriods: 2,
        datapointsToAlarm: 1,
        threshold: 1,
        comparisonOperator: 'GreaterThanThreshold',
        treatMissingData: 'notBreaching',
      },
    });
  });

  const metric = { metricName: 'm', namespace: 'n', period: 300, stat: 'Sum' };
  test.each<[string, Properties]>([
    ['one metric', inputs],
    [
      'metric math',
      {
        ...withoutMetric,
        metricQueries: [
          { id: 'a', metric },
          { id: 'q', expression: 'a * 2', returnData: true },
        ],
      },
    ],
    ['a metric as a query', { ...withoutMetric, metricQueries: [{ id: 'a', metric, returnData: true }] }],
  ])('is none for %s', (_, properties) => {
    expect(readInsightsAlarm(deployed(properties))).toBeUndefined();
  });

  test.each<[string, string, Properties]>([
    ['groups whose silence would be red', groups, { treatMissingData: 'breaching' }],
    ['groups whose silence changes nothing', groups, { treatMissingData: 'ignore' }],
    ['a query that is not evaluated', "SELECT SUM(m) FROM n WHERE f = 'x' OR f = 'y'", {}],
  ])('refuses %s: a state that is not known is not guessed', (_, expression, more) => {
    expect(() => readInsightsAlarm(onQuery(expression, more))).toThrow(/does not evaluate/);
  });
});
