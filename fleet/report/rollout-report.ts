import type { TargetId } from '../../contracts/target';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { Changes, TargetError, Verdict } from '../ports';
import { waitingFor, type Waiting } from '../rollout/waiting';
import { outcomes, type Outcome, type RolloutOutcome, type RolloutState, type TargetState, type WaveState } from '../rollout/state';

/** The report of a rollout, one schema for every verb (DESIGN section 6). Times are ISO 8601 with milliseconds. */
export interface RolloutReport {
  readonly version: 1;
  readonly rollout: string;
  readonly release: string;
  readonly plan: string;
  readonly outcome: RolloutOutcome | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** What it waits for, as of the instant asked; null while something runs, and once it has ended. */
  readonly waiting: ReportedWaiting | null;
  /** When what it waits for comes by itself; null where it takes a person, or nothing is waited for. */
  readonly until: string | null;
  readonly counts: Readonly<Record<'total' | Outcome, number>>;
  readonly waves: readonly ReportedWave[];
  readonly targets: readonly ReportedTarget[];
}

/** What a rollout waits for, and what a person can do about it. */
export interface ReportedWaiting {
  readonly for: 'person' | 'time';
  readonly wave: string;
  readonly reason: string;
  readonly action: string;
}

/** One wave of a report. `verdict` is its gate's; null where no gate was asked. */
export interface ReportedWave {
  readonly name: string;
  readonly verdict: Verdict | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly bakeUntil: string | null;
  readonly reason: string | null;
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
}

/** A plan and the state of its rollout to a report. Pure: the same for a running and a finished one. */
export function reportOf(
  rollout: string,
  plan: RolloutPlan,
  { state, at }: { readonly state: RolloutState; readonly at: string },
): RolloutReport {
  const waiting = waitingFor(state, at);
  const targets = plan.targets.map(({ target, accountName, wave }): ReportedTarget => {
    const { id, layer, account, region } = target;
    return { id, layer, account, accountName, region, wave, ...describe(state.states.get(id) ?? { state: 'pending', attempts: 0 }) };
  });
  const counts = Object.fromEntries(
    outcomes.map((outcome) => [outcome, targets.filter((target) => target.outcome === outcome).length]),
  ) as Record<Outcome, number>;
  return {
    version: 1,
    rollout,
    release: plan.release,
    plan: plan.digest,
    outcome: state.outcome,
    startedAt: state.startedAt,
    endedAt: state.endedAt,
    waiting: waiting && { for: waiting.kind, wave: waiting.wave, reason: waiting.reason, action: actionFor(waiting, rollout) },
    until: waiting?.kind === 'time' ? waiting.until : null,
    counts: { total: targets.length, ...counts },
    waves: state.setup.waves.map(({ name }) => describeWave(name, state.waveStates.get(name) ?? { state: 'waiting' })),
    targets,
  };
}

function actionFor(waiting: Waiting, rollout: string): string {
  if (waiting.kind === 'time') return `fleet resume ${rollout} at ${waiting.until} or later`;
  if (!waiting.approvable) return `fleet resume ${rollout}`;
  const flags = `${waiting.wave}${waiting.red ? ' --accept-red' : ''}`;
  const all = waiting.partOf === undefined ? '' : ` (or --wave ${waiting.partOf}, for all that is left of it)`;
  return `fleet approve ${rollout} --wave ${flags}${all}, then fleet resume ${rollout}`;
}

const none: Changes = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

function describe(state: TargetState): Omit<ReportedTarget, 'id' | 'layer' | 'account' | 'accountName' | 'region' | 'wave'> {
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

function describeWave(name: string, state: WaveState): ReportedWave {
  return {
    name,
    verdict: verdictOf(state),
    startedAt: 'startedAt' in state ? state.startedAt : null,
    endedAt: 'endedAt' in state ? state.endedAt : null,
    bakeUntil: 'bakeUntil' in state ? state.bakeUntil : null,
    reason: reasonOf(state),
  };
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
