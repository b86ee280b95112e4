import type { TargetId } from '../../contracts/target';
import type { PlannedTarget, PlannedWave } from '../../fleet/plan/rollout-plan';
import type { LimitChange } from '../../fleet/rollout/state';

/** What a journal tells of a target so far. */
export interface TargetStory {
  status: 'pending' | 'watching' | 'done' | 'going-back';
  outcome: 'succeeded' | 'unchanged' | 'failed' | 'blocked' | 'rolled_back' | 'rollback_failed' | null;
  /** A begin was written down and no end since. */
  run: 'forward' | 'finish' | 'rollback' | null;
  everBegun: boolean;
  /** Begins that an engine may have heard of. */
  attempts: number;
  /** This rollout may have changed something in it. */
  touched: boolean;
  /** Failed after it was begun; preview failures never were. */
  failedRuns: number;
  watchUntil: string | null;
  watch: 'open' | 'undecided' | 'passed';
  watchReached: boolean;
}

/** What a journal tells of a wave so far. */
export interface WaveStory {
  /** Its turn has come while nothing held starts back. */
  reached: boolean;
  approved: boolean;
  irreversible: 'none' | 'asked' | 'approved';
  preGate: 'unasked' | 'red' | 'error' | 'open';
  settledAt: string | null;
  bakeReached: boolean;
  judged: 'no' | 'undecided' | 'passed';
}

/** Everything that decides whether something may start, after one event. */
export interface Moment {
  readonly at: string;
  readonly paused: boolean;
  readonly windowOpen: boolean;
  readonly aborted: boolean;
  /** Starts of waves that go forward are over. */
  readonly stopped: 'gate' | 'tolerance' | 'aborted' | null;
  readonly limits: LimitChange;
  readonly inFlight: ReadonlySet<TargetId>;
  readonly watching: ReadonlySet<TargetId>;
  readonly watchPassed: ReadonlySet<TargetId>;
  readonly failures: ReadonlyMap<string, number>;
  readonly passed: ReadonlySet<string>;
  readonly cleared: ReadonlySet<string>;
  readonly approved: ReadonlySet<string>;
  readonly waitsForIrreversible: ReadonlySet<string>;
  /** Done, never to be run forward again: by a run, or for want of something else. */
  readonly over: ReadonlySet<TargetId>;
}

/** A target of which nothing is told yet. */
export function targetStory({ wave, blocked }: Pick<PlannedTarget, 'wave' | 'blocked'>): TargetStory {
  return {
    status: wave === null ? 'done' : 'pending',
    outcome: blocked !== undefined ? 'blocked' : wave === null ? 'unchanged' : null,
    ...{ run: null, everBegun: false, attempts: 0, touched: false, failedRuns: 0, watchUntil: null, watch: 'open', watchReached: false },
  };
}

/** A wave of which nothing is told yet. */
export function waveStory({ approval, gated }: Pick<PlannedWave, 'approval' | 'gated'>): WaveStory {
  return {
    ...{ reached: false, approved: !approval, irreversible: 'none', settledAt: null, bakeReached: false, judged: 'no' },
    preGate: gated ? 'unasked' : 'open',
  };
}

/** S20: what nothing may be deployed to any more, and of which nothing was begun, has ended. */
export function endDeparted(departed: readonly TargetId[], targets: ReadonlyMap<TargetId, TargetStory>): void {
  for (const id of departed) {
    const story = targets.get(id);
    if (story?.status === 'pending' && story.run === null && story.attempts === 0)
      Object.assign(story, { status: 'done', outcome: 'blocked' });
  }
}
