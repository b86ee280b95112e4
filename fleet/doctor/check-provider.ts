import type { FleetConfig } from '../config/fleet-config';
import type { ProviderPlugin } from '../engine/pulumi/cli/provider-plugin';

import { failed, ok, skipped, type Check } from './check';

/**
 * Whether the AWS plugin is there, where something is deployed to AWS. `get` finds it, or installs it; null: there is no CLI to ask. Where there is
 * no fleet, it is looked at only where it is to be installed.
 */
export async function checkProvider(
  config: FleetConfig | null,
  { get, fix }: { readonly get: (() => Promise<ProviderPlugin>) | null; readonly fix: boolean },
): Promise<Check> {
  const isNeeded = config === null ? fix : config.engine.kind === 'pulumi' && config.organization.source === 'aws';
  if (!isNeeded) return skipped('provider', 'only what is deployed to AWS needs its plugin');
  if (get === null) return skipped('provider', 'there is no Pulumi CLI to ask');
  try {
    const { version, source } = await get();
    return ok('provider', `the AWS plugin ${version} of Pulumi (${source === 'there' ? 'installed' : 'installed now'})`);
  } catch (error) {
    return failed('provider', error);
  }
}
