import type { TargetId } from '../../contracts/target';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { Changes, TargetError } from '../ports';
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
  readonly counts: Readonly<Record<'total' | Outcome, number>>;
  readonly waves: readonly ReportedWave[];
  readonly targets: readonly ReportedTarget[];
}

/** One wave of a report. `verdict` is its gate's; null where no gate was asked. */
export interface ReportedWave {
  readonly name: string;
  readonly verdict: 'pass' | 'fail' | 'inconclusive' | 'error' | null;
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
export function reportOf(rollout: string, plan: RolloutPlan, state: RolloutState): RolloutReport {
  const targets = plan.targets.map(({ target, accountName, wave }): ReportedTarget => {
    const { id, layer, account, region } = target;
    return { id, layer, account, accountName, region, wave, ...describe(state.states.get(id) ?? { state: 'pending' }) };
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
    counts: { total: targets.length, ...counts },
    waves: state.waves.map(({ name }) => describeWave(name, state.waveStates.get(name) ?? { state: 'waiting' })),
    targets,
  };
}

const none: Changes = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };

function describe(state: TargetState): Omit<ReportedTarget, 'id' | 'layer' | 'account' | 'accountName' | 'region' | 'wave'> {
  switch (state.state) {
    case 'pending':
      return { state: 'pending', outcome: null, attempts: 0, startedAt: null, endedAt: null, changes: none, error: null };
    case 'running':
      return {
        state: 'running',
        outcome: null,
        attempts: state.attempts,
        startedAt: state.startedAt,
        endedAt: null,
        changes: none,
        error: null,
      };
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
    // No gate is asked yet: nothing may look as if alarms had been read.
    verdict: null,
    startedAt: 'startedAt' in state ? state.startedAt : null,
    endedAt: 'endedAt' in state ? state.endedAt : null,
    bakeUntil: 'bakeUntil' in state ? state.bakeUntil : null,
    reason: 'reason' in state ? state.reason : null,
  };
}
