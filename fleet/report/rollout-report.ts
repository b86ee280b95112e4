import type { TargetId } from '../../contracts/target';
import type { PlanPurpose, RolloutPlan } from '../plan/rollout-plan';
import type { Changes, RedAlarm, TargetError, Verdict } from '../ports';
import { waitingFor, type Waiting, type WaitingApprovals } from '../rollout/waiting';
import {
  outcomes,
  type KeptResource,
  type Outcome,
  type RolloutOutcome,
  type RolloutState,
  type TargetState,
  type WaveState,
} from '../rollout/state';

import { nextSteps } from './next-steps';
import { causeOf, type ReportedCause } from './rollout-cause';

/** The report of a rollout, one schema for every verb (DESIGN section 6). Times are ISO 8601 with milliseconds. */
export interface RolloutReport {
  readonly version: 1;
  readonly rollout: string;
  readonly purpose: PlanPurpose;
  readonly release: string;
  readonly plan: string;
  readonly outcome: RolloutOutcome | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** What it waits for, as of the instant asked; null while something runs, and once it has ended. */
  readonly waiting: ReportedWaiting | null;
  /** When what it waits for comes by itself; null where it takes a person, or nothing is waited for. */
  readonly until: string | null;
  /** A controller drives it; false once it has ended, and where the last one has left or died. */
  readonly driven: boolean;
  /** What a person does next, first things first; empty where nothing is to be done. */
  readonly next: readonly string[];
  readonly counts: OutcomeCounts;
  readonly waves: readonly ReportedWave[];
  readonly targets: readonly ReportedTarget[];
  /** What holds data and was kept, of targets that were destroyed. */
  readonly kept: readonly (KeptResource & { readonly target: TargetId })[];
}

/** How many targets there are, and how many ended in each way. */
export type OutcomeCounts = Readonly<Record<'total' | Outcome, number>>;

/** What a rollout waits for, and what a person can do about it. */
export interface ReportedWaiting {
  readonly for: 'person' | 'time';
  readonly wave: string;
  readonly reason: string;
  readonly action: string;
  /** Of whom a wave asks for approval, who has given it, and how many are missing. Absent: one person, whoever it is. */
  readonly approvals?: WaitingApprovals | undefined;
}

/** One wave of a report. `verdict` is its gate's; null where no gate was asked. */
export interface ReportedWave {
  readonly name: string;
  readonly verdict: Verdict | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly bakeUntil: string | null;
  readonly reason: string | null;
  /** Alarms for which its gate failed, of its own targets or of those that stand on them. */
  readonly red: readonly RedAlarm[];
  readonly counts: OutcomeCounts;
}

/** One target of a report. */
export interface ReportedTarget {
  readonly id: TargetId;
  readonly layer: string;
  readonly account: string;
  readonly accountName: string;
  readonly region: string;
  readonly wave: string | null;
  readonly state: TargetState['state'];
  readonly outcome: Outcome | null;
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly changes: Changes;
  readonly error: TargetError | null;
  /** Why it was taken back, or was to be. */
  readonly cause: ReportedCause | null;
}

/** A state at an instant, and whether a controller drives it. */
export interface ReportedMoment {
  readonly state: RolloutState;
  readonly at: string;
  /** @default nobody does */
  readonly driven?: boolean;
}

/** A plan and the state of its rollout to a report. Pure: the same for a running and a finished one. */
export function reportOf(rollout: string, plan: RolloutPlan, { state, at, driven = false }: ReportedMoment): RolloutReport {
  const waiting = waitingFor(state, at);
  const targets = plan.targets.map(({ target, accountName, wave }): ReportedTarget => {
    const { id, layer, account, region } = target;
    const stands = describe(state.states.get(id) ?? { state: 'pending', attempts: 0 });
    return { id, layer, account, accountName, region, wave, ...stands, cause: causeOf(state, id) };
  });
  const report = {
    version: 1,
    rollout,
    purpose: plan.purpose,
    release: plan.release,
    plan: plan.digest,
    outcome: state.outcome,
    startedAt: state.startedAt,
    endedAt: state.endedAt,
    waiting: waiting && {
      for: waiting.kind,
      wave: waiting.wave,
      reason: waiting.reason,
      action: actionFor(waiting, rollout),
      ...approvalsIn(waiting),
    },
    until: waiting?.kind === 'time' ? waiting.until : null,
    driven: driven && state.outcome === null,
    counts: countsOf(targets),
    waves: state.setup.waves.map(({ name }) => ({
      ...describeWave(name, state.waveStates.get(name) ?? { state: 'waiting' }),
      counts: countsOf(targets.filter(({ wave }) => wave === name)),
    })),
    targets,
    kept: plan.targets.flatMap(({ target: { id } }) => keptOf(state.states.get(id)).map((one) => ({ target: id, ...one }))),
  } as const;
  return { ...report, next: nextSteps(report, plan) };
}

