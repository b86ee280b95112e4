import {
  ActivateOrganizationsAccessCommand,
  CloudFormationClient,
  DescribeOrganizationsAccessCommand,
} from '@aws-sdk/client-cloudformation';
import { EnablePolicyTypeCommand, ListRootsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';

import { OrganizationAccess } from '../../../fleet/bootstrap/organization-access';

const organizations = mockClient(OrganizationsClient);
const cloudformation = mockClient(CloudFormationClient);
const root = (Status?: 'ENABLED' | 'PENDING_ENABLE') => ({
  Roots: [
    {
      Id: 'r-ab12',
      PolicyTypes: [
        { Type: 'SERVICE_CONTROL_POLICY' as const, Status: 'ENABLED' as const },
        ...(Status ? [{ Type: 'TAG_POLICY' as const, Status }] : []),
      ],
    },
  ],
});
const slept: number[] = [];
const access = new OrganizationAccess({
  organizations: new OrganizationsClient({}),
  cloudformation: new CloudFormationClient({}),
  clock: { sleep: (milliseconds) => Promise.resolve(void slept.push(milliseconds)) },
  signal: new AbortController().signal,
});

beforeEach(() => {
  for (const mock of [organizations, cloudformation]) mock.reset();
  slept.length = 0;
  organizations.on(EnablePolicyTypeCommand).resolves({});
  cloudformation.on(ActivateOrganizationsAccessCommand).resolves({});
});

test.each([
  ['nothing where all is on', root('ENABLED'), 'ENABLED', []],
  ['tag policies where that type is off', root(), 'ENABLED', ['organizations:EnablePolicyType']],
  ['tag policies that are being turned on', root('PENDING_ENABLE'), 'ENABLED', ['organizations:EnablePolicyType']],
  ['StackSets where CloudFormation was never told', root('ENABLED'), 'DISABLED', ['cloudformation:ActivateOrganizationsAccess']],
  ['both', root(), 'DISABLED_PERMANENTLY', ['organizations:EnablePolicyType', 'cloudformation:ActivateOrganizationsAccess']],
] as const)('finds %s', async (_name, roots, Status, calls) => {
  organizations.on(ListRootsCommand).resolves(roots);
  cloudformation.on(DescribeOrganizationsAccessCommand).resolves({ Status });

  expect((await access.look()).map(({ call }) => call)).toEqual(calls);
  expect(organizations.commandCalls(EnablePolicyTypeCommand)).toEqual([]);
});

describe('turning on what is off', () => {
  const BOTH = [
    { call: 'organizations:EnablePolicyType', what: 'tag policies' },
    { call: 'cloudformation:ActivateOrganizationsAccess', what: 'StackSets' },
  ];
  const complete = () => access.complete(BOTH, { rootId: 'r-ab12' });

  test('waits until Organizations says that the type is on', async () => {
    organizations.on(ListRootsCommand).resolvesOnce(root()).resolvesOnce(root('PENDING_ENABLE')).resolves(root('ENABLED'));
    await complete();

    expect(organizations.commandCalls(EnablePolicyTypeCommand).map(({ args }) => args[0].input)).toEqual([
      { RootId: 'r-ab12', PolicyType: 'TAG_POLICY' },
    ]);
    expect(slept).toEqual([2000]);
    expect(cloudformation.commandCalls(ActivateOrganizationsAccessCommand)).toHaveLength(1);
  });

  test('does not ask for what somebody else is turning on already: AWS would refuse it', async () => {
    organizations.on(ListRootsCommand).resolvesOnce(root('PENDING_ENABLE')).resolves(root('ENABLED'));
    await complete();

    expect(organizations.commandCalls(EnablePolicyTypeCommand)).toEqual([]);
  });

  test('gives up after two minutes, and names the root', async () => {
    organizations.on(ListRootsCommand).resolves(root('PENDING_ENABLE'));

    await expect(complete()).rejects.toMatchObject({
      code: 'aws/PolicyTypeNotEnabled',
      message: expect.stringMatching(/root r-ab12 are not on after 120 s/) as string,
    });
  });

  test('tells which call AWS refused', async () => {
    organizations.on(ListRootsCommand).resolves(root('ENABLED'));
    cloudformation
      .on(ActivateOrganizationsAccessCommand)
      .rejects(Object.assign(new Error('not you'), { name: 'InvalidOperationException' }));

    await expect(complete()).rejects.toMatchObject({
      code: 'aws/InvalidOperationException',
      message: expect.stringMatching(/^cloudformation:ActivateOrganizationsAccess failed: not you/) as string,
    });
  });
});
