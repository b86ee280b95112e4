import type { PolicyDocument } from '../../layer-kit/policy-document';
import { actionsWithoutResource } from '../../regional/function-calls';
import { deadLetterFunctionPolicy, heartbeatPolicy, orderFunctionPolicy, type FunctionAccess } from '../../regional/function-policies';

const access: FunctionAccess = { logGroupArn: 'arn:log', sourceQueueArn: 'arn:source', tracing: 'active', keyArn: null };
const order = (changes: Partial<FunctionAccess> = {}) =>
  orderFunctionPolicy({ ...access, ...changes, deadLetterQueueArn: 'arn:dlq', tableArn: 'arn:table' });
const deadLetter = (changes: Partial<FunctionAccess> = {}) => deadLetterFunctionPolicy({ ...access, ...changes, archiveArn: 'arn:bucket' });

const actionsOn = (policy: PolicyDocument, resource: string) =>
  policy.Statement.filter((statement) => statement.Resource === resource).flatMap(({ Action }) => Action);
const allActions = (policy: PolicyDocument) => policy.Statement.flatMap(({ Action }) => Action);

/** Streams of the function's own log group, keys of the archive's one prefix, and what has no resource at all. */
const openEnded = ['*', 'arn:bucket/dead-letters/*', 'arn:log:*'];

const policies: readonly (readonly [string, PolicyDocument])[] = [
  ['order function', order({ keyArn: 'arn:key' })],
  ['dead-letter function', deadLetter({ keyArn: 'arn:key' })],
  ['heartbeat', heartbeatPolicy({ queueArn: 'arn:source', keyArn: 'arn:key' })],
];

describe.each(policies)('the policy of the %s', (_name, policy) => {
  test('names every resource, except where AWS has none to name', () => {
    const open = policy.Statement.filter(({ Resource }) => Resource === '*').flatMap(({ Action }) => Action);

    expect(open.filter((action) => actionsWithoutResource[action] === undefined)).toEqual([]);
    expect(
      policy.Statement.flatMap(({ Resource = [] }) => Resource)
        .filter((resource) => /[*?]$/.test(resource))
        .sort(),
    ).toEqual(openEnded.filter((resource) => policy.Statement.some(({ Resource }) => Resource === resource)));
  });

  test('has no wildcard action, and only allows', () => {
    expect(allActions(policy).filter((action) => action.includes('*'))).toEqual([]);
    expect(policy.Statement.every(({ Effect }) => Effect === 'Allow')).toBe(true);
  });

  test('cannot make a log group: Lambda would bring it back after a destroy', () => {
    expect(allActions(policy)).not.toContain('logs:CreateLogGroup');
  });
});

test('the order function takes from its queue, stores, and hands failures over', () => {
  expect(actionsOn(order(), 'arn:source')).toEqual(
    expect.arrayContaining(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']),
  );
  expect(actionsOn(order(), 'arn:table')).toEqual(['dynamodb:PutItem']);
  expect(actionsOn(order(), 'arn:dlq')).toEqual(['sqs:SendMessage']);
});

test('the dead-letter function can write to the archive, and to no queue', () => {
  expect(actionsOn(deadLetter(), 'arn:bucket/dead-letters/*')).toEqual(['s3:PutObject']);
  expect(allActions(deadLetter())).not.toContain('sqs:SendMessage');
});

test('the heartbeat can do one thing', () => {
  expect(allActions(heartbeatPolicy({ queueArn: 'arn:source', keyArn: null }))).toEqual(['sqs:SendMessage']);
});

test.each([
  ['tracing is passed through', order({ tracing: 'passThrough' }), /xray/],
  ["AWS's keys encrypt", order({ keyArn: null }), /kms/],
])('what is not needed is not allowed: %s', (_name, policy, action) => {
  expect(allActions(policy).join()).not.toMatch(action);
});
