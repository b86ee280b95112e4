import * as fc from 'fast-check';

import { parsePolicy, type PolicyDocument, type PolicyKind } from '../../../../sandbox/types/common/policy-document';
import { allows, trusts } from '../../../../sandbox/types/common/policy-evaluation';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:orders';

function document(statements: readonly object[], kind: PolicyKind = 'identity'): PolicyDocument {
  const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), kind);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.document;
}

const allow = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE };

describe('reading a policy', () => {
  test('takes one statement and lists of one as AWS does', () => {
    const parsed = parsePolicy(JSON.stringify({ Statement: allow }), 'identity');
    expect(parsed).toMatchObject({
      ok: true,
      document: { version: '2008-10-17', statements: [{ actions: ['sqs:SendMessage'], resources: [QUEUE] }] },
    });
  });

  test.each<[string, unknown, PolicyKind, string]>([
    ['a list', [], 'identity', 'Syntax errors in policy.'],
    ['no statement', { Version: '2012-10-17' }, 'identity', 'Missing required field Statement'],
    ['no statements', { Statement: [] }, 'identity', 'must not be empty'],
    ['an unknown version', { Version: '2020-01-01', Statement: allow }, 'identity', 'valid version string'],
    ['an unknown element', { Statement: allow, Comment: 'x' }, 'identity', 'Unknown field Comment'],
    ['an unknown element of a statement', { Statement: { ...allow, Actions: [] } }, 'identity', 'Unknown field Actions'],
    ['an unknown effect', { Statement: { ...allow, Effect: 'Permit' } }, 'identity', 'Invalid effect'],
    ['Action and NotAction', { Statement: { ...allow, NotAction: 'sqs:*' } }, 'identity', 'exclude each other'],
    ['no actions', { Statement: { ...allow, Action: [] } }, 'identity', 'must not be empty'],
    ['a number as action', { Statement: { ...allow, Action: 1 } }, 'identity', 'must be text'],
    [
      'Sids that repeat',
      {
        Statement: [
          { ...allow, Sid: 'a' },
          { ...allow, Sid: 'a' },
        ],
      },
      'identity',
      'must be unique',
    ],
    [
      'a condition key without a service',
      { Statement: { ...allow, Condition: { Bool: { secure: true } } } },
      'identity',
      'prefaced by a vendor',
    ],
    [
      'a principal of a role with a wildcard',
      { Statement: { ...allow, Principal: { AWS: 'arn:aws:iam::111122223333:role/*' } } },
      'resource',
      'Invalid principal',
    ],
    ['a principal that is text', { Statement: { ...allow, Principal: 'me' } }, 'resource', 'Invalid principal'],
    ['a principal of an unknown kind', { Statement: { ...allow, Principal: { Team: 'x' } } }, 'resource', 'Invalid principal'],
    ['no principal', { Statement: allow }, 'resource', 'Missing required field Principal'],
  ])('refuses %s', (_what, raw, kind, problem) => {
    const parsed = parsePolicy(JSON.stringify(raw), kind);
    expect(parsed.ok ? '' : parsed.problem).toContain(problem);
  });

  test('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => JSON.stringify(value)),
          fc.jsonValue().map((value) => JSON.stringify({ Statement: [value] })),
        ),
        (text) => {
          expect(typeof parsePolicy(text, 'resource').ok).toBe('boolean');
        },
      ),
    );
  });
});

