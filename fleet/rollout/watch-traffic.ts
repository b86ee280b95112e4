import type { Draft } from './draft';
import { hasRoom } from './start-targets';
import type { CoreWave } from './state';

/** Moves the versions on trial in a wave on: asks the gate when their time is up, gives those that passed all the orders. */
export function advanceWatches(draft: Draft, wave: CoreWave, at: string): void {
  acceptUndecided(draft, wave, at);
  for (const id of wave.targets) {
    const current = draft.stateOf(id);
    if (current.state !== 'watching') continue;
    if (current.watch === 'open' && at >= current.until) {
      draft.setTarget(id, { ...current, watch: 'asked' });
      draft.commands.push({ type: 'ask-gate', about: { moment: 'watch', wave: wave.name, target: id } });
    }
    // Not a start: windows do not hold it back, a pause does.
    if (current.watch !== 'passed' || draft.rest.paused !== null || !hasRoom(draft, wave, draft.target(id))) continue;
    const { startedAt, changes } = current;
    const attempts = current.attempts + 1;
    draft.setTarget(id, { state: 'running', phase: 'finish', attempts, startedAt, changes });
    draft.commands.push({ type: 'run-target', target: id, wave: wave.name, attempt: attempts, phase: 'finish' });
  }
}

/** A person's word counts for every trial of the wave that is undecided now. */
function acceptUndecided(draft: Draft, wave: CoreWave, at: string): void {
  const undecided = wave.targets.filter((id) => {
    const state = draft.stateOf(id);
    return state.state === 'watching' && state.watch === 'undecided';
  });
  if (undecided.length === 0 || !draft.useApproval(wave.name, 'undecided', at)) return;
  for (const id of undecided) {
    const state = draft.stateOf(id);
    if (state.state === 'watching') draft.setTarget(id, { ...state, watch: 'passed' });
  }
}
