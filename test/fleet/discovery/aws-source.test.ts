import { AccountClient, ListRegionsCommand, type Region as AwsRegion } from '@aws-sdk/client-account';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeOrganizationCommand,
  DescribeOrganizationalUnitCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
  type Account as AwsAccount,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';

import { regionSchema } from '../../../contracts/ids';
import { parseInventory } from '../../../fleet/discovery/inventory';
import { createAwsClients } from '../../../fleet/discovery/aws-clients';
import { discoverAws, type AwsSourceOptions } from '../../../fleet/discovery/aws-source';
import { isFleetError } from '../../../fleet/errors';

const MANAGEMENT = '100000000001';
const A = '200000000001';
const B = '200000000002';
const regions = ['eu-west-1', 'ap-east-1'].map((region) => regionSchema.parse(region));

const organizations = mockClient(OrganizationsClient);
const account = mockClient(AccountClient);
const sts = mockClient(STSClient);
const lambda = mockClient(LambdaClient);

const awsAccount = (id: string, over: AwsAccount = {}): AwsAccount => ({
  Id: id,
  Name: `name-${id}`,
  Email: `${id}@example.com`,
  State: 'ACTIVE',
  Paths: [`o-abcdefghij/r-1/ou-1-workloads/ou-1-prod/${id}/`],
  ...over,
});

const denied = (message = 'not authorized') => Object.assign(new Error(message), { name: 'AccessDeniedException' });

const optStatuses = (statuses: Readonly<Record<string, AwsRegion['RegionOptStatus']>>): AwsRegion[] =>
  Object.entries(statuses).map(([RegionName, RegionOptStatus]) => ({ RegionName, RegionOptStatus }));

const list = (...accounts: readonly AwsAccount[]) => organizations.on(ListAccountsCommand).resolves({ Accounts: [...accounts] });

const discover = (over: Partial<AwsSourceOptions> = {}) => {
  const region = regionSchema.parse('eu-west-1');
  return discoverAws({
    clients: createAwsClients(region),
    regions,
    previewRole: 'fleet/preview',
    takenAt: new Date(0),
    signal: new AbortController().signal,
    ...over,
  });
};

beforeEach(() => {
  for (const client of [organizations, account, sts, lambda]) client.reset();
  const unexpected = new Error('this test does not expect that call');
  organizations.onAnyCommand().rejects(unexpected);
  account.onAnyCommand().rejects(unexpected);
  sts.onAnyCommand().rejects(unexpected);
  lambda.onAnyCommand().rejects(unexpected);
  organizations.on(DescribeOrganizationCommand).resolves({ Organization: { Id: 'o-abcdefghij', MasterAccountId: MANAGEMENT } });
  organizations.on(ListTagsForResourceCommand).resolves({ Tags: [{ Key: 'CostCenter', Value: 'cc-1' }] });
  organizations
    .on(DescribeOrganizationalUnitCommand, { OrganizationalUnitId: 'ou-1-workloads' })
    .resolves({ OrganizationalUnit: { Name: 'Workloads' } });
  organizations
    .on(DescribeOrganizationalUnitCommand, { OrganizationalUnitId: 'ou-1-prod' })
    .resolves({ OrganizationalUnit: { Name: 'Prod' } });
  account.on(ListRegionsCommand).resolves({ Regions: optStatuses({ 'eu-west-1': 'ENABLED_BY_DEFAULT', 'ap-east-1': 'DISABLED' }) });
  sts.on(GetCallerIdentityCommand).resolves({ Account: MANAGEMENT });
  sts
    .on(AssumeRoleCommand)
    .resolves({ Credentials: { AccessKeyId: 'k', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(0) } });
  lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 500 } });
});

