import { accountIdSchema } from '../../../contracts/ids';
import type { Properties } from '../../../sandbox/resource-type';
import { monitoringTokens as tokens } from '../../../sandbox/types/common/monitoring-tokens';
import { monitoringTypes } from '../../../sandbox/types/monitoring';

import { FakeWorld, otherAccount, otherRegion, place } from './fake-world';

const metric = 'AWS::CloudWatch::Metric';
const logs = 'AWS::Logs::LogGroup';
const source = { place: otherAccount };
const statement = (more: Properties = {}) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: ['oam:CreateLink', 'oam:UpdateLink'],
  Resource: '*',
  ...more,
});
const organisation = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } };
const only = (...types: readonly string[]) => ({ Condition: { 'ForAllValues:StringEquals': { 'oam:ResourceTypes': types } } });

/** A monitoring account's sink, open as the statements say. */
function world(...statements: readonly unknown[]) {
  const made = new FakeWorld(monitoringTypes);
  const sink = made.given(tokens.sink, { name: 'fleet' });
  if (statements.length > 0)
    made.given(tokens.sinkPolicy, { sinkIdentifier: sink.id, policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) });
  const link = (more: Properties = {}): Properties => ({
    labelTemplate: '$AccountName',
    resourceTypes: [metric, logs],
    sinkIdentifier: sink.id,
    ...more,
  });
  return { made, sink, link };
}

test('a link knows its sink and stands in the source account', () => {
  const { made, sink, link } = world(statement(organisation));
  const { id, outputs } = made.given(tokens.link, link(), source);
  expect(id).toMatch(/^arn:aws:oam:eu-west-1:444455556666:link\/[0-9a-f-]{36}$/);
  expect(outputs).toMatchObject({ arn: id, linkId: id.split('/')[1], sinkArn: sink.id, label: '444455556666' });
});

test.each<[string, readonly unknown[]]>([
  ['the organisation', [statement(organisation)]],
  ['the account by id', [statement({ Principal: { AWS: '444455556666' } })]],
  ['the account by its root', [statement({ Principal: { AWS: ['arn:aws:iam::444455556666:root'] } })]],
  ['these types of data', [statement(only(metric, logs, 'AWS::XRay::Trace'))]],
])('a policy that admits %s lets it link', (_name, statements) => {
  const { made, link } = world(...statements);
  expect(made.create(tokens.link, link(), source)).toMatchObject({ kind: 'done' });
});

test.each<[string, readonly unknown[]]>([
  ['is not there', []],
  ['admits another organisation', [statement({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-other12345' } } })]],
  ['admits another account', [statement({ Principal: { AWS: '999999999999' } })]],
  ['admits fewer types of data', [statement(only(metric))]],
  ['admits updates only', [statement({ Action: 'oam:UpdateLink' })]],
  ['admits and denies', [statement(), statement({ Effect: 'Deny', Principal: { AWS: '444455556666' } })]],
  ['is for another sink', [statement({ Resource: 'arn:aws:oam:eu-west-1:111122223333:sink/other' })]],
])('a policy that %s lets nobody link', (_name, statements) => {
  const { made, link } = world(...statements);
  expect(made.create(tokens.link, link(), source)).toMatchObject({
    kind: 'refused',
    name: 'AccessDeniedException',
    message: expect.stringContaining('oam:CreateLink') as string,
  });
});

test('a policy that was narrowed since holds back an update', () => {
  const { made, link } = world(statement(only(metric)));
  const linked = made.given(tokens.link, link({ resourceTypes: [metric] }), source);
  expect(made.update(linked, link({ resourceTypes: [metric, logs] }))).toMatchObject({ kind: 'refused', name: 'AccessDeniedException' });
});

test.each<[string, Properties]>([
  ['an unknown type of data', { resourceTypes: ['AWS::S3::Bucket'] }],
  ['no type of data', { resourceTypes: [] }],
  ['a type twice', { resourceTypes: [metric, metric] }],
  ['a label of 65 characters', { labelTemplate: 'x'.repeat(65) }],
  ['a sink by id', { sinkIdentifier: '11111111-1111-4111-8111-111111111111' }],
  ['a sink that does not exist', { sinkIdentifier: 'arn:aws:oam:eu-west-1:111122223333:sink/11111111-1111-4111-8111-111111111111' }],
  ['an empty filter', { linkConfiguration: { metricConfiguration: { filter: '' } } }],
])('refuses %s', (_name, more) => {
  const { made, link } = world(statement());
  expect(made.create(tokens.link, link(more), source)).toMatchObject({ kind: 'refused', name: 'InvalidParameterException' });
});

test('refuses a sink of the own account or of another region', () => {
  const { made, link } = world(statement());
  expect(made.create(tokens.link, link(), { place })).toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining('own sink') as string,
  });
  expect(made.create(tokens.link, link(), { place: { ...otherAccount, region: otherRegion.region } })).toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining('same Region') as string,
  });
});

test('an account links to a sink once, and to five sinks at most', () => {
  const { made, link } = world(statement());
  made.given(tokens.link, link(), source);
  expect(made.create(tokens.link, link(), source)).toMatchObject({ kind: 'refused', name: 'ConflictException' });
  const outcomes = ['1', '2', '3', '4', '5'].map((digit) => {
    const monitoring = { place: { ...place, account: accountIdSchema.parse(digit.repeat(12)) }, instance: digit };
    const sink = made.given(tokens.sink, { name: 'fleet' }, monitoring);
    made.given(
      tokens.sinkPolicy,
      { sinkIdentifier: sink.id, policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement()] }) },
      monitoring,
    );
    return made.create(tokens.link, link({ sinkIdentifier: sink.id }), { ...source, instance: digit });
  });
  expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done', 'done', 'done', 'refused']);
  expect(outcomes[4]).toMatchObject({ name: 'ServiceQuotaExceededException' });
});
