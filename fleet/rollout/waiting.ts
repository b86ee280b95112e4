import type { GateAnswer, RedAlarm } from '../ports';

import { Draft } from './draft';
import { givenFor } from './given-approvals';
import { mayStartAt } from './start-targets';
import type { CoreWave, GateAbout, RolloutCommand, RolloutState, TargetState, WaveState } from './state';
import { windowsAt } from './windows';

/** How far the approvals of a wave's start have come. */
export interface WaitingApprovals {
  readonly required: number;
  /** Role paths and names; empty: whatever role they have. */
  readonly by: readonly string[];
  readonly given: readonly string[];
  readonly missing: number;
}

/** What a rollout waits for when nothing of it is under way. */
export type Waiting =
  | {
      readonly kind: 'person';
      readonly wave: string;
      /** The configured wave whose parts may all be approved at once. Absent: only this wave by itself. */
      readonly partOf?: string;
      readonly reason: string;
      /** Of whom the wave asks for approval, who has given it, and how many are missing. Absent: one person, whoever it is. */
      readonly approvals?: WaitingApprovals;
      /** It is not where it is paused, or a gate must become readable. */
      readonly approvable: boolean;
      /** Only with an explicit word. */
      readonly red: boolean;
    }
  | { readonly kind: 'time'; readonly wave: string; readonly reason: string; readonly until: string };

