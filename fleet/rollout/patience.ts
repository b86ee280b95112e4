import { addSeconds } from '../../contracts/duration';

import type { RolloutState } from './state';
import { questionsToRepeat, type Waiting } from './waiting';

/** How long a driver stays when only waiting is left. */
export interface Patience {
  /** Seconds; null: through any bake and window, and not at all for a person. */
  readonly waitSeconds: number | null;
  /** Seconds between two looks of the gate. */
  readonly gateSeconds: number;
}

/** So often a gate that holds a wave is asked again before the driver leaves it to a person. */
const LOOKS_BEFORE_LEAVING = 5;

/** The instant from which a driver that waits since `since` has waited enough; null: it waits as long as it takes. */
export function leaveAt(state: RolloutState, waiting: Waiting, options: Patience & { readonly since: string }): string | null {
  const { since, waitSeconds, gateSeconds } = options;
  if (waiting.kind === 'time') return waitSeconds === null ? null : addSeconds(since, waitSeconds);
  // What a gate holds, it often lets go of at its next looks: an alarm is still red for a moment after a way back.
  const mayPass = questionsToRepeat(state).some(({ moment }) => moment !== 'during');
  return addSeconds(since, Math.max(waitSeconds ?? 0, mayPass ? LOOKS_BEFORE_LEAVING * gateSeconds : 0));
}

/** Whether a driver leaves now: at once where what it waits for comes later than it stays. */
export function leavesNow(waiting: Waiting, { leave, now }: { readonly leave: string | null; readonly now: string }): boolean {
  if (leave === null) return false;
  return waiting.kind === 'time' ? waiting.until > leave : now >= leave;
}
