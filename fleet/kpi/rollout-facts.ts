import type { TargetId } from '../../contracts/target';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { Outcome, RolloutEvent, RolloutOutcome, RolloutState, TargetState, WaveState } from '../rollout/state';

/** How a failure was first known. `rollback-begun`: nothing had failed by itself, a person took the rollout back. */
export type FirstKnown = 'target-failed' | 'gate-failed' | 'aborted' | 'rollback-begun';

/** When a failure was first known (ISO 8601), and by what. */
export interface KnownFailure {
  readonly at: string;
  readonly by: FirstKnown;
}

/** What the figures need of one target of a rollout. Times are ISO 8601. */
export interface TargetFacts {
  /** Null: not ended. */
  readonly outcome: Outcome | null;
  /** A target change: the engine began to deploy on it. Neither what turned out unchanged nor what was locked is one. */
  readonly changed: boolean;
  /** The end of its last engine run; null where there was none. */
  readonly endedAt: string | null;
}

/** What the figures need of one rollout. Plain data; times are ISO 8601. */
export interface RolloutFacts {
  /** Ids sort by when their rollouts began. */
  readonly id: string;
  readonly release: string;
  /** The rollout that this one takes back; null for one that goes forward. */
  readonly takesBack: string | null;
  /** Null: it died before it wrote a word. */
  readonly startedAt: string | null;
  /** Null together with `outcome`: it has not ended. */
  readonly endedAt: string | null;
  readonly outcome: RolloutOutcome | null;
  /** The first failure of a target or a gate that was known; null where there was none. */
  readonly failure: KnownFailure | null;
  readonly targets: ReadonlyMap<TargetId, TargetFacts>;
}

/** A journal, replayed. */
export interface ReplayedRollout {
  readonly id: string;
  readonly plan: Pick<RolloutPlan, 'release' | 'rollsBack'>;
  readonly state: RolloutState;
  /** Oldest first. */
  readonly events: readonly RolloutEvent[];
}

/** What the figures need of a rollout, from its replayed journal. Pure. */
export function factsOf({ id, plan, state, events }: ReplayedRollout): RolloutFacts {
  const { startedAt, endedAt, outcome } = state;
  return {
    id,
    release: plan.release,
    takesBack: plan.rollsBack,
    startedAt,
    endedAt,
    outcome,
    failure: firstFailure(state, events),
    targets: new Map([...state.states].map(([target, one]) => [target, targetFacts(one)])),
  };
}

/** Most targets of most rollouts: one object for all of them. */
const unchanged: TargetFacts = { outcome: 'unchanged', changed: false, endedAt: null };

function targetFacts(state: TargetState): TargetFacts {
  if (state.state !== 'done') return { outcome: null, changed: state.attempts > 0, endedAt: null };
  const { outcome, attempts, endedAt } = state;
  if (outcome === 'unchanged' && endedAt === null) return unchanged;
  return { outcome, changed: attempts > 0 && outcome !== 'unchanged' && outcome !== 'blocked', endedAt };
}

function firstFailure({ waveStates, states }: RolloutState, events: readonly RolloutEvent[]): KnownFailure | null {
  // A late answer about a wave that had passed changed nothing, and is no failure.
  const failedWaves = new Set([...waveStates].flatMap(([name, wave]) => (hasFailedGate(wave) ? [name] : [])));
  const tookBack = [...states.values()].some((one) => one.state === 'rolling-back' || (one.state === 'done' && wentBack(one.outcome)));
  for (const event of events) {
    const { at } = event;
    if (event.type === 'target-ended' && event.outcome === 'failed') return { at, by: 'target-failed' };
    if (event.type === 'abort-requested' && tookBack) return { at, by: 'aborted' };
    if (event.type !== 'gate-answered' || event.answer.verdict !== 'fail' || event.about.moment === 'before') continue;
    if (failedWaves.has(event.about.wave)) return { at, by: 'gate-failed' };
  }
  return null;
}

function wentBack(outcome: Outcome): boolean {
  return outcome === 'rolled_back' || outcome === 'rollback_failed';
}

function hasFailedGate(wave: WaveState): boolean {
  if (wave.state === 'running') return wave.failing !== null;
  return (wave.state === 'rolling-back' || wave.state === 'failed') && wave.verdict === 'fail';
}
