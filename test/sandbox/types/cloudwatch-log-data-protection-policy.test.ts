import type { Properties } from '../../../sandbox/resource-type';
import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld } from './fake-world';

const email = 'arn:aws:dataprotection::aws:data-identifier/EmailAddress';
const card = 'arn:aws:dataprotection::aws:data-identifier/CreditCardNumber';
const audit = (identifiers: readonly string[], destination: Properties = {}) => ({
  Sid: 'audit',
  DataIdentifier: identifiers,
  Operation: { Audit: { FindingsDestination: destination } },
});
const mask = (identifiers: readonly string[], config: Properties = {}) => ({
  Sid: 'mask',
  DataIdentifier: identifiers,
  Operation: { Deidentify: { MaskConfig: config } },
});
const policy = (statements: readonly unknown[], more: Properties = {}) =>
  JSON.stringify({ Name: 'mask', Version: '2021-06-01', Statement: statements, ...more });

function create(policyDocument: string, logGroupClass = 'STANDARD') {
  const world = new FakeWorld(monitoringTypes);
  world.given(tokens.logGroup, { name: '/orders', logGroupClass });
  world.given(tokens.logGroup, { name: '/findings' }, { instance: 'findings' });
  return world.create(tokens.logDataProtectionPolicy, { logGroupName: '/orders', policyDocument });
}

test.each([
  ['an audit and a mask', policy([audit([email, card]), mask([card, email])])],
  ['findings to a log group', policy([audit([email], { CloudWatchLogs: { LogGroup: '/findings' } }), mask([email])])],
  [
    'a custom identifier',
    policy([audit(['OrderId']), mask(['OrderId'])], { Configuration: { CustomDataIdentifier: [{ Name: 'OrderId', Regex: 'ord-\\d+' }] } }),
  ],
])('takes %s', (_name, document) => {
  expect(create(document)).toMatchObject({ kind: 'done', resource: { id: '/orders' } });
});

test.each([
  ['text that is no JSON', '{'],
  ['a mask alone', policy([mask([email])])],
  ['the statements in the wrong order', policy([mask([email]), audit([email])])],
  ['different identifiers', policy([audit([email]), mask([card])])],
  ['no identifiers', policy([audit([]), mask([])])],
  ['a mask configuration that is not empty', policy([audit([email]), mask([email], { with: '*' })])],
  ['an undefined custom identifier', policy([audit(['OrderId']), mask(['OrderId'])])],
  ['another version', policy([audit([email]), mask([email])], { Version: '2012-10-17' })],
  ['findings to a log group that does not exist', policy([audit([email], { CloudWatchLogs: { LogGroup: '/gone' } }), mask([email])])],
  ['findings to a bucket that does not exist', policy([audit([email], { S3: { Bucket: 'gone' } }), mask([email])])],
  ['30,721 characters', policy([audit([email]), mask([email])], { Description: 'x'.repeat(30_721) })],
])('refuses %s', (_name, document) => {
  expect(create(document)).toMatchObject({ kind: 'refused', name: 'InvalidParameterException' });
});

test('needs a log group that exists, of the standard class', () => {
  const document = policy([audit([email]), mask([email])]);
  expect(create(document, 'INFREQUENT_ACCESS')).toMatchObject({ kind: 'refused', name: 'InvalidParameterException' });
  expect(
    new FakeWorld(monitoringTypes).create(tokens.logDataProtectionPolicy, { logGroupName: '/gone', policyDocument: document }),
  ).toMatchObject({
    kind: 'refused',
    name: 'ResourceNotFoundException',
  });
});
