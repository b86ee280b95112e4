import type { TargetId } from '../../contracts/target';
import type { TargetRecord } from '../../fleet/plan/target-record';
import { setupOf } from '../../fleet/rollout/core-setup';
import { decide, initialState, type Decision } from '../../fleet/rollout/decide';
import { replayRollout } from '../../fleet/rollout/replay-rollout';
import type { RolloutEvent, RolloutState } from '../../fleet/rollout/state';

import { linesOf, type CheckedRollout, type Violation } from './journal-lines';

/** One event of a replay, and what it led to. */
export interface ReplayedStep {
  readonly event: RolloutEvent;
  readonly before: RolloutState;
  readonly decision: Decision;
}

/** S11: a journal replays to the state that its controller was left in, in one go and event by event, through every prefix. */
export function checkReplay(
  rollout: CheckedRollout,
  { live, onStep }: { readonly live: RolloutState | null; readonly onStep?: (step: ReplayedStep) => void },
): readonly Violation[] {
  const { plan, id } = rollout;
  const entries = linesOf(rollout).map(({ entry }) => entry);
  const goods = new Map<TargetId, TargetRecord>(
    entries.flatMap((entry) => ('goods' in entry ? entry.goods.map((record) => [record.target, record] as const) : [])),
  );
  const events = entries.flatMap((entry) => ('event' in entry ? [entry.event] : []));
  const violations: Violation[] = [];
  try {
    const whole = textOf(replayRollout({ plan, goods, events }));
    let state = initialState(setupOf(plan, goods));
    for (const event of events) {
      const before = state;
      const decision = decide(before, event);
      ({ state } = decision);
      onStep?.({ event, before, decision });
    }
    if (textOf(state) !== whole)
      violations.push({ invariant: 'S11', at: id, message: 'event by event it replays to another state than in one go' });
    if (live !== null && textOf(live) !== whole)
      violations.push({ invariant: 'S11', at: id, message: 'it replays to another state than it was left in' });
  } catch (error) {
    violations.push({ invariant: 'S11', at: id, message: `it does not replay: ${String(error)}` });
  }
  return violations;
}

function textOf({ setup: _setup, ...state }: RolloutState): string {
  return JSON.stringify(state, (_key, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value,
  );
}
