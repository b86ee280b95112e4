import { parsed } from '../read-template';
import { decideAccess, type Policies, type RoleRequest } from './decide-access';

const role = { account: '111122223333', arn: 'arn:aws:iam::111122223333:role/app' };
const queue = 'arn:aws:sqs:eu-west-1:111122223333:orders';
const ask = (changes: Partial<RoleRequest> = {}): RoleRequest => ({ action: 'sqs:SendMessage', resource: queue, role, ...changes });
const of = (...statements: readonly object[]) =>
  parsed({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...statement })),
  });
const onResource = (...statements: readonly object[]) =>
  parsed(
    { Version: '2012-10-17', Statement: statements.map((statement) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...statement })) },
    'resource',
  );
const all = of({});
const nothing = of({ Action: 'ec2:*' });
const not = of({}, { Effect: 'Deny' });

/** IAM User Guide, "Policy evaluation logic": within an account, and across accounts. */
describe('the decision', () => {
  const account = { AWS: 'arn:aws:iam::111122223333:root' };
  const itself = { AWS: role.arn };
  const elsewhere = ask({ resource: 'arn:aws:sqs:eu-west-1:444455556666:orders' });
  const onKey = ask({ action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:111122223333:key/1' });

  test.each<[string, Policies, RoleRequest, string]>([
    ['nothing is allowed by nobody', { identity: [] }, ask(), 'not allowed'],
    ['an identity policy allows', { identity: [all] }, ask(), 'allowed'],
    ['a Deny wins over an Allow', { identity: [all, not] }, ask(), 'denied'],
    ['a boundary grants nothing', { identity: [nothing], boundary: all }, ask(), 'not allowed'],
    ['a boundary that does not allow, limits', { identity: [all], boundary: nothing }, ask(), 'not allowed'],
    ['a boundary that denies, denies', { identity: [all], boundary: not }, ask(), 'denied'],
    ['each level of service control policies must allow', { identity: [all], scps: [[all], [nothing]] }, ask(), 'not allowed'],
    ['one policy of each level is enough', { identity: [all], scps: [[all], [nothing, all]] }, ask(), 'allowed'],
    ['service control policies grant nothing', { identity: [], scps: [[all]] }, ask(), 'not allowed'],
    ['a Deny of a service control policy wins', { identity: [all], scps: [[all, not]] }, ask(), 'denied'],
    ['a resource policy allows by itself inside an account', { identity: [], resource: onResource({ Principal: itself }) }, ask(), 'allowed'],
    ['one for the account leaves it to its policies', { identity: [], resource: onResource({ Principal: account }) }, ask(), 'not allowed'],
    ['a resource policy for others is nothing to this one', { identity: [all], resource: onResource({ Principal: { AWS: '444455556666' } }) }, ask(), 'allowed'],
    ['a Deny of the resource wins', { identity: [all], resource: onResource({ Effect: 'Deny', Principal: '*' }) }, ask(), 'denied'],
    ['across accounts identity alone is not enough', { identity: [all] }, elsewhere, 'not allowed'],
    ['across accounts the resource alone is not enough', { identity: [], resource: onResource({ Principal: itself }) }, elsewhere, 'not allowed'],
    ['across accounts both are', { identity: [all], resource: onResource({ Principal: account }) }, elsewhere, 'allowed'],
    ['a key leaves it to the policies of its account', { identity: [all], resource: onResource({ Principal: account }) }, onKey, 'allowed'],
    ['a key whose policy says nothing of it is closed to its account', { identity: [all], resource: onResource({ Principal: { AWS: '444455556666' } }) }, onKey, 'not allowed'],
    ['NotAction is everything else', { identity: [of({ Action: undefined, NotAction: ['sqs:*'] })] }, ask(), 'not allowed'],
    ['NotAction is everything else (2)', { identity: [of({ Action: undefined, NotAction: ['iam:*'] })] }, ask(), 'allowed'],
    ['NotResource is everything else', { identity: [all, of({ Effect: 'Deny', Resource: undefined, NotResource: queue })] }, ask(), 'allowed'],
    ['NotResource is everything else (2)', { identity: [all, of({ Effect: 'Deny', Resource: undefined, NotResource: `${queue}-2` })] }, ask(), 'denied'],
    ['actions have no case', { identity: [of({ Action: 'SQS:sendmessage' })] }, ask(), 'allowed'],
    ['resources have one', { identity: [of({ Resource: queue.replace('orders', 'Orders') })] }, ask(), 'not allowed'],
    ['a question mark is one character', { identity: [of({ Resource: queue.replace('orders', 'order?') })] }, ask(), 'allowed'],
    ['a question mark is not none', { identity: [of({ Resource: `${queue}?` })] }, ask(), 'not allowed'],
  ])('%s', (_name, policies, request, expected) => {
    expect(decideAccess(policies, request)).toBe(expected);
  }); // prettier-ignore
});

/** IAM User Guide, "Condition operators" and "Set operators for multivalued context keys": what each says of a key that is there, and is not. */
describe('a condition', () => {
  const holds = (condition: object, context: RoleRequest['context']) =>
    decideAccess({ identity: [of({ Condition: condition })] }, ask({ context: context ?? {} })) === 'allowed';
  const region = (operator: string, value: string | readonly string[]) => ({ [operator]: { 'aws:RequestedRegion': value } });
  const tagKeys = (operator: string, value: string | readonly string[]) => ({ [operator]: { 'aws:TagKeys': value } });
  const there = { 'aws:RequestedRegion': 'eu-west-1' };
  const keys = (...values: readonly string[]) => ({ 'aws:TagKeys': values });

  test.each<[string, object, NonNullable<RoleRequest['context']>, boolean]>([
    ['StringEquals, equal', region('StringEquals', 'eu-west-1'), there, true],
    ['StringEquals, one of several', region('StringEquals', ['x', 'eu-west-1']), there, true],
    ['StringEquals, other case', region('StringEquals', 'EU-west-1'), there, false],
    ['StringEquals takes a star literally', region('StringEquals', 'eu-*'), there, false],
    ['StringEquals, absent', region('StringEquals', 'eu-west-1'), {}, false],
    ['StringEqualsIgnoreCase, other case', region('StringEqualsIgnoreCase', 'EU-west-1'), there, true],
    ['StringNotEquals, other', region('StringNotEquals', 'x'), there, true],
    ['StringNotEquals, none of several', region('StringNotEquals', ['x', 'eu-west-1']), there, false],
    ['StringNotEquals, absent', region('StringNotEquals', 'x'), {}, true],
    ['StringLike, like', region('StringLike', 'eu-*'), there, true],
    ['StringLike, absent', region('StringLike', '*'), {}, false],
    ['StringNotLike, like', region('StringNotLike', 'eu-*'), there, false],
    ['StringNotLike, absent', region('StringNotLike', 'eu-*'), {}, true],
    ['StringEqualsIfExists, absent', region('StringEqualsIfExists', 'x'), {}, true],
    ['StringEqualsIfExists, other', region('StringEqualsIfExists', 'x'), there, false],
    ['StringNotEqualsIfExists, absent', region('StringNotEqualsIfExists', 'x'), {}, true],
    ['Null true, absent', region('Null', 'true'), {}, true],
    ['Null true, there', region('Null', 'true'), there, false],
    ['Null false, there', region('Null', 'false'), there, true],
    ['Null false, an empty set', tagKeys('Null', 'false'), keys(), false],
    ['Bool, same', { Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:SecureTransport': 'true' }, true],
    ['Bool, absent', { Bool: { 'aws:SecureTransport': 'false' } }, {}, false],
    ['BoolIfExists, absent', { BoolIfExists: { 'aws:SecureTransport': 'false' } }, {}, true],
    ['ArnLike, a star in its part', { ArnLike: { 'aws:SourceArn': 'arn:aws:sqs:*:1:q*' } }, { 'aws:SourceArn': 'arn:aws:sqs:eu-west-1:1:queue' }, true],
    ['ArnLike, a star never crosses a colon', { ArnLike: { 'aws:SourceArn': 'arn:aws:sqs:*:q' } }, { 'aws:SourceArn': 'arn:aws:sqs:eu-west-1:1:q' }, false],
    ['ArnEquals is ArnLike', { ArnEquals: { 'aws:SourceArn': 'arn:aws:sqs:*:1:q' } }, { 'aws:SourceArn': 'arn:aws:sqs:eu-west-1:1:q' }, true],
    ['ArnNotLike, absent', { ArnNotLike: { 'aws:SourceArn': 'arn:aws:sqs:*:1:q' } }, {}, true],
    ['ForAnyValue, one of them', tagKeys('ForAnyValue:StringEquals', ['a', 'b']), keys('b', 'c'), true],
    ['ForAnyValue, none of them', tagKeys('ForAnyValue:StringEquals', ['a']), keys('b', 'c'), false],
    ['ForAnyValue, absent', tagKeys('ForAnyValue:StringEquals', ['a']), {}, false],
    ['ForAnyValue, an empty set', tagKeys('ForAnyValue:StringEquals', ['a']), keys(), false],
    ['ForAnyValue of a negated one, absent', tagKeys('ForAnyValue:StringNotEquals', ['a']), {}, false],
    ['ForAnyValue of a negated one, all named', tagKeys('ForAnyValue:StringNotEquals', ['a', 'b']), keys('a', 'b'), false],
    ['ForAnyValue of a negated one, one not named', tagKeys('ForAnyValue:StringNotEquals', ['a']), keys('a', 'b'), true],
    ['ForAllValues, all of them', tagKeys('ForAllValues:StringEquals', ['a', 'b']), keys('a'), true],
    ['ForAllValues, not all of them', tagKeys('ForAllValues:StringEquals', ['a']), keys('a', 'b'), false],
    ['ForAllValues holds of no value', tagKeys('ForAllValues:StringEquals', ['a']), {}, true],
    ['ForAllValues holds of an empty set', tagKeys('ForAllValues:StringEquals', ['a']), keys(), true],
    ['ForAllValues of a negated one, absent', tagKeys('ForAllValues:StringNotEquals', ['a']), {}, true],
    ['ForAllValues of a negated one, one named', tagKeys('ForAllValues:StringNotEquals', ['a']), keys('a', 'b'), false],
    ['two operators are both asked', { ...region('StringEquals', 'eu-west-1'), ...tagKeys('Null', 'false') }, there, false],
    ['two keys of one operator are both asked', { StringEquals: { 'aws:RequestedRegion': 'eu-west-1', 'aws:PrincipalOrgID': 'o' } }, there, false],
    ['keys have no case', { StringEquals: { 'AWS:requestedregion': 'eu-west-1' } }, there, true],
  ])('%s', (_name, condition, context, expected) => {
    expect(holds(condition, context)).toBe(expected);
  }); // prettier-ignore

  test.each<[string, object, NonNullable<RoleRequest['context']>, RegExp]>([
    ['an operator that there is not', { StringIs: { 'aws:RequestedRegion': 'x' } }, {}, /Invalid Condition type : StringIs/],
    ['a key that there is not', { StringEquals: { 'kms:ResourceAlias': 'x' } }, {}, /condition key kms:ResourceAlias is not known/],
    ['a key of the request that there is not', {}, { 'kms:Alias': 'x' }, /condition key kms:Alias is not known/],
    ['a set operator on one value', { 'ForAllValues:StringEquals': { 'aws:RequestedRegion': 'x' } }, {}, /ForAllValues:StringEquals on aws:RequestedRegion/],
    ['no set operator on a set', { StringEquals: { 'aws:TagKeys': 'x' } }, {}, /StringEquals on aws:TagKeys/],
    ['one value where a request has a set', {}, { 'aws:TagKeys': 'x' }, /aws:TagKeys has many in a request, not "x"/],
    ['a set where a request has one value', {}, { 'aws:RequestTag/Team': ['x'] }, /aws:RequestTag\/Team has one in a request/],
    ['a policy variable', { StringEquals: { 'aws:RequestedRegion': '${aws:PrincipalTag/Region}' } }, {}, /policy variable/],
  ])('is not decided with %s', (_name, condition, context, message) => {
    expect(() => holds(condition, context)).toThrow(message);
  }); // prettier-ignore
});
