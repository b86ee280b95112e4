import { carryRequest } from '../../fleet/rollout/carry-request';
import { commit } from '../../fleet/rollout/commit';
import type { RolloutRequest } from '../../fleet/rollout/driver-ports';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import { startOf } from '../../fleet/commands/start-of';
import { FleetStore } from '../../fleet/state/fleet-store';
import { takeLease } from '../../fleet/state/lease';

import type { ControlledWorld } from './control-rollout';

/** A verb that writes a request down itself, as the command line does where nobody drives the rollout. */
export async function requestItself(
  id: string,
  request: RolloutRequest,
  { process, objects, isAlive, reporter }: ControlledWorld,
): Promise<void> {
  const { clock, identity } = process;
  const lease = await takeLease(objects, { clock, verb: request.type, identity, isAlive, wait: true });
  try {
    const store = new FleetStore(objects, { directory: '/simulated', fleet: 'orders' });
    const kept = await store.loadRollout(id);
    if (!kept) return;
    const { writer, entries } = await store.openRollout(id, lease.epoch);
    const at = clock.now().toISOString();
    const state = replayRollout({ plan: kept.plan, ...startOf(entries) });
    const event = carryRequest(request, { state, at, reporter, planDigest: kept.plan.digest });
    if (event.type === 'request-refused') return;
    const { written } = commit([{ event }], { state, records: await store.loadRecords() });
    await writer.append([
      { controller: { epoch: lease.epoch, host: identity.host, pid: identity.pid, verb: request.type, at } },
      ...written,
    ]);
  } finally {
    await lease.release();
  }
}
