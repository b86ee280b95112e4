import type { Stage } from '../../contracts/layers';
import type { TargetId } from '../../contracts/target';
import type { Approvers, Dependency, EffectiveLimits, PlannedTraffic, Windows } from '../plan/rollout-plan';
import type { Changes, GateAnswer, RedAlarm, TargetError, Verdict } from '../ports';

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

/** How a target ended, or last ended before it is rolled back. Times are ISO 8601. */
export interface DoneTarget {
  readonly state: 'done';
  readonly outcome: Outcome;
  /** Engine runs; none for a target that was not started or turned out unchanged. */
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly changes: Changes;
  readonly error: TargetError | null;
  /** What holds data and stands still, of a target that was destroyed. @default nothing */
  readonly kept?: readonly KeptResource[];
}

/** A resource that a destroy kept, since it holds data. */
export interface KeptResource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
}

/** A new version takes a share of the orders, and no slot is held. */
export interface WatchingTarget {
  readonly state: 'watching';
  readonly attempts: number;
  readonly startedAt: string;
  /** When the shift was done, and until when it is watched. */
  readonly since: string;
  readonly until: string;
  readonly changes: Changes;
  /**
   * `asked`: time is up and the gate was asked; `undecided`: it neither passed nor failed, a person decides, or the gate answers otherwise;
   * `passed`: it may take all orders as soon as there is a slot.
   */
  readonly watch: 'open' | 'asked' | 'undecided' | 'passed';
}

/** What an engine run is for. `shift` puts a new version on trial, `finish` gives it all the orders, `full` does both at once. */
export type RunPhase = 'full' | 'shift' | 'finish';

/** A target's run, under way as far as anybody knows. */
export interface RunningTarget {
  readonly state: 'running';
  readonly phase: RunPhase;
  readonly attempts: number;
  readonly startedAt: string;
  /** What earlier phases changed. */
  readonly changes: Changes;
}

/** A target on its way back to what was good when the rollout began. */
export interface RollingBackTarget {
  readonly state: 'rolling-back';
  /** `held`: its way back cannot be undone, a person must approve it. */
  readonly step: 'held' | 'pending' | 'running';
  readonly attempts: number;
  readonly startedAt: string;
  readonly changes: Changes;
  readonly error: TargetError | null;
}

/** Where a target stands. */
export type TargetState =
  /** Attempts that were lost with their controller count. */
  { readonly state: 'pending'; readonly attempts: number } | RunningTarget | WatchingTarget | RollingBackTarget | DoneTarget;

/** What the core needs to know of a target; the rest of a plan is none of its business. */
export interface CoreTarget {
  readonly id: TargetId;
  readonly account: string;
  readonly region: string;
  /** Null: planned unchanged, or blocked. */
  readonly wave: string | null;
  /** Why the plan leaves it as it is though it would change; null: it does not. */
  readonly blocked: string | null;
  /** What a blocked one ends with. @default `fleet/blocked` */
  readonly blockedCode?: 'fleet/restore-first';
  readonly dependencies: readonly Dependency[];
  /** Something stands there already that an `up` could destroy: it is previewed before its wave. */
  readonly deployed: boolean;
  /** There is a release to go back to. */
  readonly hasGood: boolean;
  /** That release and its settings are what it gets: nothing but the same again could be gone back to. */
  readonly noWayBack: boolean;
  /** A person must approve its change, whatever a preview finds. */
  readonly asksPerson: boolean;
  /** Its traffic is shifted, where a new version comes of it. */
  readonly shifts: boolean;
  /** It is destroyed: once it is gone nothing of it is good. */
  readonly destroys: boolean;
}

/** What the core needs to know of a wave. */
export interface CoreWave {
  readonly name: string;
  readonly group: string;
  readonly stage: Stage;
  readonly targets: readonly TargetId[];
  readonly limits: EffectiveLimits;
  readonly bakeSeconds: number;
  readonly gated: boolean;
  readonly approval: boolean;
  readonly approvers?: Approvers | undefined;
  readonly traffic: PlannedTraffic | null;
}

/** Why a wave does not start until a person acts, or a gate answers otherwise. */
export type Hold =
  /** The plan asks for a person. */
  | { readonly kind: 'approval'; readonly reason: string }
  | { readonly kind: 'irreversible'; readonly reason: string; readonly steps: readonly IrreversibleStep[] }
  | { readonly kind: 'red'; readonly reason: string; readonly red: readonly RedAlarm[] }
  | { readonly kind: 'gate-error'; readonly reason: string };

/** The type of an {@link IrreversibleStep} that is a secret's change: its URN is the variable. */
export const SECRET_VARIABLE = 'secret variable';

