import type { TargetId } from '../../contracts/target';

import type { Draft } from './draft';
import { hasRoom } from './start-targets';
import type { CoreWave, TargetState, WaveState } from './state';

type Running = Extract<WaveState, { readonly state: 'running' }>;

/**
 * Sends a failed wave's targets on their way back, as far as the plan's scope goes. Without a release to go back to, a target is never
 * destroyed: it ends failed and stays as it is. An aborted wave takes back only what is on trial.
 */
export function beginRollback(draft: Draft, wave: CoreWave, { current, at }: { readonly current: Running; readonly at: string }): null {
  const { startedAt, bakeUntil, failing } = current;
  const reason = failing?.reason ?? draft.halted?.reason ?? '';
  const targets = inScope(draft, wave, failing === null ? 'trials' : scopeOf(draft, wave, current));
  for (const id of targets) sendBack(draft, id, { reason, at });
  const why = failing === null ? { verdict: null, reason } : { verdict: 'fail' as const, reason, red: failing.red };
  draft.setWave(wave.name, { state: 'rolling-back', startedAt, bakeUntil, ...why });
  const goingBack = targets.filter((id) => draft.stateOf(id).state === 'rolling-back').length;
  if (goingBack > 0) draft.commands.push({ type: 'begin-rollback', wave: wave.name, targets: goingBack, reason });
  return null;
}

/** Goes on with a rollback: the latest wave's targets first, the last of them first. True once all are back, or cannot be brought back. */
export function advanceRollback(
  draft: Draft,
  wave: CoreWave,
  { current, at }: { readonly current: Extract<WaveState, { readonly state: 'rolling-back' }>; readonly at: string },
): boolean | null {
  if (draft.useApproval(wave.name, 'rollback', at)) letGo(draft);
  const groups = [...draft.waves].reverse().map((one) => one.targets.filter((id) => isGoingBack(draft.stateOf(id))));
  const group = groups.find((ids) => ids.length > 0);
  if (group) {
    // What stands above goes first.
    const needed = new Set(group.flatMap((id) => draft.target(id).dependencies.map((upstream) => upstream.target)));
    for (const id of [...group].reverse()) if (!needed.has(id)) startBack(draft, wave, id);
    return false;
  }
  if ([...draft.states.values()].some((state) => state.state === 'rolling-back')) return false; // Held: a person must say yes.
  draft.endWave(wave.name, { ...current, state: 'failed', endedAt: at });
  return null;
}

function scopeOf(draft: Draft, wave: CoreWave, { failing }: Running): 'wave' | 'rollout' | ReadonlySet<TargetId> {
  if (draft.rest.setup.rollback !== 'target') return draft.rest.setup.rollback;
  const ill = new Set(failing?.red.map((alarm) => alarm.target) ?? []);
  // A foundation is judged by the targets that stand on it: then the wave itself is what made them ill.
  return wave.targets.some((id) => ill.has(id)) ? ill : 'wave';
}

function inScope(draft: Draft, wave: CoreWave, scope: 'trials' | 'wave' | 'rollout' | ReadonlySet<TargetId>): readonly TargetId[] {
  const onTrial = (id: TargetId) => draft.stateOf(id).state === 'watching';
  if (scope === 'trials') return wave.targets.filter(onTrial);
  if (scope === 'wave') return wave.targets.filter((id) => mayHaveChanged(draft.stateOf(id)));
  if (scope === 'rollout')
    return draft.waves
      .filter((one) => one.stage !== 'trailing')
      .flatMap((one) => one.targets)
      .filter((id) => mayHaveChanged(draft.stateOf(id)));
  // What is on trial beside the ill ones is not proven, and cannot stay half way.
  return wave.targets.filter((id) => onTrial(id) || (scope.has(id) && mayHaveChanged(draft.stateOf(id))));
}

/**
 * Failures that engines tell of before they have touched anything. What is not here may have changed something: words alone do not tell how far
 * a run had come, and a code that comes later is unknown until somebody has looked.
 */
const BEFORE_ANYTHING: readonly string[] = [
  'pulumi/locked',
  'pulumi/wrong-passphrase',
  'aws/wrong-account',
  'user/backend-of-another-fleet',
  'user/release-incomplete',
  'user/release-damaged',
  'user/release-invalid',
];

/** Whether this rollout may have changed something there. */
function mayHaveChanged(state: TargetState): boolean {
  if (state.state === 'watching') return true;
  if (state.state !== 'done' || state.attempts === 0) return false;
  if (state.outcome === 'succeeded') return true;
  if (state.outcome !== 'failed' && state.outcome !== 'blocked') return false;
  const { attempts, changes, error } = state;
  // Of more than one attempt, an earlier one was lost in the middle of its run, or has put a version on trial.
  if (attempts > 1 || changes.create + changes.update + changes.replace + changes.delete > 0) return true;
  return !(error?.resource === null && BEFORE_ANYTHING.includes(error.code));
}

function sendBack(draft: Draft, id: TargetId, { reason, at }: { readonly reason: string; readonly at: string }): void {
  const state = draft.stateOf(id);
  if (state.state !== 'done' && state.state !== 'watching') return;
  const error = state.state === 'done' ? state.error : null;
  if (!draft.target(id).hasGood) {
    const message = `${error?.message ?? reason}; it had no earlier release to go back to and stays as it is`;
    draft.endTarget(id, 'failed', { code: 'fleet/no-good', message, resource: error?.resource ?? null });
    return;
  }
  const { attempts, changes } = state;
  if (draft.target(id).noWayBack) {
    const message = `${error?.message ?? reason}; there is no way back from a repair, a redeploy or a changed secret: it stays as it is`;
    draft.endTarget(id, 'failed', { code: 'fleet/no-way-back', message, resource: error?.resource ?? null });
    return;
  }
  const step = draft.rest.irreversible.has(id) ? 'held' : 'pending';
  draft.setTarget(id, { state: 'rolling-back', step, attempts, startedAt: state.startedAt ?? at, changes, error });
}

function startBack(draft: Draft, wave: CoreWave, id: TargetId): void {
  const state = draft.stateOf(id);
  if (state.state !== 'rolling-back' || state.step !== 'pending' || !hasRoom(draft, wave, draft.target(id))) return;
  const attempts = state.attempts + 1;
  draft.setTarget(id, { ...state, step: 'running', attempts });
  draft.commands.push({ type: 'roll-back', target: id, attempt: attempts });
}

function isGoingBack(state: TargetState): boolean {
  return state.state === 'rolling-back' && state.step !== 'held';
}

function letGo(draft: Draft): void {
  for (const [id, state] of draft.states)
    if (state.state === 'rolling-back' && state.step === 'held') draft.setTarget(id, { ...state, step: 'pending' });
}
