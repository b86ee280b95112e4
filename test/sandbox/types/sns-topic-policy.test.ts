import type { Properties } from '../../../sandbox/resource-type';
import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld, otherAccount } from './fake-world';

const arn = 'arn:aws:sns:eu-west-1:111122223333:alerts';
const statement = (more: Properties = {}) => ({
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action: 'sns:Publish',
  Resource: arn,
  Condition: { StringEquals: { 'aws:SourceOrgID': 'o-abcdefghij' } },
  ...more,
});
const policy = (...statements: readonly unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

function world(): FakeWorld {
  const made = new FakeWorld(monitoringTypes);
  made.given(tokens.topic, { name: 'alerts' });
  return made;
}

test.each([
  ['an organisation-wide publisher', policy(statement())],
  ['upper case', policy(statement({ Action: ['SNS:Publish', 'SNS:Subscribe'] }))],
  ['100 statements', policy(...Array.from({ length: 100 }, () => statement({ Condition: undefined })))],
])('takes %s', (_name, document) => {
  expect(world().create(tokens.topicPolicy, { arn, policy: document })).toMatchObject({
    kind: 'done',
    resource: { id: arn, outputs: { owner: '111122223333' } },
  });
});

test.each<[string, string, RegExp]>([
  ['text that is no JSON', '{', /Policy Error/],
  ['no statement', policy(), /Policy Error/],
  ['a statement without a principal', policy(statement({ Principal: undefined })), /Policy Error/],
  ['an unknown condition operator', policy(statement({ Condition: { StringIs: { 'aws:SourceOrgID': 'x' } } })), /StringIs/],
  [
    'a call that is no topic action',
    policy(statement({ Action: 'sns:CreateTopic' })),
    /^Invalid parameter: Policy statement action out of service scope!$/,
  ],
  ['a call of another service', policy(statement({ Action: 'sqs:SendMessage' })), /out of service scope/],
  ['a wildcard over all actions', policy(statement({ Action: 'sns:*' })), /out of service scope/],
  ['101 statements', policy(...Array.from({ length: 101 }, () => statement({ Condition: undefined }))), /101 statements/],
  ['more than 30 KB', policy(statement({ Sid: 'x'.repeat(30_720) })), /30720 bytes/],
])('refuses %s', (_name, document, message) => {
  expect(world().create(tokens.topicPolicy, { arn, policy: document })).toMatchObject({
    kind: 'refused',
    name: 'InvalidParameter',
    message: expect.stringMatching(message) as string,
  });
});

test('the topic must exist in the caller’s own account and region', () => {
  const gone = { kind: 'refused', name: 'NotFound', message: 'Topic does not exist' };
  expect(world().create(tokens.topicPolicy, { arn: `${arn}-gone`, policy: policy(statement()) })).toEqual(gone);
  expect(world().create(tokens.topicPolicy, { arn, policy: policy(statement()) }, { place: otherAccount })).toEqual(gone);
});
