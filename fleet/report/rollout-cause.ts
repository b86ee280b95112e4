import type { TargetId } from '../../contracts/target';
import type { RedAlarm, TargetError } from '../ports';
import type { RolloutState, TargetState, WaveState } from '../rollout/state';

/** Why a target was taken back, is on its way back, or stays though its wave goes back. */
export interface ReportedCause {
  /** `fleet/aborted`: its version was on trial when somebody ended the rollout. */
  readonly code: 'fleet/gate-failed' | 'fleet/aborted';
  readonly message: string;
  /** The wave whose end it comes from; with `rollback: rollout` often another one than the target's. */
  readonly wave: string;
  /** Its own alarms were red, or its own run had failed; false: it was taken back with others. */
  readonly own: boolean;
  /** Its own alarms that were red. */
  readonly alarms: readonly Omit<RedAlarm, 'target'>[];
}

/** What there is to say of a target that is not as planned. */
interface Troubled {
  readonly outcome: string | null;
  readonly error: TargetError | null;
  readonly cause: ReportedCause | null;
}

/** Why a target goes back, went back, or could not; null for any other. Pure. */
export function causeOf(state: RolloutState, id: TargetId): ReportedCause | null {
  const target = state.states.get(id);
  if (!target || !isTakenBack(target)) return null;
  const found = failedWave(state, id);
  if (!found) return null;
  const { name, wave } = found;
  const alarms = (wave.red ?? []).filter((alarm) => alarm.target === id).map(({ target: _, ...alarm }) => alarm);
  return {
    code: wave.verdict === 'fail' ? 'fleet/gate-failed' : 'fleet/aborted',
    message: alarms.length > 0 ? wereRed(alarms) : `taken back with wave ${name}: ${wave.reason}`,
    wave: name,
    own: alarms.length > 0 || failedByItself(target),
    alarms,
  };
}

/** What is told where a failure's error is: the error, the cause of a rollback, or both. */
export function whyOf({ error, cause }: Troubled): TargetError | null {
  if (cause === null) return error;
  if (error === null) return { code: cause.code, message: cause.message, resource: null };
  return error.code === STAYS ? error : { ...error, message: `${error.message}; ${cause.message}` };
}

/** Targets in the order in which somebody should look at them: what failed by itself, what went back with it, what waited for it, the rest. */
export function guiltyFirst<One extends Troubled>(targets: readonly One[]): readonly One[] {
  const rank = ({ outcome, error, cause }: Troubled): number => {
    if (outcome === 'rollback_failed' || cause?.own === true) return 0;
    if (cause !== null) return 1;
    if (outcome === 'failed' || outcome === 'blocked') return 0;
    return outcome === 'skipped' && error !== null ? 2 : 3;
  };
  return [...targets].sort((left, right) => rank(left) - rank(right));
}

/** Its gate failed, and there is nothing to go back to. */
const STAYS = 'fleet/no-good';

function isTakenBack(target: TargetState): boolean {
  if (target.state === 'rolling-back') return true;
  if (target.state !== 'done') return false;
  return target.outcome === 'rolled_back' || target.outcome === 'rollback_failed' || target.error?.code === STAYS;
}

type BrokenWave = Extract<WaveState, { readonly state: 'rolling-back' | 'failed' }>;

/** The target's own wave, where that failed; else the one whose gate did. */
function failedWave({ setup, waveStates }: RolloutState, id: TargetId): { readonly name: string; readonly wave: BrokenWave } | undefined {
  const broken = setup.waves.flatMap(({ name }) => {
    const wave = waveStates.get(name);
    return wave?.state === 'rolling-back' || wave?.state === 'failed' ? [{ name, wave }] : [];
  });
  return broken.find(({ name }) => name === setup.targets.get(id)?.wave) ?? broken.find(({ wave }) => wave.verdict === 'fail');
}

/** What could not go back has the error of its way back, which says nothing of the way forward. */
function failedByItself(target: TargetState): boolean {
  if (target.state === 'rolling-back') return target.error !== null;
  return target.state === 'done' && target.outcome === 'rolled_back' && target.error !== null;
}

function wereRed(alarms: ReportedCause['alarms']): string {
  const [since] = alarms.flatMap((alarm) => alarm.since ?? []).sort();
  const names = alarms.map(({ alarm, cleared }) => `${alarm}${cleared ? ' (cleared)' : ''}`);
  return `its ${alarms.length === 1 ? 'alarm' : 'alarms'} ${names.join(', ')} ${alarms.length === 1 ? 'was' : 'were'} red${since === undefined ? '' : ` since ${since}`}`;
}
