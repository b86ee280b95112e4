import type { Properties } from '../../../sandbox/resource-type';
import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld, otherAccount, otherRegion, place } from './fake-world';

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:alerts';
const insights =
  'SELECT AVG(OrderFailed) FROM SCHEMA("fleet/orders", FunctionName) WHERE FunctionName = \'orders-order\' GROUP BY AWS.AccountId ORDER BY MAX() DESC LIMIT 10';

const common: Properties = { name: 'orders-failures', evaluationPeriods: 5, threshold: 0.01, comparisonOperator: 'GreaterThanThreshold' };
const single: Properties = { ...common, metricName: 'OrderFailed', namespace: 'fleet/orders', statistic: 'Average', period: 60 };
const stat = (id: string, more: Properties = {}, metric: Properties = {}) => ({
  id,
  metric: { metricName: 'Errors', namespace: 'AWS/Lambda', period: 60, stat: 'Sum', ...metric },
  ...more,
});
const math = (...metricQueries: readonly unknown[]): Properties => ({ ...common, metricQueries });
const list = <T>(count: number, make: (index: number) => T): readonly T[] => Array.from({ length: count }, (_, index) => make(index));

function world(): FakeWorld {
  const made = new FakeWorld(monitoringTypes);
  made.given(tokens.topic, { name: 'alerts' });
  return made;
}

describe('alarms that CloudWatch takes', () => {
  test.each<[string, Properties]>([
    ['a plain one', single],
    ['a period of 10 seconds', { ...single, period: 10 }],
    ['a window of exactly a day', { ...single, period: 60, evaluationPeriods: 1440 }],
    ['a window of exactly seven days of hours', { ...single, period: 3600, evaluationPeriods: 168 }],
    ['M out of N', { ...single, datapointsToAlarm: 5 }],
    ['a percentile', { ...single, statistic: undefined, extendedStatistic: 'p99.9' }],
    ['a trimmed mean', { ...single, statistic: undefined, extendedStatistic: 'TM(10%:90%)' }],
    ['a percentile rank', { ...single, statistic: undefined, extendedStatistic: 'PR(:300)' }],
    ['30 dimensions', { ...single, dimensions: Object.fromEntries(list(30, (index) => [`d${index}`, 'x'])) }],
    ['five actions', { ...single, alarmActions: list(5, () => topicArn) }],
    ['an EC2 action', { ...single, alarmActions: ['arn:aws:automate:eu-west-1:ec2:reboot'] }],
    ['a Lambda action', { ...single, okActions: ['arn:aws:lambda:eu-west-1:111122223333:function:x:live'] }],
    ['metric math', math(stat('m1'), stat('m2'), { id: 'rate', expression: '100 * m1 / MAX([m2, 1e0])', returnData: true })],
    ['ten metrics', math(...list(10, (index) => stat(`m${index}`)), { id: 'all', expression: 'SUM(METRICS("m"))', returnData: true })],
    ['one metric as a query', math(stat('m1', { returnData: true }))],
    ['a Metrics Insights query', math({ id: 'q1', expression: insights, period: 300, returnData: true })],
    [
      'a shorter Metrics Insights query',
      math({ id: 'q1', expression: 'SELECT SUM("Order.Failed") FROM "fleet/orders"', period: 60, returnData: true }),
    ],
    [
      'an anomaly band',
      {
        ...math(stat('m1', { returnData: true }), { id: 'band', expression: 'ANOMALY_DETECTION_BAND(m1, 2)', returnData: true }),
        comparisonOperator: 'GreaterThanUpperThreshold',
        threshold: undefined,
        thresholdMetricId: 'band',
      },
    ],
  ])('%s', (_name, inputs) => {
    expect(world().create(tokens.metricAlarm, inputs)).toMatchObject({ kind: 'done' });
  });
});

