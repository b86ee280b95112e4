import { otherAccount, otherRegion } from './fake-world';
import { accepted, allowing, emptyWorld, messageOf, token, trustFor, verdict } from './samples';

const trust = trustFor('lambda.amazonaws.com');
const role = (over: object = {}) => ({ name: 'orders-order-eu-west-1', path: '/orders/', assumeRolePolicy: trust, ...over });
const statement = (over: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'x.amazonaws.com' }, Action: 'sts:AssumeRole', ...over }],
  });

describe('an IAM role', () => {
  test('has its path in its ARN, an id of its own and the defaults', () => {
    const { id, outputs } = emptyWorld().given(token.role, role());
    expect(id).toBe('orders-order-eu-west-1');
    expect(outputs).toMatchObject({
      arn: 'arn:aws:iam::111122223333:role/orders/orders-order-eu-west-1',
      maxSessionDuration: 3600,
      forceDetachPolicies: false,
    });
    expect(outputs.uniqueId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(outputs).not.toHaveProperty('region');
  });

  test('keeps its id when it changes, and has another one when it is made anew', () => {
    const world = emptyWorld();
    const first = world.given(token.role, role(), { instance: 'generation 1' });
    expect(accepted(world.update(first, role({ description: 'x' }))).outputs.uniqueId).toBe(first.outputs.uniqueId);
    accepted(world.delete(first));
    expect(world.given(token.role, role(), { instance: 'generation 2' }).outputs.uniqueId).not.toBe(first.outputs.uniqueId);
  });

  const malformed = 'MalformedPolicyDocument';
  test.each([
    ['a name of 64 characters', { name: 'r'.repeat(64) }, 'done'],
    ['a name of 65 characters', { name: 'r'.repeat(65) }, 'ValidationError'],
    ['a name with a slash', { name: 'a/b' }, 'ValidationError'],
    ['a path without a slash at its end', { path: '/orders' }, 'ValidationError'],
    ['a session of 59 minutes', { maxSessionDuration: 3599 }, 'ValidationError'],
    ['a session of 12 hours', { maxSessionDuration: 43_200 }, 'done'],
    ['a boundary', { permissionsBoundary: 'arn:aws:iam::111122223333:policy/fleet/workload-boundary' }, 'done'],
    ['a boundary that is no policy', { permissionsBoundary: 'arn:aws:iam::111122223333:role/x' }, 'ValidationError'],
    ['tag keys that differ by case', { tags: { Team: 'a', team: 'b' } }, 'ValidationError'],
    ['a trust policy that is not JSON', { assumeRolePolicy: 'trust me' }, malformed],
    ['a trust policy with a resource', { assumeRolePolicy: statement({ Resource: '*' }) }, malformed],
    ['a trust policy of nobody', { assumeRolePolicy: statement({ Principal: undefined }) }, malformed],
    ['a trust policy for another action', { assumeRolePolicy: statement({ Action: 's3:GetObject' }) }, malformed],
    ['a trust policy of a service that has no such name', { assumeRolePolicy: statement({ Principal: { Service: 'lambda' } }) }, malformed],
    ['a trust policy of an account', { assumeRolePolicy: statement({ Principal: { AWS: '444455556666' } }) }, 'done'],
    [
      'a trust policy of more than 2,048 characters',
      { assumeRolePolicy: statement({ Condition: { StringEquals: { 'aws:x': 'y'.repeat(2048) } } }) },
      'LimitExceeded',
    ],
    ['an inline policy', { inlinePolicies: [{ name: 'own', policy: allowing(['sqs:*'], '*') }] }, 'done'],
    ['an inline policy of nothing', { inlinePolicies: [{ name: 'own', policy: '{}' }] }, malformed],
    ['a managed policy that does not exist', { managedPolicyArns: ['arn:aws:iam::111122223333:policy/none'] }, 'NoSuchEntity'],
  ])('with %s', (_what, over, expected) => {
    expect(verdict(emptyWorld().create(token.role, role(over)))).toBe(expected);
  });

  test('has its name once in an account, in every region, whatever the path and the case', () => {
    const world = emptyWorld();
    world.given(token.role, role());
    expect(verdict(world.create(token.role, role(), { place: otherRegion }))).toBe('EntityAlreadyExists');
    expect(verdict(world.create(token.role, role({ path: '/' })))).toBe('EntityAlreadyExists');
    expect(verdict(world.create(token.role, role({ name: 'Orders-Order-eu-west-1' })))).toBe('EntityAlreadyExists');
    expect(verdict(world.create(token.role, role(), { place: otherAccount }))).toBe('done');
  });

  test('cannot be deleted while it has policies, unless it is told to detach them', () => {
    const world = emptyWorld();
    const inline = world.given(token.role, role({ name: 'inline' }));
    const own = world.given(token.rolePolicy, { name: 'own', role: 'inline', policy: allowing(['sqs:*'], '*') });
    expect(messageOf(world.delete(inline))).toBe('Cannot delete entity, must delete policies first.');
    accepted(world.delete(own));
    expect(verdict(world.delete(inline))).toBe('done');

    const attached = world.given(token.role, role({ name: 'attached' }));
    world.given(token.attachment, { role: 'attached', policyArn: 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess' });
    expect(messageOf(world.delete(attached))).toBe('Cannot delete entity, must detach all policies first.');
    expect(verdict(world.delete(accepted(world.update(attached, role({ name: 'attached', forceDetachPolicies: true })))))).toBe('done');
  });
});
