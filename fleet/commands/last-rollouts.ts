import type { TargetId } from '../../contracts/target';
import type { TargetRecord } from '../plan/target-record';
import type { VersionSources } from '../versions/look-at-versions';
import type { VersionClaims } from '../versions/needed-versions';

import type { OpenFleet } from './context';
import { startOf } from './start-of';

/** Older rollouts can be taken back all the same: code whose version is gone is published anew. */
const ROLLOUTS_BACK = 10;

/** For each target the last rollout that was to change it, and what was good before: what taking it back goes to. */
export async function lastRollouts({ store }: OpenFleet, records: readonly TargetRecord[]): Promise<VersionSources['last']> {
  const found = new Map<TargetId, VersionClaims['last']>();
  for (const id of (await store.rolloutIds()).slice(-ROLLOUTS_BACK).reverse()) {
    if (records.every(({ target }) => found.has(target))) break;
    const kept = await store.loadRollout(id);
    if (!kept) continue;
    const { goods } = startOf(kept.entries);
    for (const { target, wave } of kept.plan.targets)
      if (wave !== null && !found.has(target.id)) found.set(target.id, { rollout: id, good: goods.get(target.id)?.good ?? null });
  }
  return ({ target }) => found.get(target) ?? null;
}
