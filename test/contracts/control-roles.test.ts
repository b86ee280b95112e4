import { controlProblems, controlRoleSchema, mayBeNamed } from '../../contracts/control-roles';
import { roleNameSchema } from '../../contracts/ids';

const problemOf = (role: string) => controlRoleSchema.safeParse(role).error?.issues[0]?.message;
const IDENTITY_CENTER = 'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_';

describe('the length of a role', () => {
  const name = 'n'.repeat(64);

  test.each([
    ['the longest name', name],
    ['the longest path, with its two slashes', `${'p'.repeat(510)}/${name}`],
    ['a role of IAM Identity Center', `${IDENTITY_CENTER}AdministratorAccessForFleets_0123456789abcdef`],
  ])('%s is IAM’s, and taken', (_what, role) => {
    expect(roleNameSchema.safeParse(role).success).toBe(true);
  });

  test.each([
    ['a name', `ci/${name}n`, /has a name of 65 characters, IAM takes 64/],
    ['a path', `${'p'.repeat(511)}/n`, /has a path of 513 characters, IAM takes 512/],
  ])('%s that is longer is refused for itself', (_what, role, message) => {
    expect(roleNameSchema.safeParse(role).error?.issues[0]?.message).toMatch(message);
  });
});

describe('a control role', () => {
  test.each(['release', 'ci/release', 'ci/*', 'ci/release-*', `${IDENTITY_CENTER}Fleet_*`])('may be %s', (role) => {
    expect(problemOf(role)).toBeUndefined();
  });

  test.each([
    ['*', /below a path/],
    ['release-*', /below a path/],
    ['ci/*/release', /at its end/],
    ['ci/**', /at its end/],
    ['arn:aws:iam::1:role/x', /not an ARN/],
    ['aws-reserved/sso.amazonaws.com/*', /is every person of IAM Identity Center/],
    [`${'p'.repeat(511)}/*`, /has a path of 513 characters/],
  ])('may not be %s', (role, message) => {
    expect(problemOf(role)).toMatch(message);
  });
});

describe('those who run a fleet', () => {
  const long = (what: string, index: number) => `team-${index * 7919}/${what}-${String(index * 104_729).repeat(4)}`;
  const twenty = (what: string) => Array.from({ length: 20 }, (_, index) => long(what, index + 1));

  test('are refused where nothing makes their trust policy small enough, with its size and the way out', () => {
    expect(controlProblems({ roles: twenty('control'), operators: twenty('operator') })).toEqual([
      {
        path: [],
        message: expect.stringMatching(
          /^the trust policy of the fleet's roles would have \d{4} characters with these 40 roles, IAM takes 2048: name fewer.*fleet-control\/\*$/,
        ) as string,
      },
    ]);
    expect(controlProblems({ roles: ['fleet-control/*'], operators: ['on-call/*'] })).toEqual([]);
  });

  test('are refused where the policy of the state bucket could not list them', () => {
    const roles = Array.from({ length: 20 }, (_, index) => `${'p'.repeat(500)}/role-${index + 10}`);

    expect(controlProblems({ roles, operators: [] }).map(({ message }) => message)).toEqual([
      expect.stringMatching(/ARNs of these 20 roles take \d+ bytes, and the policy of the state bucket has room for \d+/),
    ]);
  });

  test.each([
    [['ci/*'], ['ci/on-call'], 1],
    [['ci/release'], ['ci/*'], 1],
    [['ci/a*'], ['ci/*'], 1],
    [['ci/*'], ['cx/*'], 0],
    [['both'], ['both'], 0],
  ])('control roles %j and operators %j may be one role: %s', (roles, operators, expected) => {
    expect(controlProblems({ roles, operators })).toHaveLength(expected);
  });

  test.each([
    ['release', true],
    ['deploy-7', true],
    ['deploy', false],
    ['ci', false],
  ])('the session of a role named %s may be theirs: %s', (name, expected) => {
    expect(mayBeNamed(['ci/release', 'ci/deploy-*'], name)).toBe(expected);
  });
});
