import { decide, initialState } from '../rollout/decide';
import { setupOf } from '../rollout/driver';
import type { RolloutState } from '../rollout/state';
import type { KeptRollout } from '../state/folder-store';

/** The state of a kept rollout: its journal's events through the core again. */
export function replay(rollout: KeptRollout): RolloutState {
  return rollout.events.reduce((state, event) => decide(state, event).state, initialState(setupOf(rollout.plan)));
}