describe('alarms that CloudWatch refuses with a ValidationError', () => {
  test.each<[string, Properties, RegExp]>([
    ['neither metric nor queries', common, /either MetricName or Metrics/],
    ['both metric and queries', { ...single, ...math(stat('m1', { returnData: true })) }, /either MetricName or Metrics/],
    ['queries with a namespace', { ...math(stat('m1', { returnData: true })), namespace: 'x' }, /namespace cannot be given/],
    ['an empty list of queries', math(), /metricQueries/],
    ['no namespace', { ...single, namespace: undefined }, /namespace is required/],
    ['no period', { ...single, period: undefined }, /period is required/],
    ['no statistic', { ...single, statistic: undefined }, /statistic/],
    ['two statistics', { ...single, extendedStatistic: 'p99' }, /statistic/],
    ['an unknown statistic', { ...single, statistic: 'Median' }, /Median/],
    ['a percentile over 100', { ...single, statistic: undefined, extendedStatistic: 'p101' }, /p101/],
    ['a trimmed mean without bounds', { ...single, statistic: undefined, extendedStatistic: 'TM(:)' }, /TM/],
    ['a period of 90 seconds', { ...single, period: 90 }, /90/],
    ['a period of 5 seconds', { ...single, period: 5 }, /must be 10, 20, 30/],
    ['no evaluation periods', { ...single, evaluationPeriods: 0 }, /evaluationPeriods/],
    ['a window of a day and a minute', { ...single, period: 60, evaluationPeriods: 1441 }, /more than a day/],
    ['a window of seven days and an hour', { ...single, period: 3600, evaluationPeriods: 169 }, /seven days/],
    ['a long window of queries', { ...math(stat('m1', { returnData: true }, { period: 300 })), evaluationPeriods: 289 }, /more than a day/],
    ['more data points than periods', { ...single, datapointsToAlarm: 6 }, /DatapointsToAlarm/],
    ['no threshold', { ...single, threshold: undefined }, /needs Threshold/],
    [
      'a band operator without a band',
      { ...single, comparisonOperator: 'LessThanLowerThreshold', threshold: undefined },
      /ThresholdMetricId/,
    ],
    ['an unknown operator', { ...single, comparisonOperator: 'Above' }, /Above/],
    ['an unknown treatment of missing data', { ...single, treatMissingData: 'zero' }, /zero/],
    ['an unknown unit', { ...single, unit: 'Furlongs' }, /Furlongs/],
    ['a namespace that starts with a colon', { ...single, namespace: ':x' }, /colon/],
    ['31 dimensions', { ...single, dimensions: Object.fromEntries(list(31, (index) => [`d${index}`, 'x'])) }, /31 dimensions/],
    ['an empty dimension', { ...single, dimensions: { FunctionName: '' } }, /FunctionName/],
    ['a name of 256 characters', { ...single, name: 'x'.repeat(256) }, /name/],
    ['an action that is no ARN', { ...single, alarmActions: ['alerts'] }, /Invalid arn syntax/],
    ['an action of a service that takes none', { ...single, alarmActions: ['arn:aws:sqs:eu-west-1:111122223333:q'] }, /Invalid arn syntax/],
    ['six actions', { ...single, alarmActions: list(6, () => topicArn) }, /6 actions/],
    ['an unknown input', { ...single, colour: 'red' }, /colour/],
    ['no query that returns data', math(stat('m1')), /Exactly one element/],
    ['two queries that return data', math(stat('m1', { returnData: true }), stat('m2', { returnData: true })), /Exactly one element/],
    ['the same id twice', math(stat('m1', { returnData: true }), stat('m1')), /unique/],
    ['an id in capitals', math(stat('M1', { returnData: true })), /M1/],
    ['a query with metric and expression', math(stat('m1', { returnData: true, expression: 'm1' })), /either a metric or an expression/],
    ['a query with neither', math({ id: 'm1', returnData: true }), /either a metric or an expression/],
    ['an expression over an unknown id', math(stat('m1'), { id: 'e1', expression: 'm1 / m2', returnData: true }), /refers to m2/],
    ['an expression with an open parenthesis', math(stat('m1'), { id: 'e1', expression: 'SUM([m1]', returnData: true }), /parentheses/],
    ['a search', math({ id: 'e1', expression: "SUM(SEARCH('{AWS/Lambda} Errors', 'Sum', 60))", returnData: true }), /SEARCH/],
    [
      'eleven metrics',
      math(...list(11, (index) => stat(`m${index}`)), { id: 'all', expression: 'SUM(METRICS())', returnData: true }),
      /11 metrics/,
    ],
    ['metrics of two periods', math(stat('m1', { returnData: true }), stat('m2', {}, { period: 300 })), /same period/],
    ['a Metrics Insights query without a period', math({ id: 'q1', expression: insights, returnData: true }), /must have a period/],
    [
      'a Metrics Insights query of 30 seconds',
      math({ id: 'q1', expression: insights, period: 30, returnData: true }),
      /must have a period/,
    ],
    [
      'a percentile in a Metrics Insights query',
      math({ id: 'q1', expression: 'SELECT P99(Duration) FROM "AWS/Lambda"', period: 60, returnData: true }),
      /not valid/,
    ],
    [
      'an unquoted namespace with a slash',
      math({ id: 'q1', expression: 'SELECT AVG(Duration) FROM AWS/Lambda', period: 60, returnData: true }),
      /not valid/,
    ],
    [
      'an anomaly band whose metric returns no data',
      {
        ...math(stat('m1'), { id: 'band', expression: 'ANOMALY_DETECTION_BAND(m1)', returnData: true }),
        comparisonOperator: 'GreaterThanUpperThreshold',
        threshold: undefined,
        thresholdMetricId: 'band',
      },
      /Exactly two elements/,
    ],
    [
      'a topic of another region',
      { ...single, alarmActions: ['arn:aws:sns:us-east-1:111122223333:alerts'] },
      /^Invalid region us-east-1 specified. Only eu-west-1 is supported.$/,
    ],
    ['a topic that does not exist', { ...single, alarmActions: [`${topicArn}-gone`] }, /does not exist/],
  ])('%s', (_name, inputs, message) => {
    expect(world().create(tokens.metricAlarm, inputs)).toMatchObject({
      kind: 'refused',
      name: 'ValidationError',
      message: expect.stringMatching(message) as string,
    });
  });
});

