import type { TargetId } from '../../contracts/target';
import type { Dependency, EffectiveLimits } from '../plan/rollout-plan';
import type { Stage } from '../../contracts/layers';
import type { Changes, TargetError } from '../ports';

/** The one terminal state of a target (DESIGN section 2). */
export type Outcome = 'succeeded' | 'unchanged' | 'failed' | 'skipped' | 'cancelled' | 'blocked' | 'rolled_back' | 'rollback_failed';

/** Every outcome, in the order reports count them. */
export const outcomes: readonly Outcome[] = [
  'succeeded',
  'unchanged',
  'failed',
  'skipped',
  'cancelled',
  'blocked',
  'rolled_back',
  'rollback_failed',
];

/** Where a target stands. Times are ISO 8601. */
export type TargetState =
  | { readonly state: 'pending' }
  | { readonly state: 'running'; readonly attempts: number; readonly startedAt: string }
  | {
      readonly state: 'done';
      readonly outcome: Outcome;
      /** Engine runs; none for a target that was not started or turned out unchanged. */
      readonly attempts: number;
      readonly startedAt: string | null;
      readonly endedAt: string | null;
      readonly changes: Changes;
      readonly error: TargetError | null;
    };

/** What the core needs to know of a target; the rest of a plan is none of its business. */
export interface CoreTarget {
  readonly id: TargetId;
  readonly account: string;
  readonly region: string;
  /** Null: planned unchanged. */
  readonly wave: string | null;
  readonly dependencies: readonly Dependency[];
}

/** What the core needs to know of a wave. */
export interface CoreWave {
  readonly name: string;
  readonly stage: Stage;
  readonly targets: readonly TargetId[];
  readonly limits: EffectiveLimits;
  readonly bakeSeconds: number;
}

/** Where a wave stands. */
export type WaveState =
  | { readonly state: 'waiting' }
  | { readonly state: 'running'; readonly startedAt: string }
  | { readonly state: 'baking'; readonly startedAt: string; readonly bakeUntil: string }
  | { readonly state: 'passed'; readonly startedAt: string; readonly endedAt: string; readonly bakeUntil: string | null }
  | { readonly state: 'stopped'; readonly startedAt: string; readonly endedAt: string; readonly reason: string }
  /** Nothing in it was started. */
  | { readonly state: 'cancelled'; readonly reason: string };

/** How a rollout ended. */
export type RolloutOutcome = 'succeeded' | 'failed' | 'rolled_back' | 'rollback_failed' | 'aborted';

/** The whole state of a rollout. Plain data: a journal's events give it again. */
export interface RolloutState {
  readonly targets: ReadonlyMap<TargetId, CoreTarget>;
  readonly waves: readonly CoreWave[];
  readonly limits: EffectiveLimits;
  readonly states: ReadonlyMap<TargetId, TargetState>;
  readonly waveStates: ReadonlyMap<string, WaveState>;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly outcome: RolloutOutcome | null;
  /** Why no further target starts (trailing waves excepted, unless aborted); null while all is well. */
  readonly halted: { readonly kind: 'tolerance' | 'aborted'; readonly reason: string } | null;
}

/** What happened. `at` is ISO 8601. */
export type RolloutEvent =
  | { readonly type: 'begun'; readonly at: string }
  | {
      readonly type: 'target-ended';
      readonly at: string;
      readonly target: TargetId;
      readonly outcome: 'succeeded' | 'unchanged' | 'failed';
      readonly engineRuns: number;
      readonly changes: Changes;
      readonly error: TargetError | null;
    }
  | { readonly type: 'bake-over'; readonly at: string; readonly wave: string }
  | { readonly type: 'abort-requested'; readonly at: string; readonly reason: string };

/** What is to be done. */
export type RolloutCommand =
  | { readonly type: 'run-target'; readonly target: TargetId; readonly wave: string; readonly attempt: number }
  | { readonly type: 'begin-wave'; readonly wave: string; readonly targets: number }
  | { readonly type: 'bake'; readonly wave: string; readonly until: string }
  | { readonly type: 'end-wave'; readonly wave: string; readonly state: WaveState }
  | { readonly type: 'finish'; readonly outcome: RolloutOutcome };
