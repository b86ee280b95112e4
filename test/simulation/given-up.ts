import { startOf } from '../../fleet/commands/start-of';
import type { EngineJob } from '../../fleet/ports';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import { attemptId } from '../../fleet/rollout/target-job';

import type { Outside } from './outside';

/** Whether the journal, as it is at this moment, knows an attempt for lost or ended: whoever drives the rollout now does not wait for it. */
export async function wasGivenUp(outside: Outside, { id, target }: EngineJob): Promise<boolean> {
  const rollout = id.split('/')[0] ?? '';
  const kept = await outside.store.loadRollout(rollout);
  if (!kept) return false;
  const state = replayRollout({ plan: kept.plan, ...startOf(kept.entries) }).states.get(target.id);
  const isUnderWay = state?.state === 'running' || (state?.state === 'rolling-back' && state.step === 'running');
  return !isUnderWay || attemptId(rollout, target.id, state.attempts) !== id;
}
