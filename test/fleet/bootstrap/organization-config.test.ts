import { ORGANIZATION_CONFIG_KEY } from '../../../contracts/organization';
import { bootstrapPlace } from '../../../fleet/bootstrap/bootstrap-place';
import { organizationConfigOf, refuseOtherCaller, type OrganizationConfigInput } from '../../../fleet/bootstrap/organization-config';
import { organizationJob, organizationStackConfig } from '../../../fleet/bootstrap/organization-job';
import { stateBucketPolicy } from '../../../fleet/bootstrap/state-bucket-policy';
import { controlPrincipals } from '../../../contracts/control-principals';
import { stateBucketPolicy as programsBucketPolicy } from '../../../contracts/state-bucket-policy';
import { stackName } from '../../../contracts/target';
import { renderOrganization } from '../../organization/render-organization';

import { BUCKET, MANAGEMENT, MONITORING, SHARED, bootstrapFile, facts, fleetConfig, member } from './bootstrap-fixture';

const createdAt = '2026-11-25T00:00:00.000Z';
const told = (changes: Partial<OrganizationConfigInput> = {}) =>
  organizationConfigOf({ config: fleetConfig(), file: bootstrapFile(), facts: facts(), bucket: BUCKET, createdAt, ...changes });

describe('what the organisation’s program is told', () => {
  test('comes from fleet.yaml, from bootstrap.yaml and from AWS', () => {
    expect(told()).toMatchObject({
      fleet: 'orders',
      homeRegion: 'eu-west-1',
      regions: ['eu-west-1', 'us-east-1'],
      organization: { id: 'o-abcdefghij', rootId: 'r-ab12', units: [] },
      accounts: { management: MANAGEMENT, shared: SHARED, monitoring: MONITORING },
      control: { account: MANAGEMENT, roles: ['fleet-control', 'ci/release'], operators: ['on-call'] },
      bootstrapRole: 'OrganizationAccountAccessRole',
      deployRole: 'fleet/orders/orders-deploy',
      createdAt,
      state: { bucket: BUCKET, keyAlias: 'alias/orders-state', oldVersionsDays: 365 },
      cost: { anomalies: { thresholdUsd: 100 }, emails: ['finops@example.com'], activateTags: false },
    });
  });

  test('has a budget for every account that the fleet uses today, and for no other', () => {
    expect(told().cost.budgets).toEqual({ perAccountUsd: 250, accounts: [SHARED, MONITORING, '333333333333', '444444444444'] });
    const config = fleetConfig({ workloads: '{ units: ["Sandbox"], exclude: { accounts: [] } }' });
    expect(told({ config }).cost.budgets.accounts).toEqual([SHARED, MONITORING, '666666666666']);
  });

  test('is what the program takes', async () => {
    const { resources } = await renderOrganization({ ...told() });

    expect(resources.length).toBeGreaterThan(20);
    expect(organizationStackConfig(told())).toEqual({ [ORGANIZATION_CONFIG_KEY]: JSON.stringify(told()) });
  });

  test.each<[string, Partial<OrganizationConfigInput>, RegExp]>([
    [
      'a shared account of another organisation',
      { facts: facts({ accounts: [member(MONITORING)] }) },
      /accounts\.shared is 111111111111, which is no account of/,
    ],
    [
      'a suspended monitoring account',
      { facts: facts({ accounts: [member(SHARED), member(MONITORING, { state: 'SUSPENDED' })] }) },
      /accounts\.monitoring is 222222222222, which is SUSPENDED/,
    ],
    ['a tag that is missing', { config: fleetConfig({ tags: '{ Team: commerce }' }) }, /tags: required tag CostCenter is missing/],
    ['a bucket that S3 refuses', { bucket: 'xn--bucket' }, /state\.bucket: state bucket "xn--bucket" starts or ends with/],
  ])('is refused with %s', (_name, changes, message) => {
    const problems = () => {
      try {
        told(changes);
      } catch (error) {
        return (error as { code: string; problems: { message: string }[] }).problems.map((problem) => problem.message).join('\n');
      }
      return '';
    };

    expect(problems()).toMatch(message);
  });
});

describe('who may prepare an organisation', () => {
  const asked = (account: string, arn: string) => () => refuseOtherCaller(facts({ caller: { account, arn } }), bootstrapFile());

  test.each(['fleet-control', 'release'])('the control role %s', (role) => {
    expect(asked(MANAGEMENT, `arn:aws:sts::${MANAGEMENT}:assumed-role/${role}/s`)).not.toThrow();
  });

  test.each([
    [
      'somebody of another account',
      SHARED,
      `arn:aws:sts::${SHARED}:assumed-role/fleet-control/s`,
      /are of account 111111111111.*management account, 999999999999/,
    ],
    [
      'a role that the state will be closed to',
      MANAGEMENT,
      `arn:aws:sts::${MANAGEMENT}:assumed-role/Admin/s`,
      /Admin\/s, which is none of control\.roles/,
    ],
    ['one who may only operate', MANAGEMENT, `arn:aws:sts::${MANAGEMENT}:assumed-role/on-call/s`, /none of control\.roles/],
    ['a user', MANAGEMENT, `arn:aws:iam::${MANAGEMENT}:user/fleet-control`, /none of control\.roles/],
  ])('and not %s', (_who, account, arn, message) => {
    expect(asked(account, arn)).toThrow(message);
  });
});

describe('where the organisation’s state is', () => {
  test('is the bucket of the backend', () => {
    expect(bootstrapPlace(fleetConfig()).bucket).toBe(BUCKET);
    expect(bootstrapPlace(fleetConfig({ state: '' })).bucket).toBe(BUCKET);
  });

  test.each([
    [
      'a sandbox',
      { organization: '{ source: sandbox, path: o.yaml }', engine: 'pulumi' },
      /organization\.source sandbox needs no bootstrap/,
    ],
    ['a backend in a folder', { backend: 'folder' }, /backend file:\/\/\/fleets\/folder is no bucket/],
    ['two buckets', { state: 's3://other-bucket/state' }, /state is in bucket other-bucket and backend in bucket acme-fleet-state/],
  ])('is refused for %s', (_name, lines, message) => {
    expect(() => bootstrapPlace(fleetConfig(lines))).toThrow(message);
  });
});

test('the bucket has the policy from its first minute that the program keeps: who runs the program is never locked out', () => {
  const config = told();

  expect(stateBucketPolicy(config)).toEqual(
    programsBucketPolicy({
      bucket: BUCKET,
      organizationId: config.organization.id,
      control: controlPrincipals(config.control),
    }),
  );
});

test('the engine gets a job like any other, of the one stack of the organisation', () => {
  const job = organizationJob(told(), {
    id: 'bootstrap',
    release: { digest: 'd', directory: '/r', manifest: { version: 1, layers: {}, lambdas: {}, providerVersion: '7' } },
  });

  expect([job.target.layer, stackName(job.target)]).toEqual(['organization', `${MANAGEMENT}.eu-west-1`]);
  expect(job.run).toMatchObject({ createdAt, unprotect: 'nothing' });
});