describe('an identity may do', () => {
  const request = {
    action: 'sqs:SendMessage',
    resource: QUEUE,
    context: { 'aws:PrincipalOrgID': 'o-abcdefghij', 'aws:TagKeys': ['a', 'b'] },
  };

  test.each<[string, readonly object[], boolean]>([
    ['what is allowed', [allow], true],
    ['nothing that is not mentioned', [{ ...allow, Action: 'sqs:ReceiveMessage' }], false],
    ['what is allowed in another spelling', [{ ...allow, Action: 'SQS:sendmessage' }], true],
    ['what a wildcard covers', [{ ...allow, Action: 'sqs:Send*', Resource: 'arn:aws:sqs:*:111122223333:*' }], true],
    ['nothing on another resource', [{ ...allow, Resource: `${QUEUE}-2` }], false],
    ['nothing that is denied as well', [allow, { ...allow, Effect: 'Deny', Action: '*', Resource: '*' }], false],
    ['all but an action', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], true],
    ['all but this action', [{ Effect: 'Allow', NotAction: 'sqs:*', Resource: '*' }], false],
    ['all but a resource', [{ Effect: 'Allow', Action: '*', NotResource: QUEUE }], false],
    [
      'what a condition grants',
      [{ ...allow, Condition: { StringEquals: { 'AWS:principalorgid': ['o-1234567890', 'o-abcdefghij'] } } }],
      true,
    ],
    ['nothing that a condition withholds', [{ ...allow, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } } }], false],
    ['nothing where a key is absent', [{ ...allow, Condition: { StringEquals: { 'aws:SourceArn': 'x' } } }], false],
    ['what is granted if a key exists', [{ ...allow, Condition: { StringEqualsIfExists: { 'aws:SourceArn': 'x' } } }], true],
    [
      'what a negated condition grants where the key is absent',
      [{ ...allow, Condition: { StringNotEquals: { 'aws:SourceArn': 'x' } } }],
      true,
    ],
    ['what asks for an absent key', [{ ...allow, Condition: { Null: { 'aws:SourceArn': true } } }], true],
    ['nothing that asks for a present key', [{ ...allow, Condition: { Null: { 'aws:SourceArn': 'false' } } }], false],
    ['what any value grants', [{ ...allow, Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a', 'c'] } } }], true],
    ['nothing that not all values grant', [{ ...allow, Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'c'] } } }], false],
  ])('%s', (_what, statements, expected) => {
    expect(allows([document(statements)], request)).toBe(expected);
  });
});

describe('a resource policy', () => {
  const org = { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } };
  const context = { 'aws:PrincipalOrgID': 'o-abcdefghij' };
  const account = { kind: 'account', account: '444455556666', arn: 'arn:aws:iam::444455556666:role/caller' } as const;

  test.each([
    ['a service', { Service: 'sns.amazonaws.com' }, { kind: 'service', service: 'sns.amazonaws.com' } as const, true],
    ['another service', { Service: 'events.amazonaws.com' }, { kind: 'service', service: 'sns.amazonaws.com' } as const, false],
    ['its account', { AWS: '444455556666' }, account, true],
    ['the root of its account', { AWS: 'arn:aws:iam::444455556666:root' }, account, true],
    ['itself', { AWS: ['arn:aws:iam::444455556666:role/caller'] }, account, true],
    ['another role', { AWS: 'arn:aws:iam::444455556666:role/other' }, account, false],
    ['everybody', '*', account, true],
    ['services only', { Service: 'sns.amazonaws.com' }, account, false],
  ])('that names %s admits a caller or not', (_who, principal, caller, expected) => {
    const policy = document([{ ...allow, Principal: principal, Condition: org }], 'resource');
    expect(allows([policy], { action: 'sqs:SendMessage', resource: QUEUE, caller, context })).toBe(expected);
    expect(allows([policy], { action: 'sqs:SendMessage', resource: QUEUE, caller })).toBe(false);
  });

  test('says nothing about a caller that is not named', () => {
    expect(allows([document([{ ...allow, Principal: '*' }], 'resource')], { action: 'sqs:SendMessage', resource: QUEUE })).toBe(false);
  });

  test('that excepts somebody admits the others', () => {
    const policy = document([{ ...allow, NotPrincipal: { AWS: '444455556666' } }], 'resource');
    expect(allows([policy], { action: 'sqs:SendMessage', resource: QUEUE, caller: account })).toBe(false);
    expect(allows([policy], { action: 'sqs:SendMessage', resource: QUEUE, caller: { kind: 'account', account: '777788889999' } })).toBe(
      true,
    );
  });
});

test('a trust policy is asked for the service and its context', () => {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
  };
  const policy = document([statement], 'trust');
  expect(trusts(policy, 'lambda.amazonaws.com', { 'aws:SourceAccount': '111122223333' })).toBe(true);
  expect(trusts(policy, 'lambda.amazonaws.com', { 'aws:SourceAccount': '444455556666' })).toBe(false);
  expect(trusts(policy, 'ec2.amazonaws.com', { 'aws:SourceAccount': '111122223333' })).toBe(false);
});
