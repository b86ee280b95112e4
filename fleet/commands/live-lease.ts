import { FleetError } from '../errors';
import { isHeld, readLease, type LeaseState } from '../state/lease';
import { isProcessAlive, thisProcess } from '../state/process-identity';

import type { CommandContext, OpenFleet } from './context';

/** The lease of who drives the fleet now; null where nobody does, or nobody alive. */
export async function liveLease({ store }: OpenFleet, context: CommandContext): Promise<LeaseState | null> {
  const lease = await readLease(store.objects);
  return lease && isHeld(lease, { clock: context.clock, isAlive: isProcessAlive, identity: thisProcess() }) ? lease : null;
}

/** Throws `fleet/locked`, naming the holder and its age, while another verb drives the fleet: before a person is asked anything. */
export async function refuseHeld(fleet: OpenFleet, context: CommandContext): Promise<void> {
  const lease = await liveLease(fleet, context);
  if (lease === null) return;
  const { holder, beatAt } = lease;
  const age = (since: string) => Math.max(0, Math.round((context.clock.now().getTime() - Date.parse(since)) / 1000));
  throw new FleetError(
    'fleet/locked',
    `fleet is locked by ${holder.verb} (pid ${holder.pid} on ${holder.host} since ${holder.since}, for ${age(holder.since)} s, last heard of ${age(beatAt)} s ago): wait for it, or look at it with fleet status`,
  );
}
