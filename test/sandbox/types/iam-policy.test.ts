import { accepted, allowing, emptyWorld, token, trustFor, verdict } from './samples';

const policy = (over: object = {}) => ({ name: 'boundary', path: '/fleet/', policy: allowing(['sqs:*'], '*'), ...over });

describe('a managed policy', () => {
  test('is known by its ARN', () => {
    const { id, outputs } = emptyWorld().given(token.policy, policy());
    expect(id).toBe('arn:aws:iam::111122223333:policy/fleet/boundary');
    expect(outputs).toMatchObject({ arn: id, name: 'boundary', policyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/) as string });
  });

  test.each([
    ['more than 6,144 characters', { policy: allowing(['sqs:*'], `arn:aws:sqs:*:*:${'q'.repeat(6144)}`) }, 'LimitExceeded'],
    ['a document without statements', { policy: '{"Version":"2012-10-17"}' }, 'MalformedPolicyDocument'],
    ['an object instead of text', { policy: JSON.parse(allowing(['sqs:*'], '*')) as object }, 'done'],
  ])('with %s', (_what, over, expected) => {
    expect(verdict(emptyWorld().create(token.policy, policy(over)))).toBe(expected);
  });

  test('has its name once, whatever the path, and cannot be deleted while attached', () => {
    const world = emptyWorld();
    const made = world.given(token.policy, policy());
    expect(verdict(world.create(token.policy, policy({ path: '/' })))).toBe('EntityAlreadyExists');
    world.given(token.role, { name: 'worker', assumeRolePolicy: trustFor('lambda.amazonaws.com') });
    const attachment = world.given(token.attachment, { role: 'worker', policyArn: made.id });
    expect(verdict(world.delete(made))).toBe('DeleteConflict');
    accepted(world.delete(attachment));
    expect(verdict(world.delete(made))).toBe('done');
  });
});
