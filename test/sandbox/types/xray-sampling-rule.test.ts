import type { Properties } from '../../../sandbox/resource-type';
import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld } from './fake-world';

const rule: Properties = {
  ruleName: 'orders',
  version: 1,
  priority: 100,
  reservoirSize: 1,
  fixedRate: 0.05,
  host: '*',
  httpMethod: '*',
  urlPath: '*',
  resourceArn: '*',
  serviceName: '*',
  serviceType: '*',
};

test('a rule is known by its name', () => {
  expect(new FakeWorld(monitoringTypes).given(tokens.samplingRule, rule)).toMatchObject({
    id: 'orders',
    outputs: { arn: 'arn:aws:xray:eu-west-1:111122223333:sampling-rule/orders' },
  });
});

test.each<[string, Properties]>([
  ['a name of 33 characters', { ruleName: 'x'.repeat(33) }],
  ['the name of the default rule', { ruleName: 'Default' }],
  ['a rate over 1', { fixedRate: 1.1 }],
  ['priority 0', { priority: 0 }],
  ['priority 10,000', { priority: 10_000 }],
  ['version 2', { version: 2 }],
  ['a negative reservoir', { reservoirSize: -1 }],
  ['a method of 11 characters', { httpMethod: 'x'.repeat(11) }],
  ['six attributes', { attributes: { a: '1', b: '1', c: '1', d: '1', e: '1', f: '1' } }],
  ['no host', { host: undefined }],
  ['a taken name', { ruleName: 'taken' }],
])('refuses %s', (_name, more) => {
  const world = new FakeWorld(monitoringTypes);
  world.given(tokens.samplingRule, { ...rule, ruleName: 'taken' });
  expect(world.create(tokens.samplingRule, { ...rule, ...more })).toMatchObject({ kind: 'refused', name: 'InvalidRequestException' });
});

test('an account has at most 25 rules in a region', () => {
  const world = new FakeWorld(monitoringTypes);
  for (let index = 0; index < 25; index += 1) world.given(tokens.samplingRule, { ...rule, ruleName: `r${index}` });
  expect(world.create(tokens.samplingRule, rule)).toMatchObject({ kind: 'refused', name: 'RuleLimitExceededException' });
});
