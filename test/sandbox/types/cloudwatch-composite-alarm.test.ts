import type { Properties } from '../../../sandbox/resource-type';
import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld, otherRegion } from './fake-world';

const child: Properties = {
  metricName: 'Errors',
  namespace: 'AWS/Lambda',
  statistic: 'Sum',
  period: 60,
  evaluationPeriods: 1,
  threshold: 0,
  comparisonOperator: 'GreaterThanThreshold',
};
const composite = (alarmRule: string, more: Properties = {}): Properties => ({ alarmName: 'critical', alarmRule, ...more });

function world(...children: readonly string[]): FakeWorld {
  const made = new FakeWorld(monitoringTypes);
  for (const name of children) made.given(tokens.metricAlarm, { ...child, name });
  return made;
}

test.each([
  ['by name', 'ALARM("a") OR ALARM(b)'],
  ['by ARN', 'ALARM(arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a)'],
  ['without any', 'FALSE'],
])('takes children %s', (_name, rule) => {
  expect(world('a', 'b').create(tokens.compositeAlarm, composite(rule))).toMatchObject({
    kind: 'done',
    resource: { id: 'critical', outputs: { arn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:critical', actionsEnabled: true } },
  });
});

test('takes another composite as a child', () => {
  const made = world('a');
  made.given(tokens.compositeAlarm, composite('ALARM(a)'));
  expect(made.create(tokens.compositeAlarm, composite('ALARM(critical)', { alarmName: 'all' }))).toMatchObject({ kind: 'done' });
});

describe('composites that CloudWatch refuses with a ValidationError', () => {
  test.each<[string, Properties, RegExp]>([
    [
      'children that do not exist',
      composite('ALARM(a) AND (ALARM("gone") OR ALARM(lost))'),
      /^Could not save the composite alarm as alarms \[gone, lost\] in the alarm rule do not exist$/,
    ],
    ['itself as a child', composite('ALARM(critical)'), /\[critical\] in the alarm rule do not exist/],
    ['a child of another region', composite('ALARM(arn:aws:cloudwatch:us-east-1:111122223333:alarm:far)'), /do not exist/],
    ['a child of another account', composite('ALARM(arn:aws:cloudwatch:eu-west-1:444455556666:alarm:a)'), /do not exist/],
    ['a rule that cannot be read', composite('ALARM(a) AND'), /AlarmRule at character 12/],
    ['an empty rule', composite(''), /alarmRule/],
    ['101 children', composite(Array.from({ length: 101 }, (_, index) => `ALARM(a${index})`).join(' OR ')), /101 children/],
    ['an EC2 action', composite('ALARM(a)', { alarmActions: ['arn:aws:automate:eu-west-1:ec2:reboot'] }), /Invalid arn syntax/],
    ['a topic of another region', composite('ALARM(a)', { alarmActions: ['arn:aws:sns:us-east-1:111122223333:x'] }), /Invalid region/],
    [
      'a suppressor that does not exist',
      composite('ALARM(a)', { actionsSuppressor: { alarm: 'gone', waitPeriod: 60, extensionPeriod: 60 } }),
      /suppressor gone/,
    ],
    ['a description of 1,025 characters', composite('ALARM(a)', { alarmDescription: 'x'.repeat(1025) }), /alarmDescription/],
    ['the name of a metric alarm', composite('ALARM(b)', { alarmName: 'a' }), /metric alarm with the name a/],
    ['an unknown input', composite('ALARM(a)', { threshold: 1 }), /threshold/],
  ])('%s', (_name, inputs, message) => {
    const made = world('a', 'b');
    made.given(tokens.metricAlarm, { ...child, name: 'far' }, { place: otherRegion });
    expect(made.create(tokens.compositeAlarm, inputs)).toMatchObject({
      kind: 'refused',
      name: 'ValidationError',
      message: expect.stringMatching(message) as string,
    });
  });
});

test('an alarm is in the rules of at most 150 composites', () => {
  const made = world('a');
  for (let index = 0; index < 150; index += 1) made.given(tokens.compositeAlarm, composite('ALARM(a)', { alarmName: `c${index}` }));
  expect(made.create(tokens.compositeAlarm, composite('ALARM(a)'))).toMatchObject({ kind: 'refused', name: 'LimitExceeded' });
  expect(made.create(tokens.compositeAlarm, composite('OK(a)', { alarmName: 'c0' }))).toMatchObject({ kind: 'done' });
});

test('an update can close a cycle, whose members then cannot be deleted until a rule is changed', () => {
  const made = world();
  const one = made.given(tokens.compositeAlarm, composite('FALSE', { alarmName: 'one' }));
  const two = made.given(tokens.compositeAlarm, composite('ALARM(one)', { alarmName: 'two' }));

  const closed = made.update(one, { ...one.inputs, alarmRule: 'ALARM(two)' });

  expect(closed).toMatchObject({ kind: 'done' });
  expect(made.delete(two)).toMatchObject({ kind: 'refused', name: 'ValidationError' });
  expect(made.delete(one)).toMatchObject({ kind: 'refused', name: 'ValidationError' });
  made.update(one, { ...one.inputs, alarmRule: 'FALSE' });
  expect(made.delete(two)).toMatchObject({ kind: 'done' });
});
