import { allowing, emptyWorld, messageOf, token, trustFor, verdict } from './samples';

function worldWith() {
  const world = emptyWorld();
  world.given(token.role, { name: 'worker', assumeRolePolicy: trustFor('lambda.amazonaws.com') });
  return world;
}

const statement = (over: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*', ...over }] });
/** A policy of exactly so many characters. */
const ofSize = (size: number) => {
  const bare = allowing(['sqs:*'], 'arn:aws:sqs:*:*:');
  return allowing(['sqs:*'], `arn:aws:sqs:*:*:${'q'.repeat(size - bare.length)}`);
};

describe('an inline policy', () => {
  test('is known by role and name', () => {
    const { id, outputs } = worldWith().given(token.rolePolicy, { name: 'own', role: 'worker', policy: statement({}) });
    expect(id).toBe('worker:own');
    expect(outputs).toMatchObject({ name: 'own', role: 'worker' });
  });

  test.each([
    ['what it should', statement({}), 'done', ''],
    ['nothing', '', 'MalformedPolicyDocument', 'invalid Json'],
    ['no effect', statement({ Effect: undefined }), 'MalformedPolicyDocument', 'Missing required field Effect'],
    ['no action', statement({ Action: undefined }), 'MalformedPolicyDocument', 'Missing required field Action'],
    ['no resource', statement({ Resource: undefined }), 'MalformedPolicyDocument', 'Missing required field Resource'],
    ['a principal', statement({ Principal: '*' }), 'MalformedPolicyDocument', 'Policy document should not specify a principal.'],
    ['an action without a service', statement({ Action: 'SendMessage' }), 'MalformedPolicyDocument', 'must be prefaced by a vendor'],
    ['a resource that is no ARN', statement({ Resource: 'orders' }), 'MalformedPolicyDocument', 'must be in ARN format'],
    ['a Sid with a hyphen', statement({ Sid: 'my-sid' }), 'MalformedPolicyDocument', 'Statement IDs (SID) must be alpha-numeric'],
    ['10,240 characters', ofSize(10_240), 'done', ''],
    ['10,241 characters', ofSize(10_241), 'LimitExceeded', 'Maximum policy size of 10240 bytes exceeded for role worker'],
  ])('with %s', (_what, policy, expected, message) => {
    const outcome = worldWith().create(token.rolePolicy, { name: 'own', role: 'worker', policy });
    expect(verdict(outcome)).toBe(expected);
    expect(messageOf(outcome)).toContain(message);
  });

  test('shares the limit with the other policies of its role, and not with what it replaces', () => {
    const world = worldWith();
    const first = world.given(token.rolePolicy, { name: 'one', role: 'worker', policy: ofSize(10_000) });
    expect(verdict(world.create(token.rolePolicy, { name: 'two', role: 'worker', policy: ofSize(241) }))).toBe('LimitExceeded');
    expect(verdict(world.update(first, { name: 'one', role: 'worker', policy: ofSize(10_240) }))).toBe('done');
  });

  test('needs its role', () => {
    expect(messageOf(emptyWorld().create(token.rolePolicy, { name: 'own', role: 'worker', policy: statement({}) }))).toBe(
      'The role with name worker cannot be found.',
    );
  });
});
