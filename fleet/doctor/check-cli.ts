import type { FleetConfig } from '../config/fleet-config';
import { MINIMUM_VERSION, type PulumiCli } from '../engine/pulumi/cli/pulumi-cli';

import { failed, ok, skipped, type Check } from './check';

const SOURCES = {
  named: 'named by FLEET_PULUMI',
  path: 'on PATH',
  cache: 'obtained earlier',
  installed: 'the official release, installed now',
  built: 'built now',
} as const satisfies Record<PulumiCli['source'], string>;

/** Whether there is a CLI, where the fleet's engine needs one. `get` finds it, or obtains it. */
export async function checkCli(config: FleetConfig | null, get: () => Promise<PulumiCli>): Promise<Check> {
  if (config?.engine.kind === 'sandbox') return skipped('engine', 'engine sandbox needs no Pulumi CLI');
  try {
    const { path, version, source } = await get();
    return ok('engine', `Pulumi ${version} (${SOURCES[source]}; ${MINIMUM_VERSION} or newer is needed): ${path}`);
  } catch (error) {
    return failed('engine', error);
  }
}