/** An operation that cannot be undone, found by preview. */
export interface IrreversibleStep {
  readonly target: TargetId;
  readonly op: string;
  readonly type: string;
  readonly urn: string;
}

interface Started {
  readonly startedAt: string;
  readonly bakeUntil: string | null;
}

interface Broken {
  readonly verdict: Verdict | null;
  readonly reason: string;
  /** Alarms for which its gate failed; absent where no gate did. */
  readonly red?: readonly RedAlarm[];
}

/** Where a wave stands. Instants are ISO 8601. */
export type WaveState =
  /** `opened`: approved and previewed already, but it may not start yet; its gate is asked again once it may. */
  | { readonly state: 'waiting'; readonly opened?: true }
  | { readonly state: 'held'; readonly hold: Hold; readonly since: string }
  | { readonly state: 'previewing' }
  /** Its gate was asked whether it may start. */
  | { readonly state: 'asking' }
  | (Started & {
      readonly state: 'running';
      /** The gate cannot be read: nothing further starts until it can. */
      readonly unreadable: string | null;
      /** Its gate failed: what runs is let finish, then it is rolled back. */
      readonly failing: GateAnswer | null;
    })
  | (Started & { readonly state: 'baking'; readonly bakeUntil: string; readonly unreadable: string | null })
  /** Its gate was asked for the last word. */
  | (Started & { readonly state: 'judging' })
  /** The last word was neither pass nor fail: a person decides, or the gate answers otherwise. */
  | (Started & { readonly state: 'undecided'; readonly verdict: 'inconclusive' | 'error'; readonly reason: string; readonly since: string })
  | (Started & Broken & { readonly state: 'rolling-back' })
  | (Started & {
      readonly state: 'passed';
      readonly endedAt: string;
      /** Null: no gate was asked. Otherwise than `pass`: a person accepted it. */
      readonly verdict: Verdict | null;
      readonly reason: string | null;
    })
  | (Started & Broken & { readonly state: 'failed'; readonly endedAt: string })
  /** Nothing in it was started. */
  | { readonly state: 'cancelled'; readonly reason: string };

/** How a rollout ended. */
export type RolloutOutcome = 'succeeded' | 'failed' | 'rolled_back' | 'rollback_failed' | 'aborted';

/** What a person approved. `start`: the plan's own demand; `undecided`: a gate that did not pass counts as passed. */
export type ApprovalSubject = 'start' | 'irreversible' | 'red' | 'gate-error' | 'undecided' | 'rollback';

/** A recorded approval: good until it expires, for one thing, once. */
export interface Approval {
  /** The sub-wave; of a start also the configured wave: then each of its sub-waves, once. Nothing else is meant by it. */
  readonly wave: string;
  readonly subject: ApprovalSubject;
  readonly by: string;
  readonly at: string;
  readonly expiresAt: string;
}

/** Limits that an operator set while a rollout runs; absent ones stay as planned. */
export type LimitChange = Partial<Pick<EffectiveLimits, 'maxConcurrent' | 'perAccount' | 'perRegion' | 'failureTolerance'>>;

/** What a rollout starts from. Plain data, made from a plan and the records as they were. */
export interface RolloutSetup {
  readonly targets: ReadonlyMap<TargetId, CoreTarget>;
  readonly waves: readonly CoreWave[];
  readonly limits: EffectiveLimits;
  readonly rollback: 'target' | 'wave' | 'rollout';
  readonly windows: Windows | null;
}

/** Why no further target starts; trailing waves excepted, unless aborted. */
export interface Halt {
  readonly kind: 'tolerance' | 'gate' | 'aborted';
  readonly reason: string;
}

/** The whole state of a rollout. Plain data: a journal's events give it again. */
export interface RolloutState {
  readonly setup: RolloutSetup;
  readonly states: ReadonlyMap<TargetId, TargetState>;
  readonly waveStates: ReadonlyMap<string, WaveState>;
  readonly startedAt: string | null;
  /** Who began it; null: nobody did yet, or nobody knows. */
  readonly requester: string | null;
  readonly endedAt: string | null;
  readonly outcome: RolloutOutcome | null;
  readonly halted: Halt | null;
  readonly paused: { readonly by: string; readonly at: string } | null;
  /** Not used yet; oldest first. */
  readonly approvals: readonly Approval[];
  /** All that were ever given, for the record. */
  readonly approved: readonly Approval[];
  /** Red alarms that a person accepted, by wave. */
  readonly accepted: ReadonlyMap<string, readonly RedAlarm[]>;
  /** Targets with operations that cannot be undone: their way back needs approval, too. */
  readonly irreversible: ReadonlySet<TargetId>;
  readonly limitChange: LimitChange;
  /** Why nothing may be deployed to a target any more, as was told last. */
  readonly departed: ReadonlyMap<TargetId, string>;
}

