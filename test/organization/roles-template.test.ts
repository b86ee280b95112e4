import { splitRoleName } from '../../contracts/ids';
import { knownRegions } from '../../contracts/regions';
import { defaultDeployRole, fleetRoles, permissionsBoundaryArn } from '../../contracts/names';
import { policyLimits } from '../../organization/policy-limits';
import { rolesTemplate } from '../../organization/roles-template';
import { allows } from '../../sandbox/types/common/policy-document';
import { monitoring, shared, workload } from '../layer-kit/render-layer';
import { account, parsed, policiesOf, readTemplate, resourceOf, templateInput } from './read-template';
import { management } from './render-organization';

/** Everything that is in the template, whatever the account. */
const resources = { ...readTemplate(undefined, shared), ...readTemplate(undefined, monitoring), ...readTemplate() };
const ofType = (type: string) => Object.entries(resources).filter(([, resource]) => resource.Type === type);
const roles = ofType('AWS::IAM::Role');
const policies = ofType('AWS::IAM::ManagedPolicy');

describe('the template of the fleet’s roles', () => {
  test('has the three roles under the names the fleet assumes', () => {
    expect(roles.map(([, { Properties }]) => `${String(Properties.Path)}${String(Properties.RoleName)}`)).toEqual([
      '/fleet/preview',
      '/fleet/deploy',
      '/fleet/operate',
    ]);
  });

  test('makes the boundary at the ARN that every workload role names', () => {
    const { Path, ManagedPolicyName } = resourceOf(resources, 'WorkloadBoundary').Properties;

    expect(`arn:aws:iam::${account}:policy${String(Path)}${String(ManagedPolicyName)}`).toBe(
      permissionsBoundaryArn(workload, 'fleet/deploy'),
    );
  });

  test.each(policies)('%s is a policy that IAM takes, and small enough for it with the longest fleet name in every region', (name) => {
    const policies = { ...templateInput.policies, fleet: 'a'.repeat(20), regions: [...knownRegions.keys()] };
    const text = rolesTemplate({ ...templateInput, fleet: 'a'.repeat(20), policies });
    const longest = { ...readTemplate(text, shared), ...readTemplate(text, monitoring), ...readTemplate(text) };
    const document = resourceOf(longest, name).Properties.PolicyDocument;

    expect(() => parsed(document)).not.toThrow();
    expect(JSON.stringify(document).length).toBeLessThanOrEqual(policyLimits.managedPolicyCharacters);
  });

  test.each(policies.filter(([name]) => name !== 'DeployGuard'))(
    '%s names every action it allows: there is no wildcard',
    (_name, { Properties }) => {
      const allowed = parsed(Properties.PolicyDocument).statements.filter(({ effect }) => effect === 'Allow');

      expect(allowed.length).toBeGreaterThan(0);
      expect(allowed.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
      expect(allowed.flatMap(({ notActions, notResources }) => [...notActions, ...notResources])).toEqual([]);
    },
  );

  test.each(roles)('%s has nothing but the template’s own policies, fewer than AWS attaches', (_name, { Properties }) => {
    const attached = Properties.ManagedPolicyArns as readonly object[];

    expect(attached.every((entry) => 'Ref' in entry)).toBe(true);
    expect(attached.length).toBeLessThanOrEqual(policyLimits.managedPoliciesPerRole);
    expect(JSON.stringify(resources)).not.toContain('AdministratorAccess');
  });

  test('the only regional actions held to no resource are those AWS lets nobody hold to one', () => {
    const open = [account, shared, monitoring]
      .flatMap((inAccount) => roles.flatMap(([name]) => policiesOf(name, readTemplate(undefined, inAccount))))
      .flatMap(({ statements }) => statements)
      .filter(({ effect, resources: on, conditions }) => effect === 'Allow' && on.includes('*') && conditions.length === 0)
      .flatMap(({ actions }) => actions)
      .filter((action) => !/:(Get|List|Describe|BatchGet|Filter)/.test(action));

    expect([...new Set(open)].sort()).toEqual([
      'cloudwatch:Link',
      'cloudwatch:PutCompositeAlarm',
      'logs:Link',
      'logs:StopQuery',
      'sns:SetSubscriptionAttributes',
      'sns:Unsubscribe',
      'xray:Link',
    ]);
  });

  test('is refused when CloudFormation would not take it', () => {
    const tags = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`Tag${index}`, 'x'.repeat(100)]));

    expect(() => rolesTemplate({ ...templateInput, tags })).toThrow(/CloudFormation takes 51200/);
  });

  test('is refused when IAM would not take whom the roles trust', () => {
    const many = Array.from({ length: 40 }, (_, index) => `arn:aws:iam::${management}:role/${String(index).repeat(20)}/control-${index}`);

    expect(() => rolesTemplate({ ...templateInput, control: { ...templateInput.control, deployers: many } })).toThrow(
      /trust policy of the fleet's roles has \d+ characters, IAM takes 2048/,
    );
  });

  test('of two fleets have no name in common: IAM takes a name once an account, whatever its path', () => {
    const namesOf = (fleet: string) => {
      const { deploy, preview, operate } = fleetRoles(defaultDeployRole(fleet));
      const policies = { ...templateInput.policies, fleet, deployRole: deploy };
      const made = readTemplate(rolesTemplate({ ...templateInput, fleet, roles: { deploy, preview, operate }, policies }));
      return Object.values(made).map(({ Properties }) => String(Properties.RoleName ?? Properties.ManagedPolicyName));
    };

    expect(namesOf('orders')).toHaveLength(12);
    expect(namesOf('orders').filter((name) => namesOf('invoices').includes(name))).toEqual([]);
  });
});

