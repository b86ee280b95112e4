import type { CommandContext } from '../../../fleet/commands/context';
import { fromOf, personOfCaller, unproven, whoRuns } from '../../../fleet/commands/caller';
import { roleId } from '../../../fleet/aws/role-id';

import { smallFleet } from '../plan/plan-fixture';

const { config } = smallFleet({ accounts: 1 });
const runs = (env: Record<string, string>, source: 'sandbox' | 'aws' = 'sandbox') =>
  whoRuns({ config: source === 'aws' ? { ...config, organization: { source } } : config }, {
    env,
    person: 'ann@laptop',
  } as unknown as CommandContext);

describe('who runs this', () => {
  test('is on a sandbox whom the operating system knows, or whom FLEET_AS says', async () => {
    expect(await runs({})).toEqual({ by: 'ann@laptop', from: 'ann@laptop' });
    expect(await runs({ FLEET_AS: 'fleet/approvers/bob' })).toEqual({ by: 'fleet/approvers/bob', from: 'fleet:approvers:bob' });
    expect(fromOf('_www@a b')).toBe('0_www@a_b');
  });

  test.each<[Record<string, string>, 'sandbox' | 'aws', RegExp]>([
    [{ FLEET_AS: 'bob' }, 'sandbox', /FLEET_AS "bob" is no role and name/],
    [{ FLEET_AS: '../x/y z' }, 'sandbox', /is no role and name/],
    [{ FLEET_AS: 'approvers/bob' }, 'aws', /FLEET_AS "approvers\/bob" stands in for a caller on a sandbox alone: unset it/],
    [{ FLEET_SOURCE_IDENTITY: 'a/b' }, 'aws', /FLEET_SOURCE_IDENTITY "a\/b" is no source identity/],
  ])('is refused for %j on %s', async (env, source, message) => {
    await expect(runs(env, source)).rejects.toMatchObject({
      code: 'user/invalid-person',
      message: expect.stringMatching(message) as string,
    });
  });

  test('is on AWS the role with its source identity: two sessions of one role are one person', () => {
    const session = (name: string, source?: string) =>
      personOfCaller({ arn: `arn:aws:sts::1:assumed-role/approvers/${name}`, userId: `AROA1:${name}`, source });
    expect(session('a')).toEqual({ by: 'approvers/0', from: 'AROA1:a/0' });
    expect(session('b').by).toBe(session('a').by);
    expect(session('a', 'alice')).toEqual({ by: 'approvers/alice', from: 'AROA1:a/alice' });
    expect(personOfCaller({ arn: 'arn:aws:iam::1:user/x', userId: 'AIDA1' })).toEqual({ by: 'AIDA1', from: 'AIDA1/0' });
  });
});

describe('a message that says whom it is by', () => {
  const ids = (name: string) => Promise.resolve({ approvers: 'AROA1', operators: 'AROA2' }[name] ?? null);

  test.each([
    ['approvers/alice', 'AROA1:session/alice'],
    ['approvers/0', 'AROA1:session/0'],
    ['AIDA1', 'AIDA1/0'],
  ])('is by %s among the messages of %s', async (by, from) => {
    expect(await unproven({ by, from, roleId: ids })).toBeNull();
  });

  test.each([
    ['approvers/alice', 'AROA2:session/alice'],
    ['approvers/alice', 'AROA1:session/0'],
    ['approvers/alice', 'AROA1:session/eve'],
    ['approvers/alice', 'AROA1:session/alice/inbox/AROA2:mallory/0'],
    ['fleet/approvers/alice', 'AROA1:session/alice'],
    ['unknown/alice', 'AROA1:session/alice'],
    ['approvers/alice', 'approvers:alice'],
  ])('is not by %s among those of %s', async (by, from) => {
    expect(await unproven({ by, from, roleId: ids })).toMatch(`it says that it is by ${by}, and it is among the messages of ${from}`);
  });

  test('goes by the name alone where no cloud names callers', async () => {
    expect(await unproven({ by: 'approvers/alice', from: 'approvers:alice' })).toBeNull();
    expect(await unproven({ by: 'approvers/alice', from: 'operators:eve' })).toMatch(/is by approvers\/alice/);
  });

  test("asks IAM for a role's id, and knows none where there is none or it may not ask", async () => {
    const iam = (answer: () => unknown) => ({ send: () => Promise.resolve().then(answer) }) as unknown as Parameters<typeof roleId>[0];
    const refuse = (name: string) => () => {
      throw Object.assign(new Error(name), { name });
    };
    expect(
      await roleId(
        iam(() => ({ Role: { RoleId: 'AROA1' } })),
        'approvers',
      ),
    ).toBe('AROA1');
    expect(await roleId(iam(refuse('NoSuchEntityException')), 'approvers')).toBeNull();
    expect(await roleId(iam(refuse('AccessDenied')), 'approvers')).toBeNull();
    await expect(roleId(iam(refuse('Throttling')), 'approvers')).rejects.toThrow('Throttling');
  });
});
