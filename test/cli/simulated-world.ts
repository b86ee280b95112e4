import { join } from 'node:path';

import { resourceTypes } from '../../sandbox/types';
import { World } from '../../sandbox/world';

import type { FleetRunner } from './fleet-runner';

/** The simulated AWS of a fleet, to change behind its back while none of its command lines runs. */
export function simulatedWorld(fleet: FleetRunner): World {
  return new World({
    directory: join(fleet.directory, '.fleet/sandbox/world'),
    types: new Map(resourceTypes.map((type) => [type.type, type])),
    now: () => 1_700_000_000_000,
    secondsBetween: (from, to) => (to - from) / 1000,
    members: new Map(),
  });
}
