import * as pulumi from '@pulumi/pulumi';

import { ORGANIZATION_CONFIG_KEY } from '../../contracts/organization';
import { readOrganizationConfig } from '../../organization/read-organization-config';
import { management, organizationConfig } from './render-organization';

const { cost } = organizationConfig();

const read = (stackConfig: Readonly<Record<string, string>>) => {
  pulumi.runtime.setMockOptions(undefined, 'organization', 'main');
  pulumi.runtime.setAllConfig({ ...stackConfig });
  return readOrganizationConfig();
};

describe('the configuration of the organisation program', () => {
  test.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
    [
      'a bucket S3 refuses',
      { state: { ...organizationConfig().state, bucket: 'Acme_State' } },
      /state\.bucket: state bucket "Acme_State" must be/,
    ],
    [
      'a bucket of another account’s name space',
      { state: { ...organizationConfig().state, bucket: 'a-123456789012-eu-west-1-an' } },
      /must end with -111111111111-eu-west-1-an/,
    ],
    [
      'the management account as the shared one',
      { accounts: { ...organizationConfig().accounts, shared: management } },
      /accounts\.shared: account 999999999999 is the management account/,
    ],
    ['a role that the deploy role could change', { deployRole: 'orders/deploy' }, /deployRole: role orders\/deploy is under orders\//],
    ['one name for two roles', { operateRole: 'elsewhere/orders-deploy' }, /role elsewhere\/orders-deploy has the name of another/],
    ['a fleet whose path is the roles’ own', { fleet: 'fleet' }, /deployRole: role fleet\/fleet\/fleet-deploy is under fleet\//],
    [
      'an account with two budgets',
      {
        cost: {
          ...cost,
          budgets: {
            perAccountUsd: 1,
            accounts: [management, management],
          },
        },
      },
      /account 999999999999 has two budgets/,
    ],
    ['a tag that is missing', { tags: { Team: 'commerce' } }, /tags: required tag CostCenter is missing/],
    ['an ARN for a control role', { control: { account: management, roles: ['arn:aws:iam::1:role/x'] } }, /not an ARN/],
    ['an alias of AWS’s own', { state: { bucket: 'acme-fleet-state', keyAlias: 'alias/aws/s3' } }, /key alias "alias\/aws\/s3"/],
    ['a root that is none', { organization: { id: 'o-abcdefghij', rootId: 'ou-ab12-11111111' } }, /root id "ou-ab12-11111111"/],
    ['a key nobody knows', { regoins: [] }, /regoins/],
  ])('is refused with %s, before anything is made', (_name, changes, message) => {
    expect(() => read({ [ORGANIZATION_CONFIG_KEY]: JSON.stringify(organizationConfig(changes)) })).toThrow(message);
  });

  test('names the default roles, and nothing that has to be asked for', () => {
    expect(read({ [ORGANIZATION_CONFIG_KEY]: JSON.stringify(organizationConfig()) })).toMatchObject({
      previewRole: 'fleet/orders/orders-preview',
      deployRole: 'fleet/orders/orders-deploy',
      operateRole: 'fleet/orders/orders-operate',
      organization: { units: [] },
      state: { oldVersionsDays: 365 },
      cost: { activateTags: false, anomalies: { accountMonitorArn: null, costCenters: [] } },
    });
  });

  test.each([
    ['missing', {}, /fleet:organization is missing: let `fleet bootstrap` set it/],
    ['not JSON', { [ORGANIZATION_CONFIG_KEY]: '{' }, /fleet:organization is not JSON/],
  ])('is refused when it is %s', (_name, stackConfig, message) => {
    expect(() => read(stackConfig)).toThrow(message);
  });

  test('names every wrong value at once', () => {
    const text = JSON.stringify(organizationConfig({ homeRegion: 'moon', fleet: 'Big' }));

    expect(() => read({ [ORGANIZATION_CONFIG_KEY]: text })).toThrow(/Big.*moon|moon.*Big/);
  });
});
