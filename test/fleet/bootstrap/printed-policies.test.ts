import { githubTrust, INLINE_POLICY_CHARACTERS, policyKinds, printedPolicy } from '../../../fleet/bootstrap/printed-policies';
import { allows } from '../../../sandbox/types/common/policy-document';
import { parsed } from '../../organization/read-template';

import { BUCKET, MANAGEMENT, SHARED, bootstrapFile, fleetConfig } from './bootstrap-fixture';

const print = (kind: (typeof policyKinds)[number], name = 'orders') =>
  printedPolicy(kind, { config: fleetConfig({ name }), file: bootstrapFile(), bucket: BUCKET });
const may = (kind: (typeof policyKinds)[number], action: string, resource: string, context: Readonly<Record<string, string>> = {}) =>
  allows([parsed(print(kind))], { action, resource, context });
const role = (name: string, account = '333333333333') => `arn:aws:iam::${account}:role/${name}`;

describe('the policy of a role that runs a fleet', () => {
  test.each(policyKinds)('%s is one that IAM takes, in line and for a permission set, also with the longest name', (kind) => {
    const document = print(kind, 'a'.repeat(20));

    expect(() => parsed(document)).not.toThrow();
    expect(JSON.stringify(document).length).toBeLessThanOrEqual(INLINE_POLICY_CHARACTERS);
  });

  test.each(policyKinds)('%s names every action it allows, and administers nothing by a wildcard', (kind) => {
    expect(
      print(kind)
        .Statement.flatMap(({ Action }) => Action)
        .filter((action) => action.includes('*')),
    ).toEqual([]);
  });

  test.each([
    ['ci', 'fleet/orders/orders-deploy', true],
    ['control', 'fleet/orders/orders-deploy', true],
    ['operator', 'fleet/orders/orders-preview', true],
    ['operator', 'fleet/orders/orders-operate', true],
    ['operator', 'fleet/orders/orders-deploy', false],
    ['ci', 'fleet/invoices/invoices-deploy', false],
    ['ci', 'OrganizationAccountAccessRole', false],
  ] as const)('%s may assume %s: %s', (kind, name, expected) => {
    expect(may(kind, 'sts:AssumeRole', role(name))).toBe(expected);
  });

  test.each(policyKinds)('%s has no variable where IAM reads none: before the fifth colon of an ARN', (kind) => {
    const resources = print(kind).Statement.flatMap(({ Resource }) => Resource);

    expect(resources.filter((arn) => /^([^:]*:){0,4}[^:]*\$\{/.test(arn))).toEqual([]);
  });

  test.each(['cloudformation:CreateStackSet', 'sns:GetSubscriptionAttributes', 'sns:Unsubscribe'])(
    'who administers may call %s, which AWS holds to no resource',
    (action) => {
      expect(may('control', action, '*')).toBe(true);
      expect(may('ci', action, '*')).toBe(false);
    },
  );

  test('a pipeline prepares no organisation, and nobody takes anything away from it', () => {
    expect(may('ci', 'organizations:EnablePolicyType', '*')).toBe(false);
    expect(may('ci', 'sts:AssumeRole', role('OrganizationAccountAccessRole', SHARED))).toBe(false);
    expect(may('control', 'sts:AssumeRole', role('OrganizationAccountAccessRole', SHARED))).toBe(true);
    expect(may('control', 'sts:AssumeRole', role('OrganizationAccountAccessRole'))).toBe(false);
    for (const action of [
      'organizations:DisablePolicyType',
      'organizations:DisableAWSServiceAccess',
      'cloudformation:DeactivateOrganizationsAccess',
    ])
      expect(may('control', action, '*')).toBe(false);
  });

  test('every call that bootstrap makes before the program is allowed to who administers', () => {
    const calls = [
      'organizations:EnablePolicyType',
      'organizations:ListRoots',
      'cloudformation:ActivateOrganizationsAccess',
      'cloudformation:DescribeOrganizationsAccess',
    ];

    expect(calls.filter((action) => !may('control', action, '*'))).toEqual([]);
  });

  test('operators delete nothing of the state', () => {
    expect(may('operator', 's3:GetObject', `arn:aws:s3:::${BUCKET}/orders/fleet.json`)).toBe(true);
    expect(may('operator', 's3:DeleteObject', `arn:aws:s3:::${BUCKET}/orders/fleet.json`)).toBe(false);
    expect(may('ci', 's3:DeleteObject', `arn:aws:s3:::${BUCKET}/orders/fleet.json`)).toBe(true);
  });
});

describe('trust in jobs of GitHub', () => {
  const ISSUER = 'token.actions.githubusercontent.com';

  test('is in one environment of one repository, exactly', () => {
    expect(githubTrust({ account: MANAGEMENT, repository: 'acme/fleet', environment: 'production' }).Statement).toEqual([
      {
        Sid: 'OneEnvironmentOfOneRepository',
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${MANAGEMENT}:oidc-provider/${ISSUER}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com', [`${ISSUER}:sub`]: 'repo:acme/fleet:environment:production' },
        },
      },
    ]);
  });
});
