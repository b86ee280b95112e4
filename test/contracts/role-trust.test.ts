import * as fc from 'fast-check';

import { deployRoleArn } from '../../contracts/names';
import { listedPrincipals, sharedPrincipals } from '../../contracts/principal-conditions';
import { roleTrust, trustCharacters, TRUST_POLICY_CHARACTERS } from '../../contracts/role-trust';
import { allows } from '../../sandbox/types/common/policy-document';
import { parsed } from '../organization/read-template';

const account = '999999999999';
const root = `arn:aws:iam::${account}:root`;
const organizationId = 'o-abcdefghij';
const arnOf = (role: string) => deployRoleArn(account, role);

/** Whether IAM would let a role in, under these conditions. */
function lets(conditions: ReturnType<typeof listedPrincipals>, arn: string): boolean {
  const Statement = conditions.map((Condition, index) => ({
    ...{ Sid: `S${index}`, Effect: 'Allow', Principal: { AWS: root }, Action: 'sts:AssumeRole' },
    Condition,
  }));
  return allows([parsed({ Version: '2012-10-17', Statement }, 'trust')], {
    action: 'sts:AssumeRole',
    resource: '*',
    caller: { kind: 'account', account },
    context: { 'aws:PrincipalArn': arn },
  });
}

const named = (what: string, count = 20) => Array.from({ length: count }, (_, index) => `${what}-${index}`);

describe('trust in roles with long names', () => {
  test.each([
    [
      'of neighbouring lengths on one path',
      [...named('platform/teams/control-of-the-commerce-organisation'), ...named('platform/teams/operator-of-the-commerce-organisation')],
    ],
    ['short ones', [...named('ci/release'), ...named('on-call')]],
    [
      'long ones',
      [...named('control-of-the-commerce-organisation-in-europe'), ...named('operators-of-the-commerce-organisation-in-europe')],
    ],
    [
      'long ones on long paths',
      [...named(`${'platform/'.repeat(20)}control-of-the-organisation`), ...named(`${'teams/'.repeat(30)}operator`)],
    ],
    [
      'that differ in front',
      Array.from({ length: 40 }, (_, index) => `team/${String(index).padStart(2, '0')}-of-the-commerce-organisation-in-europe`),
    ],
    [
      'permission sets of IAM Identity Center',
      named('x', 10).map((_, index) => `aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_FleetControl_${String(index).repeat(16)}`),
    ],
  ])('fits into IAM’s 2,048 characters: twenty and twenty roles, %s', (_name, roles) => {
    const trust = roleTrust({ root, roles: roles.map(arnOf), organizationId });

    expect(trustCharacters(trust)).toBeLessThanOrEqual(TRUST_POLICY_CHARACTERS);
    expect(
      roles.filter(
        (role) =>
          !lets(
            trust.Statement.map(({ Condition: { StringEquals: _, ...rest } }) => rest),
            arnOf(role),
          ),
      ),
    ).toEqual([]);
  });

  test('a list that fits is a list: shorter conditions are for those that do not', () => {
    const trust = roleTrust({ root, roles: ['ci/release', 'on-call', 'on-call'].map(arnOf), organizationId });

    expect(trust.Statement).toHaveLength(1);
    expect(trust.Statement[0]?.Condition.ArnEquals['aws:PrincipalArn']).toEqual(['ci/release', 'on-call'].map(arnOf));
  });
});

describe('conditions by what roles have in common', () => {
  const part = fc.constantFrom('a', 'b', 'ab', '1', '11', '-', 'x/', 'ci/', 'role');
  const role = fc
    .array(part, { minLength: 1, maxLength: 5 })
    .map((parts) =>
      parts
        .join('')
        .replace(/\/+/g, '/')
        .replace(/^\/|\/$/g, ''),
    )
    .filter((name) => name !== '');

  test('let in the very roles that a list lets in, and none that looks like one', () => {
    fc.assert(
      fc.property(fc.array(role, { minLength: 1, maxLength: 12 }), fc.array(role, { maxLength: 12 }), (roles, others) => {
        const arns = roles.map(arnOf);
        const shared = sharedPrincipals(arns);
        const mixed = roles.flatMap((one) =>
          roles.map((other) => one.slice(0, Math.floor(one.length / 2)) + other.slice(Math.floor(other.length / 2))),
        );
        for (const asked of [...roles, ...others, ...mixed, ...roles.map((one) => `${one}a`), ...roles.map((one) => `x/${one}`)])
          expect([asked, lets(shared, arnOf(asked))]).toEqual([asked, lets(listedPrincipals(arns), arnOf(asked))]);
      }),
      { numRuns: 100 },
    );
  });

  test('a path with a wildcard lets in what is under it', () => {
    const shared = sharedPrincipals([arnOf('ci/*'), arnOf('on-call')]);

    expect(['ci/release', 'ci/deep/er', 'on-call'].map((one) => lets(shared, arnOf(one)))).toEqual([true, true, true]);
    expect(['cia', 'on-calls', 'other/ci/release'].map((one) => lets(shared, arnOf(one)))).toEqual([false, false, false]);
  });
});
