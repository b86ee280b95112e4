import type { TargetId } from '../../../contracts/target';
import { decide, initialState, type RolloutSetup } from '../../../fleet/rollout/decide';
import { noChanges } from '../../../fleet/ports';
import type { RolloutCommand, RolloutEvent, RolloutState } from '../../../fleet/rollout/state';

/** How the world answers: which targets fail or turn out unchanged, and in what order running ones end. */
export interface World {
  readonly outcomeOf: (target: TargetId) => 'succeeded' | 'unchanged' | 'failed';
  /** Index of the next running target to end, given how many run. */
  readonly pick: (running: number) => number;
  /** Called after every event. */
  readonly observe?: (state: RolloutState, commands: readonly RolloutCommand[]) => void;
  /** Aborts before this many results have come in. */
  readonly abortAfter?: number;
}

/** Plays a rollout to its end in virtual time, one second an event. Throws where the core stops with work left. */
export function playRollout(setup: RolloutSetup, world: World): { readonly state: RolloutState; readonly started: readonly TargetId[] } {
  let state = initialState(setup);
  let seconds = 0;
  const running: TargetId[] = [];
  const started: TargetId[] = [];
  const bakes: { readonly wave: string; readonly until: string }[] = [];
  const at = () => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
  const feed = (event: RolloutEvent) => {
    const decision = decide(state, event);
    state = decision.state;
    for (const command of decision.commands) {
      if (command.type === 'run-target') {
        running.push(command.target);
        started.push(command.target);
      }
      if (command.type === 'bake') bakes.push(command);
    }
    world.observe?.(state, decision.commands);
  };
  feed({ type: 'begun', at: at() });
  for (let results = 0; state.outcome === null; results += 1) {
    seconds += 1;
    if (results === world.abortAfter) feed({ type: 'abort-requested', at: at(), reason: 'interrupted' });
    const [target] = running.splice(world.pick(running.length), 1);
    if (target !== undefined) {
      const outcome = world.outcomeOf(target);
      feed({
        type: 'target-ended',
        at: at(),
        target,
        outcome,
        engineRuns: outcome === 'unchanged' ? 0 : 1,
        changes: noChanges,
        error: null,
      });
      continue;
    }
    const bake = bakes.shift();
    if (bake) {
      seconds = (Date.parse(bake.until) - Date.UTC(2026, 0, 1)) / 1000;
      feed({ type: 'bake-over', at: at(), wave: bake.wave });
    } else if (state.outcome === null) {
      throw new Error('the core waits for nothing and has not ended');
    }
  }
  return { state, started };
}