/** What a rollout waits for at an instant; null while something runs, is asked or may start, and once it has ended. */
export function waitingFor(state: RolloutState, at: string): Waiting | null {
  if (state.startedAt === null || state.outcome !== null) return null;
  const wave = activeWave(state);
  if (!wave || [...state.states.values()].some(isUnderWay)) return null;
  const current = state.waveStates.get(wave.name) ?? { state: 'waiting' as const };
  const person = (
    reason: string,
    options: { readonly approvable: boolean; readonly red?: boolean; readonly partOf?: string; readonly approvals?: WaitingApprovals },
  ): Waiting => ({
    kind: 'person',
    wave: wave.name,
    reason: options.approvals && options.approvals.given.length > 0 ? `${reason}: ${givenText(options.approvals)}` : reason,
    ...(options.approvals && { approvals: options.approvals }),
    approvable: options.approvable,
    red: options.red ?? false,
    ...(options.partOf === undefined ? {} : { partOf: options.partOf }),
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
      return person(current.hold.reason, {
        ...(current.hold.kind === 'approval' && approvalsOf(state, wave, at)),
        approvable: true,
        red: current.hold.kind === 'red',
        ...(current.hold.kind === 'approval' && wave.group !== wave.name ? { partOf: wave.group } : {}),
      });
    case 'undecided':
      return person(`${current.verdict}: ${current.reason}`, { approvable: true });
    case 'rolling-back':
      return person('the way back cannot be undone either', { approvable: true });
    case 'baking':
      return { kind: 'time', wave: wave.name, reason: 'it bakes', until: current.bakeUntil };
    case 'running': {
      // Nobody is sent away while a trial goes on by itself.
      const open = openTrials(state, wave);
      if (open.length > 0 && state.paused === null)
        return { kind: 'time', wave: wave.name, reason: 'versions are on trial', until: earliest(open) };
      if (wave.targets.some((id) => isUndecided(state.states.get(id))))
        return person('a version on trial is undecided', { approvable: true });
      if (current.unreadable !== null) return person(`its gate cannot be read: ${current.unreadable}`, { approvable: false });
      return heldBack(state, wave, at);
    }
    case 'waiting':
      return heldBack(state, wave, at);
    default:
      throw new Error(`unknown wave state ${(current satisfies never as WaveState).state}`);
  }
}

function approvalsOf(state: RolloutState, wave: CoreWave, at: string): { readonly approvals?: WaitingApprovals } {
  if (wave.approvers === undefined) return {};
  const { required, by } = wave.approvers;
  const given = givenFor(state, { wave, subject: 'start', at }).map((approval) => approval.by);
  return { approvals: { required, by, given, missing: Math.max(0, required - given.length) } };
}

function givenText({ given, missing }: WaitingApprovals): string {
  return `${given.join(' and ')} ${given.length === 1 ? 'has' : 'have'} approved, ${missing} more must`;
}

/** By a pause, or by a window that is closed. */
function heldBack(state: RolloutState, wave: CoreWave, at: string): Waiting | null {
  if (state.paused !== null)
    return { kind: 'person', wave: wave.name, reason: `paused by ${state.paused.by}`, approvable: false, red: false };
  if (mayStartAt(new Draft(state), wave, at) || state.setup.windows === null) return null;
  const { until } = windowsAt(state.setup.windows, at);
  return { kind: 'time', wave: wave.name, reason: 'no window is open', until };
}

/**
 * The next instant at which time alone changes something; null where none does. It is not later than `at` where it passed since the last
 * event: then the core is to look at once, and by that it is behind.
 */
export function nextDeadline(state: RolloutState, at: string): string | null {
  const wave = state.startedAt !== null && state.outcome === null ? activeWave(state) : undefined;
  if (!wave) return null;
  const current = state.waveStates.get(wave.name) ?? { state: 'waiting' as const };
  if (current.state === 'baking') return current.bakeUntil;
  if (current.state !== 'waiting' && current.state !== 'running') return null;
  const deadlines = [...openTrials(state, wave)];
  const waitsForWindow = current.state === 'waiting' || wave.targets.some((id) => state.states.get(id)?.state === 'pending');
  if (waitsForWindow && state.setup.windows !== null && wave.stage !== 'trailing') {
    const { open, until } = windowsAt(state.setup.windows, at);
    if (!open) deadlines.push(until);
    // It has opened since the last event, or something would have started.
    else if (waitingFor(state, at) === null && ![...state.states.values()].some(isUnderWay)) deadlines.push(at);
  }
  return deadlines.length === 0 ? null : earliest(deadlines);
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
      if (answer.verdict === 'fail' && current?.state === 'running') return current.failing === null;
      if (answer.verdict === 'fail') return current !== undefined && ['baking', 'judging', 'undecided'].includes(current.state);
      if (current?.state !== 'running' && current?.state !== 'baking') return false;
      return (answer.verdict === 'error') !== (current.unreadable !== null);
    case 'before': {
      if (current?.state !== 'held') return false;
      if (answer.verdict === 'fail') return current.hold.kind !== 'red' || !sameAlarms(current.hold.red, answer.red);
      return answer.verdict !== 'error' || current.hold.kind !== 'gate-error';
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

/** When the trials end that go on: not those of a wave that is about to go back. */
function openTrials(state: RolloutState, wave: CoreWave): readonly string[] {
  const current = state.waveStates.get(wave.name);
  if (current?.state !== 'running' || current.failing !== null || state.halted?.kind === 'aborted') return [];
  return wave.targets.flatMap((id) => {
    const target = state.states.get(id);
    return target?.state === 'watching' && target.watch === 'open' ? [target.until] : [];
  });
}

function isUnderWay(state: TargetState): boolean {
  if (state.state === 'running') return true;
  if (state.state === 'watching') return state.watch === 'asked';
  return state.state === 'rolling-back' && state.step !== 'held';
}

function isUndecided(state: TargetState | undefined): boolean {
  return state?.state === 'watching' && state.watch === 'undecided';
}

function sameAlarms(one: readonly RedAlarm[], other: readonly RedAlarm[]): boolean {
  const named = (alarms: readonly RedAlarm[]) => new Set(alarms.map(({ target, alarm }) => `${target} ${alarm}`));
  const known = named(other);
  return known.size === named(one).size && one.every(({ target, alarm }) => known.has(`${target} ${alarm}`));
}

function earliest(instants: readonly string[]): string {
  return instants.reduce((first, instant) => (instant < first ? instant : first));
}
