import { monitoringTokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

test('every monitoring type is listed once', () => {
  expect(monitoringTypes.map(({ type }) => type).sort()).toEqual(Object.values(monitoringTokens).sort());
});

test.each(monitoringTypes.map((type) => [type.type, type] as const))(
  '%s takes simulated time and refuses inputs it does not know',
  (_name, type) => {
    expect(Math.min(...Object.values(type.seconds))).toBeGreaterThan(0);
    const result = type.inputs.safeParse({ surprise: true });
    expect(result.error?.issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes('surprise'))).toBe(true);
  },
);

test.each<[string, readonly string[]]>([
  [monitoringTokens.metricAlarm, ['name']],
  [monitoringTokens.compositeAlarm, ['alarmName']],
  [monitoringTokens.dashboard, ['dashboardName']],
  [monitoringTokens.logGroup, ['name', 'namePrefix', 'logGroupClass']],
  [monitoringTokens.logMetricFilter, ['logGroupName', 'name']],
  [monitoringTokens.topic, ['name', 'namePrefix', 'fifoTopic']],
  [monitoringTokens.topicPolicy, ['arn']],
  [monitoringTokens.keyAlias, ['name', 'namePrefix']],
  [monitoringTokens.sink, ['name']],
  [monitoringTokens.link, ['labelTemplate', 'sinkIdentifier']],
])('%s is replaced when one of %j changes, and only then', (token, inputs) => {
  expect(monitoringTypes.find(({ type }) => type === token)?.replaceOn).toEqual(inputs);
});
