import { ORGANIZATION_CONFIG_KEY, type OrganizationConfig } from '../../contracts/organization';
import { targetAt, type Target } from '../../contracts/target';
import { runInputsSchema } from '../../contracts/target-config';
import { regionSchema } from '../../contracts/ids';
import { digestOf } from '../digest';
import type { EngineJob, ReleaseHandle } from '../ports';

/** The project of organization/, as Pulumi.yaml names it. */
export const ORGANIZATION_PROJECT = 'organization';

/** The one stack of the organisation's project: that of the management account, at home. */
export function organizationTarget({ accounts, homeRegion }: Pick<OrganizationConfig, 'accounts' | 'homeRegion'>): Target {
  return targetAt({ layer: ORGANIZATION_PROJECT, account: accounts.management, region: homeRegion });
}

/** What the engine is told to run. `id` names this very run. */
export function organizationJob(
  config: OrganizationConfig,
  { id, release }: { readonly id: string; readonly release: ReleaseHandle },
): EngineJob {
  const target = organizationTarget(config);
  const { accounts, deployRole, fleet, homeRegion, organization, tags } = config;
  return {
    id,
    target,
    release,
    config: {
      version: 1,
      fleet,
      target: target.id,
      account: { id: accounts.management, name: 'management', unit: '' },
      region: regionSchema.parse(homeRegion),
      part: 1,
      homeRegion,
      organizationId: organization.id,
      accounts: { shared: accounts.shared, monitoring: accounts.monitoring },
      deployRole,
      tags,
      upstream: [],
      settings: config,
    },
    run: runInputsSchema.parse({ createdAt: config.createdAt, unprotect: config.unprotect }),
    fingerprint: digestOf({ release: release.digest, config }),
    purpose: 'forward',
  };
}

/** Stack config of the organisation's program: it reads its own key, not a target's. */
export function organizationStackConfig(config: OrganizationConfig): Readonly<Record<string, string>> {
  return { [ORGANIZATION_CONFIG_KEY]: JSON.stringify(config) };
}
