import { advanceWave } from './advance-wave';
import { Draft, neverStarted } from './draft';
import type { CoreTarget, Outcome, RolloutCommand, RolloutEvent, RolloutOutcome, RolloutSetup, RolloutState, TargetState } from './state';
import { takeEvent } from './take-event';

/** What events lead to. */
export interface Decision {
  readonly state: RolloutState;
  readonly commands: readonly RolloutCommand[];
}

/** The state before the first event: targets without a wave are done, unchanged or blocked. */
export function initialState(setup: RolloutSetup): RolloutState {
  return {
    setup,
    states: new Map([...setup.targets.values()].map((target) => [target.id, firstState(target)])),
    waveStates: new Map(setup.waves.map((wave) => [wave.name, { state: 'waiting' as const }])),
    startedAt: null,
    requester: null,
    endedAt: null,
    outcome: null,
    halted: null,
    paused: null,
    approvals: [],
    approved: [],
    accepted: new Map(),
    irreversible: new Set(),
    limitChange: {},
    departed: new Map(),
  };
}

function firstState({ wave, blocked, blockedCode }: CoreTarget): TargetState {
  if (blocked !== null) return neverStarted('blocked', { code: blockedCode ?? 'fleet/blocked', message: blocked, resource: null });
  return wave === null ? neverStarted('unchanged') : { state: 'pending', attempts: 0 };
}

/**
 * The rollout's only place of decision: pure and deterministic. Every command follows from the state, so the same events give the same
 * state and commands wherever they are replayed.
 */
export function decide(state: RolloutState, event: RolloutEvent): Decision {
  return decideAll(state, [event]);
}

/** As {@link decide}, one event after the other: the same state and commands, without a copy of the state for each. */
export function decideAll(state: RolloutState, events: readonly RolloutEvent[]): Decision {
  const draft = new Draft(state);
  for (const event of events) {
    takeEvent(draft, event);
    advance(draft, event.at);
    draft.forgetUnusedApprovals();
  }
  return { state: draft.toState(), commands: draft.commands };
}

function advance(draft: Draft, at: string): void {
  const { rest } = draft;
  if (rest.startedAt === null || rest.outcome !== null) return;
  for (const wave of draft.waves) if (!advanceWave(draft, wave, at)) return;
  rest.outcome = finalOutcome(draft);
  rest.endedAt = at;
  draft.commands.push({ type: 'finish', outcome: rest.outcome });
}

/** What a failed gate left as it was. */
const STAYED: readonly string[] = ['fleet/no-good', 'fleet/no-way-back'];

function finalOutcome(draft: Draft): RolloutOutcome {
  const ended = [...draft.states.values()];
  const some = (outcome: Outcome) => ended.some((state) => state.state === 'done' && state.outcome === outcome);
  if (some('rollback_failed')) return 'rollback_failed';
  if (draft.halted?.kind === 'aborted') return 'aborted';
  if (draft.halted?.kind === 'gate') {
    const left = ended.some((state) => state.state === 'done' && STAYED.includes(state.error?.code ?? ''));
    return some('rolled_back') && !left ? 'rolled_back' : 'failed';
  }
  return ended.every((state) => state.state === 'done' && (state.outcome === 'succeeded' || state.outcome === 'unchanged'))
    ? 'succeeded'
    : 'failed';
}
