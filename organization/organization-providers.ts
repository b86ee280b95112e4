import { Provider } from '@pulumi/aws/provider';

import type { OrganizationConfig } from '../contracts/organization';
import { deployRoleArn } from '../contracts/names';
import { resourceTags } from '../contracts/tags';

/** The providers of the two accounts that this program writes to. */
export interface OrganizationProviders {
  /** The management account, with the credentials the program is run with. */
  readonly management: Provider;
  /** The shared-services account, through its bootstrap role. */
  readonly shared: Provider;
}

/** Makes the explicit providers; each refuses any other account than its own. */
export function organizationProviders(config: OrganizationConfig): OrganizationProviders {
  const { accounts, homeRegion } = config;
  const common = { region: homeRegion, stsRegion: homeRegion, defaultTags: { tags: { ...resourceTags(config.tags, config.createdAt) } } };
  return {
    management: new Provider('management', { ...common, allowedAccountIds: [accounts.management] }),
    shared: new Provider('shared', {
      ...common,
      assumeRoles: [{ roleArn: deployRoleArn(accounts.shared, config.bootstrapRole), sessionName: 'fleet' }],
      allowedAccountIds: [accounts.shared],
    }),
  };
}