/** How a rollout stands in one word, as a person is told it. */
export function standingOf({ outcome, waiting, driven }: Pick<RolloutReport, 'outcome' | 'waiting' | 'driven'>): string {
  if (outcome !== null) return outcome.replace('_', ' ');
  if (waiting !== null) return 'waiting';
  return driven ? 'running' : 'stopped, nobody drives it';
}

function countsOf(targets: readonly ReportedTarget[]): OutcomeCounts {
  const counts = outcomes.map((outcome) => [outcome, targets.filter((target) => target.outcome === outcome).length]);
  return { total: targets.length, ...(Object.fromEntries(counts) as Record<Outcome, number>) };
}

function keptOf(state: TargetState | undefined): readonly KeptResource[] {
  return state?.state === 'done' ? (state.kept ?? []) : [];
}

function approvalsIn(waiting: Waiting): Pick<ReportedWaiting, 'approvals'> {
  return waiting.kind === 'person' && waiting.approvals ? { approvals: waiting.approvals } : {};
}

function actionFor(waiting: Waiting, rollout: string): string {
  if (waiting.kind === 'time') return `fleet resume ${rollout} at ${waiting.until} or later`;
  if (!waiting.approvable) return `fleet resume ${rollout}`;
  const flags = `${waiting.wave}${waiting.red ? ' --accept-red' : ''}`;
  const all = waiting.partOf === undefined ? '' : ` (or --wave ${waiting.partOf}, for all that is left of it)`;
  return `fleet approve ${rollout} --wave ${flags}${all}, then fleet resume ${rollout}`;
}

const none: Changes = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

function describe(state: TargetState): Omit<ReportedTarget, 'id' | 'layer' | 'account' | 'accountName' | 'region' | 'wave' | 'cause'> {
  switch (state.state) {
    case 'pending': {
      const { attempts } = state;
      return { state: 'pending', outcome: null, attempts, startedAt: null, endedAt: null, changes: none, error: null };
    }
    case 'running':
    case 'watching':
    case 'rolling-back': {
      const { attempts, startedAt, changes } = state;
      const error = state.state === 'rolling-back' ? state.error : null;
      return { state: 'running', outcome: null, attempts, startedAt, endedAt: null, changes, error };
    }
    case 'done': {
      const { outcome, attempts, startedAt, endedAt, changes, error } = state;
      return { state: 'done', outcome, attempts, startedAt, endedAt, changes, error };
    }
    default:
      throw new Error(`unknown state ${(state satisfies never as TargetState).state}`);
  }
}

function describeWave(name: string, state: WaveState): Omit<ReportedWave, 'counts'> {
  return {
    name,
    verdict: verdictOf(state),
    startedAt: 'startedAt' in state ? state.startedAt : null,
    endedAt: 'endedAt' in state ? state.endedAt : null,
    bakeUntil: 'bakeUntil' in state ? state.bakeUntil : null,
    reason: reasonOf(state),
    red: redOf(state),
  };
}

function redOf(state: WaveState): readonly RedAlarm[] {
  if ('red' in state) return state.red ?? [];
  if (state.state === 'held') return state.hold.kind === 'red' ? state.hold.red : [];
  return state.state === 'running' ? (state.failing?.red ?? []) : [];
}

function verdictOf(state: WaveState): ReportedWave['verdict'] {
  if ('verdict' in state) return state.verdict;
  if (state.state === 'running' && state.failing !== null) return 'fail';
  if (state.state === 'held') return state.hold.kind === 'red' ? 'fail' : state.hold.kind === 'gate-error' ? 'error' : null;
  return null;
}

function reasonOf(state: WaveState): string | null {
  if ('reason' in state) return state.reason;
  if (state.state === 'held') return state.hold.reason;
  if (state.state === 'running' && state.failing !== null) return state.failing.reason;
  return 'unreadable' in state && state.unreadable !== null ? `its gate cannot be read: ${state.unreadable}` : null;
}
