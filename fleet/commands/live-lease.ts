import { isHeld, lockedError, readLease, type LeaseState } from '../state/lease';
import { isProcessAlive, thisProcess } from '../state/process-identity';

import type { CommandContext, OpenFleet } from './context';

/** The lease of who drives the fleet now; null where nobody does, or nobody alive. */
export async function liveLease({ store }: OpenFleet, context: CommandContext): Promise<LeaseState | null> {
  const lease = await readLease(store.objects);
  return lease && isHeld(lease, { clock: context.clock, isAlive: isProcessAlive, identity: thisProcess() }) ? lease : null;
}

/** The lease of who drives a rollout now, and reads its inbox; null where nobody does: another verb that holds the fleet takes no requests. */
export async function controllerOfRollout(id: string, fleet: OpenFleet, context: CommandContext): Promise<LeaseState | null> {
  const lease = await liveLease(fleet, context);
  return lease?.holder.rollout === id ? lease : null;
}

/** Throws `fleet/locked`, naming the holder and its age, while another verb drives the fleet: before a person is asked anything. */
export async function refuseHeld(fleet: OpenFleet, context: CommandContext): Promise<void> {
  const lease = await liveLease(fleet, context);
  if (lease !== null) throw lockedError(lease, context.clock.now().getTime());
}