describe('discoverAws', () => {
  test('reads unit, state, tags, regions and Lambda limits of every account', async () => {
    list(awsAccount(A), awsAccount(MANAGEMENT, { Paths: [`o-abcdefghij/r-1/${MANAGEMENT}/`] }));

    const { inventory, warnings } = await discover();

    expect(warnings).toEqual([]);
    expect(inventory).toMatchObject({ version: 1, organizationId: 'o-abcdefghij', source: 'aws', takenAt: '1970-01-01T00:00:00.000Z' });
    expect(inventory.accounts).toEqual([
      expect.objectContaining({ id: MANAGEMENT, unit: '', managementAccount: true, lambdaConcurrency: {} }),
      {
        id: A,
        name: `name-${A}`,
        email: `${A}@example.com`,
        unit: 'Workloads/Prod',
        state: 'ACTIVE',
        tags: { CostCenter: 'cc-1' },
        regions: { 'eu-west-1': 'enabled', 'ap-east-1': 'disabled' },
        lambdaConcurrency: { 'eu-west-1': 500 },
        managementAccount: false,
      },
    ]);
  });

  test('reads every page of every listing, empty pages with a token included', async () => {
    organizations
      .on(ListAccountsCommand, { NextToken: undefined }).resolves({ Accounts: [awsAccount(A)], NextToken: 'two' })
      .on(ListAccountsCommand, { NextToken: 'two' }).resolves({ Accounts: [], NextToken: 'three' })
      .on(ListAccountsCommand, { NextToken: 'three' }).resolves({ Accounts: [awsAccount(B)] })
      .on(ListTagsForResourceCommand, { ResourceId: B, NextToken: undefined }).resolves({ Tags: [], NextToken: 'more' })
      .on(ListTagsForResourceCommand, { ResourceId: B, NextToken: 'more' }).resolves({ Tags: [{ Key: 'Team', Value: 'b' }] }); // prettier-ignore
    account
      .on(ListRegionsCommand, { AccountId: B, NextToken: undefined }).resolves({ Regions: [], NextToken: 'r' })
      .on(ListRegionsCommand, { AccountId: B, NextToken: 'r' }).resolves({ Regions: optStatuses({ 'eu-west-1': 'ENABLED', 'ap-east-1': 'ENABLING' }) }); // prettier-ignore

    const { inventory } = await discover();

    expect(inventory.accounts.map((one) => one.id)).toEqual([A, B]);
    expect(inventory.accounts[1]).toMatchObject({ tags: { Team: 'b' }, regions: { 'eu-west-1': 'enabled', 'ap-east-1': 'disabled' } });
  });

  test.each<[string, AwsAccount, string | null]>([
    ['State, where both are there', { State: 'CLOSED', Status: 'ACTIVE' }, 'CLOSED'],
    ['Status, where State is missing', { State: undefined, Status: 'SUSPENDED' }, 'SUSPENDED'],
    ['unknown, where both are missing', { State: undefined, Status: undefined }, null],
  ])('takes for the state of an account %s', async (_name, over, state) => {
    list(awsAccount(A, over));

    const { inventory, warnings } = await discover();

    expect(inventory.accounts[0]?.state).toBe(state);
    expect(warnings).toEqual(state === null ? [{ account: A, message: 'organizations:ListAccounts gave neither State nor Status' }] : []);
  });

  test('asks nothing inside an account that is not active', async () => {
    list(awsAccount(A, { State: 'SUSPENDED' }));

    const { inventory } = await discover();

    expect(inventory.accounts[0]).toMatchObject({ regions: { 'eu-west-1': 'unknown', 'ap-east-1': 'unknown' }, lambdaConcurrency: {} });
    expect(account.calls()).toHaveLength(0);
    expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(0);
  });

  test('asks for the name of each unit once, however many accounts stand in it', async () => {
    list(awsAccount(A), awsAccount(B), awsAccount('200000000003'));

    await discover();

    expect(organizations.commandCalls(DescribeOrganizationalUnitCommand)).toHaveLength(2);
  });

  test('walks the organisation, once, where accounts do not carry their path', async () => {
    list(awsAccount(A, { Paths: undefined }), awsAccount(B, { Paths: undefined }));
    organizations
      .on(ListRootsCommand).resolves({ Roots: [{ Id: 'r-1' }] })
      .on(ListAccountsForParentCommand).resolves({ Accounts: [] })
      .on(ListAccountsForParentCommand, { ParentId: 'r-1' }).resolves({ Accounts: [{ Id: B }] })
      .on(ListAccountsForParentCommand, { ParentId: 'ou-2' }).resolves({ Accounts: [{ Id: A }] })
      .on(ListOrganizationalUnitsForParentCommand).resolves({ OrganizationalUnits: [] })
      .on(ListOrganizationalUnitsForParentCommand, { ParentId: 'r-1' }).resolves({ OrganizationalUnits: [{ Id: 'ou-1', Name: 'Workloads' }] })
      .on(ListOrganizationalUnitsForParentCommand, { ParentId: 'ou-1' }).resolves({ OrganizationalUnits: [{ Id: 'ou-2', Name: 'Dev Team' }] }); // prettier-ignore

    const { inventory } = await discover();

    expect(inventory.accounts.map((one) => one.unit)).toEqual(['Workloads/Dev Team', '']);
    expect(organizations.commandCalls(ListRootsCommand)).toHaveLength(1);
  });

  test.each([
    ['carry their path', [`o-abcdefghij/r-1/ou-1-workloads/ou-1-prod/${A}/`]],
    ['do not', undefined],
  ])('does not take a unit with a slash in its name for a unit of another one, where accounts %s', async (_name, Paths) => {
    list(awsAccount(A, { Paths }), awsAccount(B, { Paths: Paths?.map((path) => path.replace('ou-1-workloads/ou-1-prod', 'ou-9-both')) }));
    const named = (Id: string, Name: string) =>
      organizations.on(DescribeOrganizationalUnitCommand, { OrganizationalUnitId: Id }).resolves({ OrganizationalUnit: { Id, Name } });
    named('ou-1-workloads', 'R (1)/D');
    named('ou-1-prod', 'Prod');
    named('ou-9-both', 'R (1)/D/Prod');
    organizations
      .on(ListRootsCommand).resolves({ Roots: [{ Id: 'r-1' }] })
      .on(ListAccountsForParentCommand).resolves({ Accounts: [] })
      .on(ListAccountsForParentCommand, { ParentId: 'ou-9-both' }).resolves({ Accounts: [{ Id: B }] })
      .on(ListAccountsForParentCommand, { ParentId: 'ou-1-prod' }).resolves({ Accounts: [{ Id: A }] })
      .on(ListOrganizationalUnitsForParentCommand).resolves({ OrganizationalUnits: [] })
      .on(ListOrganizationalUnitsForParentCommand, { ParentId: 'r-1' }).resolves({ OrganizationalUnits: [{ Id: 'ou-1-workloads', Name: 'R (1)/D' }, { Id: 'ou-9-both', Name: 'R (1)/D/Prod' }] })
      .on(ListOrganizationalUnitsForParentCommand, { ParentId: 'ou-1-workloads' }).resolves({ OrganizationalUnits: [{ Id: 'ou-1-prod', Name: 'Prod' }] }); // prettier-ignore

    const { inventory } = await discover();

    expect(inventory.accounts.map((one) => one.unit)).toEqual(['R (1)%2FD/Prod', 'R (1)%2FD%2FProd']);
  });

  test('asks the management account about its regions without naming it, and members by name', async () => {
    list(awsAccount(MANAGEMENT), awsAccount(A));

    await discover();

    expect(account.commandCalls(ListRegionsCommand).map((call) => call.args[0].input.AccountId)).toEqual([undefined, A]);
  });

  test('does not take its own regions for those of the management account when run by a delegated administrator', async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Account: A });
    list(awsAccount(MANAGEMENT), awsAccount(A));

    const { inventory, warnings } = await discover();

    expect(inventory.accounts[0]?.regions).toEqual({ 'eu-west-1': 'unknown', 'ap-east-1': 'unknown' });
    expect(warnings).toEqual([
      { account: MANAGEMENT, message: 'account:ListRegions failed: the management account can only ask about itself' },
    ]);
    expect(account.commandCalls(ListRegionsCommand).map((call) => call.args[0].input.AccountId)).toEqual([undefined]);
  });

  test('assumes one session an account for all its regions, in the right role, and asks each region itself', async () => {
    account.on(ListRegionsCommand).resolves({ Regions: optStatuses({ 'eu-west-1': 'ENABLED', 'ap-east-1': 'ENABLED' }) });
    list(awsAccount(A));

    await discover();

    expect(sts.commandCalls(AssumeRoleCommand).map((call) => call.args[0].input.RoleArn)).toEqual([`arn:aws:iam::${A}:role/fleet/preview`]);
    const asked = await Promise.all(
      lambda.commandCalls(GetAccountSettingsCommand).map((call) => (call.thisValue as LambdaClient).config.region()),
    );
    expect(asked.sort()).toEqual(['ap-east-1', 'eu-west-1']);
  });

  test('asks for limits only where they are wanted', async () => {
    list(awsAccount(A), awsAccount(B));

    const { inventory } = await discover({ needsLimits: (one) => one.id === B });

    expect(inventory.accounts.map((one) => one.lambdaConcurrency)).toEqual([{}, { 'eu-west-1': 500 }]);
  });

  test('gives unknown with a warning, never a default, for what it may not read, and reads the other accounts', async () => {
    list(awsAccount(A, { Paths: undefined }), awsAccount(B));
    organizations.on(ListRootsCommand).rejects(denied('no roots'));
    organizations.on(ListTagsForResourceCommand, { ResourceId: A }).rejects(denied('no tags'));
    account.on(ListRegionsCommand, { AccountId: A }).rejects(denied('no regions'));
    sts.on(AssumeRoleCommand, { RoleArn: `arn:aws:iam::${B}:role/fleet/preview` }).rejects(denied('no role'));

    const { inventory, warnings } = await discover();

    expect(inventory.accounts).toEqual([
      expect.objectContaining({
        id: A,
        unit: null,
        tags: null,
        regions: { 'eu-west-1': 'unknown', 'ap-east-1': 'unknown' },
        lambdaConcurrency: { 'eu-west-1': null, 'ap-east-1': null },
      }),
      expect.objectContaining({ id: B, unit: 'Workloads/Prod', tags: { CostCenter: 'cc-1' }, lambdaConcurrency: { 'eu-west-1': null } }),
    ]);
    expect(warnings).toEqual([
      { account: A, message: 'its unit failed: no roots' },
      { account: A, message: 'organizations:ListTagsForResource failed: no tags' },
      { account: A, message: 'account:ListRegions failed: no regions' },
      { account: B, message: 'sts:AssumeRole failed: no role' },
    ]);
  });

  test('gives an unknown limit where Lambda does not say one', async () => {
    list(awsAccount(A));
    lambda.on(GetAccountSettingsCommand).resolves({});

    const { inventory, warnings } = await discover();

    expect(inventory.accounts[0]?.lambdaConcurrency).toEqual({ 'eu-west-1': null });
    expect(warnings).toEqual([
      { account: A, message: 'lambda:GetAccountSettings in eu-west-1 failed: the answer has no ConcurrentExecutions' },
    ]);
  });

  test('gives unknown for a region that AWS does not mention', async () => {
    list(awsAccount(A));
    account.on(ListRegionsCommand).resolves({ Regions: optStatuses({ 'eu-west-1': 'ENABLED' }) });

    const { inventory, warnings } = await discover();

    expect(inventory.accounts[0]?.regions).toEqual({ 'eu-west-1': 'enabled', 'ap-east-1': 'unknown' });
    expect(warnings).toEqual([{ account: A, message: 'account:ListRegions does not mention ap-east-1' }]);
  });

  test('carries what AWS has added since: a state of an account as it is, a status of a region as unknown', async () => {
    list({ ...awsAccount(A), State: 'HIBERNATING' as 'ACTIVE' }, awsAccount(B));
    account
      .on(ListRegionsCommand)
      .resolves({ Regions: optStatuses({ 'eu-west-1': 'ENABLED', 'ap-east-1': 'ENABLED_IN_PART' as 'ENABLED' }) });

    const { inventory, warnings } = await discover();

    expect(inventory.accounts.map(({ state }) => state)).toEqual(['HIBERNATING', 'ACTIVE']);
    expect(inventory.accounts[1]?.regions).toEqual({ 'eu-west-1': 'enabled', 'ap-east-1': 'unknown' });
    expect(warnings).toEqual([
      { account: B, message: 'account:ListRegions calls ap-east-1 ENABLED_IN_PART, which this fleet does not know' },
    ]);
    expect(parseInventory(JSON.parse(JSON.stringify(inventory)))).toEqual(inventory);
  });

  test.each([
    ['organizations:DescribeOrganization', () => organizations.on(DescribeOrganizationCommand).rejects(denied())],
    ['organizations:ListAccounts', () => organizations.on(ListAccountsCommand).rejects(denied())],
    ['sts:GetCallerIdentity', () => sts.on(GetCallerIdentityCommand).rejects(denied())],
  ])('throws when the organisation itself cannot be read: %s', async (action, plant) => {
    list(awsAccount(A));
    plant();

    const error: unknown = await discover().catch((thrown: unknown) => thrown);

    if (!isFleetError(error)) throw error;
    expect(error.code).toBe('aws/AccessDeniedException');
    expect(error.message).toBe(
      `${action} failed: not authorized; run with credentials of the management account or a delegated administrator`,
    );
  });

  test('stops when it is told to, instead of giving an inventory full of unknowns', async () => {
    const controller = new AbortController();
    list(awsAccount(A), awsAccount(B));
    organizations.on(ListTagsForResourceCommand).callsFake(() => {
      controller.abort();
      throw new Error('aborted');
    });

    await expect(discover({ signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
