import type { TargetId } from '../../contracts/target';
import type { GateAnswer } from '../ports';

import { Draft } from './draft';
import { mayStartAt } from './start-targets';
import type { CoreWave, GateAbout, RolloutCommand, RolloutState, TargetState, WaveState } from './state';
import { windowsAt } from './windows';

/** What a rollout waits for when nothing of it is under way. */
export type Waiting =
  /** Not approvable: it is paused, or a gate must become readable. `red`: only with an explicit word. */
  | { readonly kind: 'person'; readonly wave: string; readonly reason: string; readonly approvable: boolean; readonly red: boolean }
  | { readonly kind: 'time'; readonly wave: string; readonly reason: string; readonly until: string };

/** What a rollout waits for at an instant; null while something runs, is asked or may start, and once it has ended. */
export function waitingFor(state: RolloutState, at: string): Waiting | null {
  if (state.startedAt === null || state.outcome !== null) return null;
  const wave = activeWave(state);
  if (!wave || [...state.states.values()].some(isUnderWay)) return null;
  const current = state.waveStates.get(wave.name) ?? { state: 'waiting' as const };
  const person = (reason: string, options: { readonly approvable: boolean; readonly red?: boolean }): Waiting => ({
    kind: 'person',
    wave: wave.name,
    reason,
    approvable: options.approvable,
    red: options.red ?? false,
  });
  switch (current.state) {
    case 'previewing':
    case 'asking':
    case 'judging':
    case 'passed':
    case 'failed':
    case 'cancelled':
      return null;
    case 'held':
      return person(current.hold.reason, { approvable: true, red: current.hold.kind === 'red' });
    case 'undecided':
      return person(`${current.verdict}: ${current.reason}`, { approvable: true });
    case 'rolling-back':
      return person('the way back cannot be undone either', { approvable: true });
    case 'baking':
      return { kind: 'time', wave: wave.name, reason: 'it bakes', until: current.bakeUntil };
    case 'running': {
      const watched = watches(state, wave);
      if (watched.some((target) => target.watch === 'undecided')) return person('a version on trial is undecided', { approvable: true });
      if (state.paused === null && watched.some((target) => target.watch === 'passed')) return null;
      if (current.unreadable !== null) return person(`its gate cannot be read: ${current.unreadable}`, { approvable: false });
      if (state.paused === null && watched.length > 0)
        return { kind: 'time', wave: wave.name, reason: 'versions are on trial', until: earliest(watched.map((target) => target.until)) };
      return heldBack(state, wave, at);
    }
    case 'waiting':
      return heldBack(state, wave, at);
    default:
      throw new Error(`unknown wave state ${(current satisfies never as WaveState).state}`);
  }
}

/** By a pause, or by a window that is closed. */
function heldBack(state: RolloutState, wave: CoreWave, at: string): Waiting | null {
  if (state.paused !== null)
    return { kind: 'person', wave: wave.name, reason: `paused by ${state.paused.by}`, approvable: false, red: false };
  if (mayStartAt(new Draft(state), wave, at) || state.setup.windows === null) return null;
  const { until } = windowsAt(state.setup.windows, at);
  return { kind: 'time', wave: wave.name, reason: 'no window is open', until };
}

/** The next instant at which time alone changes something; null where none does. */
export function nextDeadline(state: RolloutState, at: string): string | null {
  const wave = state.outcome === null ? activeWave(state) : undefined;
  if (!wave) return null;
  const current = state.waveStates.get(wave.name) ?? { state: 'waiting' as const };
  const deadlines = watches(state, wave).filter((target) => target.watch === 'open').map((target) => target.until); // prettier-ignore
  if (current.state === 'baking') deadlines.push(current.bakeUntil);
  const waitsForWindow = current.state === 'waiting' || (current.state === 'running' && pendingIn(state, wave));
  if (waitsForWindow && state.setup.windows !== null && wave.stage !== 'trailing') {
    const { open, until } = windowsAt(state.setup.windows, at);
    if (!open) deadlines.push(until);
  }
  // One that has passed was looked at then.
  const ahead = deadlines.filter((deadline) => deadline > at);
  return ahead.length === 0 ? null : earliest(ahead);
}

