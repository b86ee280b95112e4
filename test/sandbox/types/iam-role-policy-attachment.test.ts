import { allowing, emptyWorld, messageOf, token, trustFor, verdict } from './samples';

const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

describe('an attachment of a managed policy', () => {
  test('needs the role and the policy', () => {
    const world = emptyWorld();
    expect(verdict(world.create(token.attachment, { role: 'worker', policyArn: BASIC }))).toBe('NoSuchEntity');
    world.given(token.role, { name: 'worker', assumeRolePolicy: trustFor('lambda.amazonaws.com') });
    expect(messageOf(world.create(token.attachment, { role: 'worker', policyArn: 'arn:aws:iam::aws:policy/None' }))).toContain(
      'does not exist or is not attachable',
    );
    expect(verdict(world.create(token.attachment, { role: 'worker', policyArn: BASIC }))).toBe('done');
    expect(verdict(world.create(token.attachment, { role: 'worker', policyArn: 'BASIC' }))).toBe('ValidationError');
  });

  test('is one of at most ten', () => {
    const world = emptyWorld();
    world.given(token.role, { name: 'worker', assumeRolePolicy: trustFor('lambda.amazonaws.com') });
    const attach = (at: number) => {
      const policy = world.given(token.policy, { name: `p${at}`, policy: allowing(['sqs:*'], '*') });
      return verdict(world.create(token.attachment, { role: 'worker', policyArn: policy.id }));
    };
    expect(Array.from({ length: 11 }, (_, at) => attach(at))).toEqual([...Array.from({ length: 10 }, () => 'done'), 'LimitExceeded']);
  });
});