describe('the guard of the deploy role', () => {
  test('only denies, so that nothing it names is allowed by it', () => {
    const guard = parsed(resourceOf(resources, 'DeployGuard').Properties.PolicyDocument);

    expect(new Set(guard.statements.map(({ effect }) => effect))).toEqual(new Set(['Deny']));
  });
});

describe('trust in the fleet’s roles', () => {
  const controller = `arn:aws:iam::${management}:role/fleet-control`;
  const onCall = `arn:aws:iam::${management}:role/on-call`;
  const inside = { 'aws:PrincipalOrgID': 'o-abcdefghij' };
  const trusts = (role: string, context: Readonly<Record<string, string>>, action = 'sts:AssumeRole') =>
    allows([parsed(resourceOf(resources, role).Properties.AssumeRolePolicyDocument, 'trust')], {
      action,
      resource: '*',
      caller: { kind: 'account', account: management },
      context,
    });

  test.each(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'])('the control role may %s', (action) => {
    expect(trusts('DeployRole', { 'aws:PrincipalArn': controller, ...inside }, action)).toBe(true);
  });

  test.each([
    ['PreviewRole', true],
    ['OperateRole', true],
    ['DeployRole', false],
  ])('on-call may take %s: %s', (role, expected) => {
    expect(trusts(role, { 'aws:PrincipalArn': onCall, ...inside })).toBe(expected);
  });

  test.each([
    ['another role of the control account', { 'aws:PrincipalArn': `arn:aws:iam::${management}:role/other`, ...inside }],
    ['a role of the same name in another account', { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/fleet-control`, ...inside }],
    ['the control role from outside the organisation', { 'aws:PrincipalArn': controller, 'aws:PrincipalOrgID': 'o-zzzzzzzzzz' }],
    ['the control role of no organisation', { 'aws:PrincipalArn': controller }],
  ])('%s may not', (_name, context) => {
    expect(trusts('DeployRole', context)).toBe(false);
  });

  test.each(roles)('%s names the account root, never a role, which would turn into an id', (_name, { Properties }) => {
    expect(JSON.stringify(Properties.AssumeRolePolicyDocument)).toContain(`"Principal":{"AWS":"arn:aws:iam::${management}:root"}`);
  });
});

describe('the name of a role', () => {
  test.each([
    ['fleet/deploy', { path: '/fleet/', name: 'deploy' }],
    ['a/b/deploy', { path: '/a/b/', name: 'deploy' }],
    ['deploy', { path: '/', name: 'deploy' }],
  ])('%s is split into path and name', (role, expected) => {
    expect(splitRoleName(role)).toEqual(expected);
  });
});
