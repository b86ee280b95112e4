import { addSeconds } from '../../contracts/duration';
import { targetSchema, type TargetId } from '../../contracts/target';
import type { PlannedWave } from '../plan/rollout-plan';
import type { TargetRecords } from '../plan/target-record';
import type { GateQuestion, GateTarget } from '../ports';

import type { GateAbout, RolloutState } from './state';

/** What a question is made of. */
export interface GateContext {
  readonly wave: PlannedWave;
  readonly state: RolloutState;
  readonly records: TargetRecords;
  /** Targets that are brought back to what was good already. */
  readonly repairs: ReadonlySet<TargetId>;
}

/** What a gate is asked about a moment of a wave. Null: there is nothing to ask about. Pure. */
export function gateQuestion(about: GateAbout, context: GateContext): GateQuestion | null {
  const { wave, state, records, repairs } = context;
  const accepted = state.accepted.get(wave.name) ?? [];
  const question = (targets: readonly (GateTarget | null)[], demand: GateQuestion['demand']): GateQuestion | null => {
    const known = targets.filter((target) => target !== null);
    const { minOrders, countSynthetic } = wave;
    return known.length === 0 ? null : { demand, targets: known, minOrders, countSynthetic, accepted };
  };
  switch (about.moment) {
    case 'before':
      return question(
        // What drifted is often what makes them red, and they are what is repaired; of what left nobody can tell.
        wave.watches
          .filter((id) => !repairs.has(id) && !state.departed.has(id))
          .map((id) => gateTarget(id, { records, alarmsSince: null, ordersSince: null })),
        'not-red',
      );
    case 'during':
      return question(watched(context, { ordersSince: null, redBefore: 'may-stand' }), 'not-red');
    case 'watch': {
      const target = state.states.get(about.target);
      const since = target?.state === 'watching' ? target.since : null;
      const asked = question([gateTarget(about.target, { records, alarmsSince: since, ordersSince: since })], 'healthy');
      // What the whole wave must have taken is no measure for one target.
      return asked && { ...asked, minOrders: Math.min(1, wave.minOrders) };
    }
    case 'end': {
      const waveState = state.waveStates.get(wave.name);
      const until = waveState !== undefined && 'bakeUntil' in waveState ? waveState.bakeUntil : null;
      // Without a bake there was no time for data to come: then only what is red speaks against a wave.
      if (until === null) return question(watched(context, { ordersSince: null, redBefore: 'must-clear' }), 'not-red');
      return question(watched(context, { ordersSince: addSeconds(until, -wave.bakeSeconds), redBefore: 'must-clear' }), 'healthy');
    }
    default:
      throw new Error(`unknown moment ${(about satisfies never as GateAbout).moment}`);
  }
}

type About = Pick<GateTarget, 'alarmsSince' | 'ordersSince'> & Partial<Pick<GateTarget, 'redBefore'>>;

/** The wave's own targets that stand on the new release; for a leading layer those that stand on it. */
function watched(
  { wave, state, records, repairs }: GateContext,
  { ordersSince, redBefore }: Pick<GateTarget, 'ordersSince' | 'redBefore'>,
): readonly (GateTarget | null)[] {
  const own = new Set(wave.targets);
  const waveState = state.waveStates.get(wave.name);
  const waveStart = waveState !== undefined && 'startedAt' in waveState ? waveState.startedAt : null;
  return wave.watches.map((id) => {
    if (!own.has(id) && state.departed.has(id)) return null;
    if (!own.has(id)) return gateTarget(id, { records, alarmsSince: waveStart, ordersSince });
    const target = state.states.get(id);
    if (target?.state === 'watching') return gateTarget(id, { records, alarmsSince: target.startedAt, ordersSince });
    if (target?.state !== 'done' || target.outcome !== 'succeeded') return null;
    // Half of a new target, or a drifted one, may have stood for hours with alarms over that: what counts is since it is whole.
    if (repairs.has(id) || wasCutShort(id, state)) return gateTarget(id, { records, alarmsSince: target.endedAt, redBefore, ordersSince });
    return gateTarget(id, { records, alarmsSince: target.startedAt, ordersSince });
  });
}

/** Its first deployment took more than one attempt, in this rollout or since an earlier one. */
function wasCutShort(id: TargetId, { setup, states }: RolloutState): boolean {
  const [target, state] = [setup.targets.get(id), states.get(id)];
  return target?.hasGood === false && (target.deployed || (state?.state === 'done' && state.attempts > 1));
}

/** Null where nothing is deployed: no alarm of it can speak. */
function gateTarget(
  id: TargetId,
  { records, redBefore = 'counts', ...since }: About & { readonly records: TargetRecords },
): GateTarget | null {
  const record = records.get(id);
  if (!record?.current) return null;
  // A deployment that stopped half way may lack alarms that its record names, and none speaks for it yet.
  if (record.health === null && record.good === null) return null;
  return { target: targetSchema.parse(id), health: record.health, redBefore, ...since };
}