test('the outputs carry the defaults, the ARN and the tags', () => {
  expect(world().given(tokens.metricAlarm, { ...single, tags: { Team: 'orders' } })).toMatchObject({
    id: 'orders-failures',
    outputs: {
      arn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:orders-failures',
      actionsEnabled: true,
      treatMissingData: 'missing',
      region: 'eu-west-1',
      tagsAll: { Team: 'orders' },
    },
  });
});

test('putting an alarm of a taken name overwrites it without a word', () => {
  const made = world();
  made.given(tokens.metricAlarm, single);
  made.given(tokens.metricAlarm, { ...single, threshold: 2 });
  expect(made.find(tokens.metricAlarm, 'orders-failures', place)?.inputs.threshold).toBe(2);
});

test('a composite of the same name is not overwritten', () => {
  const made = world();
  made.given(tokens.compositeAlarm, { alarmName: 'orders-failures', alarmRule: 'FALSE' });
  expect(made.create(tokens.metricAlarm, single)).toMatchObject({ kind: 'refused', name: 'ValidationError' });
});

test('an update is not held back by a topic that went away since', () => {
  const made = world();
  const alarm = made.given(tokens.metricAlarm, { ...single, alarmActions: [topicArn] });
  made.delete(made.given(tokens.topic, { name: 'alerts' }));
  expect(made.update(alarm, { ...alarm.inputs, threshold: 3 })).toMatchObject({ kind: 'done' });
});

test('a child of a composite cannot be deleted before it', () => {
  const made = world();
  const child = made.given(tokens.metricAlarm, single);
  const parent = made.given(tokens.compositeAlarm, { alarmName: 'critical', alarmRule: 'ALARM("orders-failures")' });
  expect(made.delete(child)).toEqual({
    kind: 'refused',
    name: 'ValidationError',
    message: 'Cannot delete orders-failures as there are composite alarm(s) depending on it.',
  });
  made.delete(parent);
  expect(made.delete(child)).toMatchObject({ kind: 'done' });
});

describe('metrics of another account', () => {
  const foreign = math(stat('m1', { returnData: true, accountId: otherAccount.account }));
  const linked = (types: readonly string[], at = place): FakeWorld => {
    const made = world();
    const sink = made.given(tokens.sink, { name: 'fleet' }, { place: at });
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: ['oam:CreateLink'], Resource: '*' }] };
    made.given(tokens.sinkPolicy, { sinkIdentifier: sink.id, policy: JSON.stringify(policy) }, { place: at });
    made.given(
      tokens.link,
      { labelTemplate: 'x', sinkIdentifier: sink.id, resourceTypes: types },
      { place: { ...otherAccount, region: at.region } },
    );
    return made;
  };

  test('are forbidden without a link', () => {
    expect(world().create(tokens.metricAlarm, foreign)).toEqual({
      kind: 'refused',
      name: 'ValidationError',
      message: 'One or more metrics in your request are Forbidden.',
    });
  });

  test('are forbidden through a link that shares only logs', () => {
    expect(linked(['AWS::Logs::LogGroup']).create(tokens.metricAlarm, foreign)).toMatchObject({ kind: 'refused' });
  });

  test('are forbidden through a link of another region', () => {
    expect(linked(['AWS::CloudWatch::Metric'], otherRegion).create(tokens.metricAlarm, foreign)).toMatchObject({ kind: 'refused' });
  });

  test('can be watched through a link that shares metrics', () => {
    expect(linked(['AWS::CloudWatch::Metric']).create(tokens.metricAlarm, foreign)).toMatchObject({ kind: 'done' });
  });
});