/** What was commanded and has not been answered: a controller that takes over gives these commands again. Runs are not among them. */
export function unanswered(state: RolloutState): readonly RolloutCommand[] {
  const commands: RolloutCommand[] = [];
  for (const wave of state.setup.waves) {
    const current = state.waveStates.get(wave.name)?.state;
    if (current === 'previewing') {
      const targets = wave.targets.filter((id) => state.states.get(id)?.state === 'pending' && state.setup.targets.get(id)?.deployed);
      commands.push({ type: 'preview-wave', wave: wave.name, targets });
    }
    if (current === 'asking') commands.push({ type: 'ask-gate', about: { moment: 'before', wave: wave.name } });
    if (current === 'judging') commands.push({ type: 'ask-gate', about: { moment: 'end', wave: wave.name } });
    for (const id of wave.targets) {
      const target = state.states.get(id);
      if (target?.state === 'watching' && target.watch === 'asked')
        commands.push({ type: 'ask-gate', about: { moment: 'watch', wave: wave.name, target: id } });
    }
  }
  return commands;
}

/** Questions to go on asking while a wave runs, bakes, or waits for a gate to answer otherwise. */
export function questionsToRepeat(state: RolloutState): readonly GateAbout[] {
  const wave = state.outcome === null ? activeWave(state) : undefined;
  if (!wave?.gated) return [];
  const current = state.waveStates.get(wave.name);
  switch (current?.state) {
    case 'running':
    case 'baking':
      return [
        { moment: 'during', wave: wave.name },
        ...wave.targets
          .filter((id) => isUndecided(state.states.get(id)))
          .map((target): GateAbout => ({ moment: 'watch', wave: wave.name, target })),
      ];
    case 'held':
      return current.hold.kind === 'red' || current.hold.kind === 'gate-error' ? [{ moment: 'before', wave: wave.name }] : [];
    case 'undecided':
      return [{ moment: 'end', wave: wave.name }];
    default:
      return [];
  }
}

/** Whether a repeated question's answer says anything new; what does not is not journalled. */
export function isNews(state: RolloutState, about: GateAbout, answer: GateAnswer): boolean {
  const current = state.waveStates.get(about.wave);
  switch (about.moment) {
    case 'during':
      if (answer.verdict === 'fail') return current?.state === 'baking' || (current?.state === 'running' && current.failing === null);
      if (current?.state !== 'running' && current?.state !== 'baking') return false;
      return (answer.verdict === 'error') !== (current.unreadable !== null);
    case 'before': {
      if (current?.state !== 'held') return false;
      const kind = answer.verdict === 'fail' ? 'red' : answer.verdict === 'error' ? 'gate-error' : null;
      return current.hold.kind !== kind;
    }
    case 'end':
      return current?.state === 'undecided' && current.verdict !== answer.verdict;
    case 'watch':
      return isUndecided(state.states.get(about.target)) && (answer.verdict === 'pass' || answer.verdict === 'fail');
    default:
      throw new Error(`unknown moment ${(about satisfies never as GateAbout).moment}`);
  }
}

/** The wave whose turn it is; undefined once all are behind us. */
export function activeWave(state: RolloutState): CoreWave | undefined {
  return state.setup.waves.find((wave) => !['passed', 'failed', 'cancelled'].includes(state.waveStates.get(wave.name)?.state ?? 'waiting'));
}

function watches(state: RolloutState, wave: CoreWave) {
  return wave.targets.flatMap((id) => {
    const target = state.states.get(id);
    return target?.state === 'watching' ? [target] : [];
  });
}

function pendingIn(state: RolloutState, wave: CoreWave): boolean {
  return wave.targets.some((id: TargetId) => state.states.get(id)?.state === 'pending');
}

function isUnderWay(state: TargetState): boolean {
  if (state.state === 'running') return true;
  if (state.state === 'watching') return state.watch === 'asked';
  return state.state === 'rolling-back' && state.step !== 'held';
}

function isUndecided(state: TargetState | undefined): boolean {
  return state?.state === 'watching' && state.watch === 'undecided';
}

function earliest(instants: readonly string[]): string {
  return instants.reduce((first, instant) => (instant < first ? instant : first));
}
