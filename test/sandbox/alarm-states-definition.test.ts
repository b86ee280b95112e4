import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { readAlarmDefinition } from '../../sandbox/alarm-states-definition';
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

  const { metricName: _name, namespace: _namespace, period: _period, statistic: _statistic, ...withoutMetric } = inputs;
  test.each<[string, Properties]>([
    [
      'metricQueries',
      { ...withoutMetric, metricQueries: [{ id: 'q', expression: "SELECT AVG(m) FROM n WHERE f = 'x'", period: 60, returnData: true }] },
    ],
    ['extendedStatistic', { ...withoutMetric, metricName: 'm', namespace: 'n', period: 60, extendedStatistic: 'p99' }],
  ])('refuses %s by name: a guessed state must not pass a gate', (input, properties) => {
    expect(() => readAlarmDefinition(deployed(properties))).toThrow(
      `alarm orders-x has ${input}: the sandbox evaluates alarms on one metric and statistic alone`,
    );
  });
});
