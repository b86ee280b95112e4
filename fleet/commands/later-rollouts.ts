import type { TargetId } from '../../contracts/target';
import type { LaterRollout } from '../plan/not-taken-back';
import type { RolloutState } from '../rollout/state';
import type { KeptRollout } from '../state/fleet-store';

import type { OpenFleet } from './context';
import { replay } from './control';

/** Rollouts that began after one, of whatever purpose, with what each of them changed; oldest first. */
export async function laterRollouts(
  { store }: Pick<OpenFleet, 'store'>,
  { id }: Pick<KeptRollout, 'id'>,
): Promise<readonly LaterRollout[]> {
  const later: LaterRollout[] = [];
  for (const next of await store.rolloutIds(id)) {
    const kept = await store.loadRollout(next);
    if (!kept) continue;
    const { purpose, release, targets } = kept.plan;
    const changed = changedBy(replay(kept));
    const destroyed = targets.flatMap(({ target, purpose: to }) => (to === 'destroy' && changed.has(target.id) ? [target.id] : []));
    later.push({ id: next, purpose, release, changed, destroyed: new Set(destroyed) });
  }
  return later;
}

/** Targets that a rollout changed, or began to. */
export function changedBy(state: RolloutState): ReadonlySet<TargetId> {
  return new Set([...state.states].flatMap(([id, target]) => (target.state === 'done' && target.attempts > 0 ? [id] : [])));
}
