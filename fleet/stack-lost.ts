import type { TargetId } from '../contracts/target';

import { FleetError } from './errors';

/** A target that is on record as deployed and has no stack: what stands there nobody can tell, and to roll it out again would make it twice. */
export function stackLost(target: TargetId): FleetError {
  return new FleetError(
    'fleet/stack-lost',
    `${target} is on record as deployed and its stack is not there: bring the backend back (docs/recovery.md)`,
  );
}