/** A target that nothing may be deployed to any more. */
export interface DepartedTarget {
  readonly target: TargetId;
  readonly reason: string;
}

/** Which question a gate answered. */
export type GateAbout =
  /** `before`: may it start; `during`: it runs or bakes; `end`: the last word. */
  | { readonly moment: 'before' | 'during' | 'end'; readonly wave: string }
  /** The version on trial in one target. */
  | { readonly moment: 'watch'; readonly wave: string; readonly target: TargetId };

/** What happened. `at` is ISO 8601. `message` is the id of the inbox message that brought it. */
export type RolloutEvent =
  /** `by`: who began it, whose own approval does not count where a wave says whose does. @default nobody knows */
  | { readonly type: 'begun'; readonly at: string; readonly by?: string | undefined }
  /** Time has passed: deadlines and windows are looked at. */
  | { readonly type: 'tick'; readonly at: string }
  | {
      readonly type: 'wave-previewed';
      readonly at: string;
      readonly wave: string;
      readonly irreversible: readonly IrreversibleStep[];
      /** Could not be previewed: not started, since nobody knows what it would do. */
      readonly failed: readonly { readonly target: TargetId; readonly error: TargetError }[];
    }
  | { readonly type: 'gate-answered'; readonly at: string; readonly about: GateAbout; readonly answer: GateAnswer }
  | {
      readonly type: 'target-ended';
      readonly at: string;
      readonly target: TargetId;
      readonly outcome: 'succeeded' | 'unchanged' | 'failed' | 'blocked';
      /** 0: it turned out unchanged. */
      readonly engineRuns: 0 | 1;
      readonly changes: Changes;
      readonly error: TargetError | null;
      readonly kept?: readonly KeptResource[];
    }
  /** Its new version is on trial. */
  | { readonly type: 'target-shifted'; readonly at: string; readonly target: TargetId; readonly changes: Changes }
  /** The run ended with its controller, or was cut short by a second Ctrl-C: it is run again. `ran`: the engine had begun. */
  | { readonly type: 'attempt-lost'; readonly at: string; readonly target: TargetId; readonly ran: boolean; readonly reason: string }
  | {
      readonly type: 'rollback-ended';
      readonly at: string;
      readonly target: TargetId;
      readonly outcome: 'rolled_back' | 'rollback_failed';
      readonly changes: Changes;
      readonly error: TargetError | null;
    }
  | { readonly type: 'approved'; readonly at: string; readonly approval: Approval; readonly message: string | null }
  | { readonly type: 'paused' | 'resumed'; readonly at: string; readonly by: string; readonly message: string | null }
  | { readonly type: 'abort-requested'; readonly at: string; readonly by: string; readonly reason: string; readonly message: string | null }
  | { readonly type: 'limits-set'; readonly at: string; readonly by: string; readonly limits: LimitChange; readonly message: string | null }
  /** To these targets, and no others, nothing may be deployed any more: of them, what was not begun ends blocked, and no gate asks what stands. */
  | { readonly type: 'targets-departed'; readonly at: string; readonly departed: readonly DepartedTarget[] }
  /** A request that did nothing, so that nobody looks at it again. */
  | { readonly type: 'request-refused'; readonly at: string; readonly by: string; readonly reason: string; readonly message: string };

/** What is to be done. */
export type RolloutCommand =
  | { readonly type: 'preview-wave'; readonly wave: string; readonly targets: readonly TargetId[] }
  | { readonly type: 'ask-gate'; readonly about: GateAbout }
  | { readonly type: 'run-target'; readonly target: TargetId; readonly wave: string; readonly attempt: number; readonly phase: RunPhase }
  | { readonly type: 'roll-back'; readonly target: TargetId; readonly attempt: number }
  /** These targets' deployments are good now. */
  | { readonly type: 'promote'; readonly wave: string; readonly targets: readonly TargetId[] }
  | { readonly type: 'begin-wave'; readonly wave: string; readonly targets: number }
  | { readonly type: 'hold-wave'; readonly wave: string; readonly hold: Hold }
  | { readonly type: 'bake'; readonly wave: string; readonly until: string }
  | { readonly type: 'undecided-wave'; readonly wave: string; readonly verdict: Verdict; readonly reason: string }
  | { readonly type: 'begin-rollback'; readonly wave: string; readonly targets: number; readonly reason: string }
  | { readonly type: 'end-wave'; readonly wave: string; readonly state: WaveState }
  | { readonly type: 'finish'; readonly outcome: RolloutOutcome };
