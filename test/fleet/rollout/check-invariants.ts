import type { TargetId } from '../../../contracts/target';
import type { CoreTarget, CoreWave, RolloutEvent, RolloutSetup, RolloutState, TargetState } from '../../../fleet/rollout/state';
import { windowsAt } from '../../../fleet/rollout/windows';

import type { Seen } from './simulate-core';

type Run = 'forward' | 'finish' | 'trial' | 'back';

/**
 * The invariants S1-S9 and S12 of the specification, checked after every event from what happened and what was commanded, with books of its
 * own. Throws at the first violation, naming it.
 */
export class InvariantChecker {
  readonly #setup: RolloutSetup;
  readonly #under = new Map<TargetId, Run>();
  readonly #attempts = new Map<TargetId, number>();
  readonly #changed = new Set<TargetId>();
  readonly #ended = new Map<TargetId, string>();
  readonly #failedGates = new Set<string>();
  readonly #baked = new Map<string, string>();
  readonly #given = new Map<string, number>();
  #paused = false;
  #aborted = false;

  constructor(setup: RolloutSetup) {
    this.#setup = setup;
  }

  readonly observe = (seen: Seen): void => {
    this.#note(seen);
    this.#checkWaves(seen);
    for (const command of seen.commands) {
      if (command.type === 'run-target') this.#checkStart(command, seen);
      if (command.type === 'roll-back') this.#checkWayBack(command, seen);
      if (command.type === 'bake') this.#baked.set(command.wave, command.until);
    }
    this.#checkTargets(seen);
  };

  /** At the end: every target in one terminal state, failures within bounds. */
  checkEnd(state: RolloutState, lowered: boolean): void {
    for (const [id, target] of state.states) if (target.state !== 'done') this.#broken('L1', `${id} ended ${target.state}`);
    if (this.#under.size > 0) this.#broken('L4', `${[...this.#under.keys()].join()} run after the end`);
    for (const wave of this.#setup.waves) {
      const most = wave.limits.failureTolerance + (wave.limits.mode === 'strict' ? 1 : wave.limits.maxConcurrent + wave.targets.length);
      const failed = wave.targets.filter((id) => this.#ended.get(id) === 'failed').length;
      if (!lowered && wave.stage !== 'trailing' && failed > most)
        this.#broken('S4', `${failed} of ${wave.name} failed, at most ${most} may`);
    }
  }

  /** What an event says happened, as far as it was under way. */
  #note({ event, before }: Seen): void {
    if (before.outcome !== null) return;
    switch (event.type) {
      case 'target-ended':
      case 'rollback-ended':
      case 'target-shifted':
      case 'attempt-lost':
        this.#noteRun(event);
        break;
      case 'paused':
        this.#paused = true;
        break;
      case 'resumed':
        this.#paused = false;
        break;
      case 'abort-requested':
        this.#aborted = true;
        break;
      case 'gate-answered':
        if (event.answer.verdict === 'fail' && event.about.moment !== 'before' && isRunning(before, event.about.wave))
          this.#failedGates.add(event.about.wave);
        break;
      case 'approved': {
        const key = `${event.approval.wave} ${event.approval.subject}`;
        this.#given.set(key, (this.#given.get(key) ?? 0) + 1);
        break;
      }
      default:
        break;
    }
  }

  #noteRun(event: Extract<RolloutEvent, { readonly target: TargetId }>): void {
    const { target } = event;
    const run = this.#under.get(target);
    if (run === undefined || run === 'trial') return;
    if (event.type === 'target-shifted') {
      this.#under.set(target, 'trial');
      this.#changed.add(target);
    } else if (event.type === 'attempt-lost') {
      // What was to finish is on trial again.
      if (run === 'finish') this.#under.set(target, 'trial');
      else this.#under.delete(target);
      if (!event.ran) this.#attempts.set(target, (this.#attempts.get(target) ?? 0) - 1);
      else this.#changed.add(target);
    } else if (event.type === 'target-ended' || event.type === 'rollback-ended') {
      this.#under.delete(target);
      this.#ended.set(target, event.outcome);
      if (event.outcome !== 'unchanged') this.#changed.add(target);
    }
  }

  #checkStart(
    { target: id, wave: name, attempt, phase }: Extract<Seen['commands'][number], { type: 'run-target' }>,
    { state, event }: Seen,
  ): void {
    const wave = this.#waveOf(name);
    const target = this.#targetOf(id);
    const held = this.#under.get(id);
    if (held !== undefined && held !== 'trial') this.#broken('S2', `${id} runs already`);
    if (this.#ended.get(id) === 'succeeded') this.#broken('S5', `${id} has succeeded and is run again`);
    this.#countAttempt(id, attempt);
    this.#under.set(id, phase === 'finish' ? 'finish' : 'forward');
    this.#checkRoom(wave, target, state);
    if (this.#paused || this.#aborted) this.#broken('S7', `${id} starts while paused or after an abort`);
    if (phase === 'finish') {
      if (held !== 'trial') this.#broken('S3', `${id} finishes what it had not begun`);
      return;
    }
    if (wave.stage === 'trailing') return;
    if (this.#setup.windows !== null && !windowsAt(this.#setup.windows, event.at).open)
      this.#broken('S7', `${id} starts outside the windows`);
    if (this.#failedGates.size > 0) this.#broken('S7', `${id} starts though a gate has failed`);
    const index = this.#setup.waves.indexOf(wave);
    for (const earlier of this.#setup.waves.slice(0, index))
      if (state.waveStates.get(earlier.name)?.state !== 'passed') this.#broken('S3', `${id} starts before ${earlier.name} has passed`);
    for (const { target: upstream, kind } of target.dependencies) {
      const stands = state.states.get(upstream);
      if (stands === undefined) continue;
      if (stands.state !== 'done') this.#broken('S3', `${id} starts before ${upstream} has ended`);
      else if (kind === 'hard' && stands.outcome !== 'succeeded' && stands.outcome !== 'unchanged')
        this.#broken('S3', `${id} starts though ${upstream} ended ${stands.outcome}`);
    }
    this.#checkTolerance(wave, state);
  }

  /** Limits as they hold now, counted with the start itself. */
  #checkRoom(wave: CoreWave, target: CoreTarget, { limitChange, setup }: RolloutState): void {
    const running = [...this.#under].flatMap(([id, run]) => (run === 'trial' ? [] : [this.#targetOf(id)]));
    const most = (planned: number, lowered: number | undefined) => Math.max(1, Math.min(planned, lowered ?? planned));
    const total = Math.min(most(wave.limits.maxConcurrent, limitChange.maxConcurrent), setup.limits.maxConcurrent);
    if (running.length > total) this.#broken('S1', `${running.length} run at once, ${total} may`);
    if (running.filter(({ account }) => account === target.account).length > most(wave.limits.perAccount, limitChange.perAccount))
      this.#broken('S1', `too many of account ${target.account}`);
    if (running.filter(({ region }) => region === target.region).length > most(wave.limits.perRegion, limitChange.perRegion))
      this.#broken('S1', `too many of region ${target.region}`);
  }

  #checkTolerance(wave: CoreWave, { states, limitChange, setup }: RolloutState): void {
    const lowest = (planned: number) => Math.min(planned, limitChange.failureTolerance ?? planned);
    const failed = (ids: readonly TargetId[]) => ids.filter((id) => isFailed(states.get(id))).length;
    const all = this.#setup.waves.flatMap((one) => (one.stage === 'trailing' ? [] : one.targets));
    const left = Math.min(lowest(wave.limits.failureTolerance) - failed(wave.targets), lowest(setup.limits.failureTolerance) - failed(all));
    if (left < 0) this.#broken('S4', `${wave.name} has no tolerance left`);
    const underWay = wave.targets.filter((id) => this.#under.has(id)).length;
    if (wave.limits.mode === 'strict' && underWay > left + 1)
      this.#broken('S1', `${underWay} of ${wave.name} are under way, ${left + 1} may`);
  }

  #checkWayBack({ target: id, attempt }: Extract<Seen['commands'][number], { type: 'roll-back' }>, { state }: Seen): void {
    const target = this.#targetOf(id);
    const held = this.#under.get(id);
    if (held !== undefined && held !== 'trial') this.#broken('S2', `${id} runs already`);
    this.#countAttempt(id, attempt);
    this.#under.set(id, 'back');
    const wave = this.#setup.waves.find(({ name }) => state.waveStates.get(name)?.state === 'rolling-back');
    if (wave) this.#checkRoom(wave, target, state);
    if (!this.#changed.has(id)) this.#broken('S9', `${id} goes back though this rollout did not change it`);
    if (!target.hasGood) this.#broken('S9', `${id} goes back to nothing`);
    if (state.irreversible.has(id) && ![...this.#given.keys()].some((key) => key.endsWith(' rollback')))
      this.#broken('S9', `${id} goes back below what cannot be undone`);
    const own = this.#setup.waves.findIndex(({ name }) => name === target.wave);
    for (const later of this.#setup.waves.slice(own + 1))
      for (const other of later.targets) {
        const stands = state.states.get(other);
        if (stands?.state === 'rolling-back' && stands.step !== 'held') this.#broken('S9', `${id} goes back before ${other}`);
      }
  }

  #checkWaves({ before, event, state }: Seen): void {
    for (const wave of this.#setup.waves) {
      const was = before.waveStates.get(wave.name);
      const is = state.waveStates.get(wave.name);
      if (was === undefined || is === undefined || was === is) continue;
      const answered = event.type === 'gate-answered' && event.about.wave === wave.name ? event.answer.verdict : null;
      if (was.state === 'held' && is.state !== 'held' && is.state !== 'cancelled') {
        const free = (was.hold.kind === 'red' || was.hold.kind === 'gate-error') && answered !== null;
        if (!free) this.#useUp(wave.name, was.hold.kind === 'approval' ? 'start' : was.hold.kind);
      }
      if (
        was.state === 'waiting' &&
        is.state !== 'waiting' &&
        is.state !== 'held' &&
        is.state !== 'cancelled' &&
        wave.approval &&
        !was.opened
      )
        this.#useUp(wave.name, 'start');
      if (is.state === 'running' && was.state === 'asking' && answered !== 'pass' && answered !== 'inconclusive')
        this.#broken('S8', `${wave.name} starts on ${answered}`);
      if (is.state === 'passed') this.#checkPass(wave, { was, event, answered });
    }
  }

  #checkPass(
    wave: CoreWave,
    { was, event, answered }: { readonly was: { readonly state: string }; readonly event: RolloutEvent; readonly answered: string | null },
  ): void {
    if (this.#failedGates.has(wave.name)) this.#broken('S3', `${wave.name} passes though its gate has failed`);
    const until = this.#baked.get(wave.name);
    if (until !== undefined && event.at < until) this.#broken('S3', `${wave.name} passes before its bake is over`);
    for (const id of wave.targets) if (this.#under.has(id)) this.#broken('S3', `${wave.name} passes while ${id} runs`);
    const deployed = wave.targets.some((id) => this.#ended.get(id) === 'succeeded');
    if (!wave.gated || !deployed || answered === 'pass') return;
    if (was.state !== 'undecided') this.#broken('S8', `${wave.name} passes though its gate did not`);
    this.#useUp(wave.name, 'undecided');
  }

  #checkTargets({ before, state }: Seen): void {
    if (before.outcome !== null && before.states !== state.states)
      for (const [id, is] of state.states) if (before.states.get(id) !== is) this.#broken('L1', `${id} changes after the end`);
    for (const [id, was] of before.states) {
      const is = state.states.get(id);
      if (was.state !== 'done' || is === undefined || was === is) continue;
      const back = is.state === 'rolling-back' || (is.state === 'done' && is.outcome === 'failed' && !this.#targetOf(id).hasGood);
      if (!back) this.#broken('L1', `${id} was done and is ${is.state}`);
    }
  }

  #useUp(wave: string, subject: string): void {
    const key = `${wave} ${subject}`;
    const left = this.#given.get(key) ?? 0;
    if (left < 1) this.#broken('S12', `nobody approved ${key}`);
    this.#given.set(key, left - 1);
  }

  #countAttempt(id: TargetId, attempt: number): void {
    const next = (this.#attempts.get(id) ?? 0) + 1;
    // One that turned out unchanged is none, and is the last.
    if (attempt !== next) this.#broken('S2', `attempt ${attempt} of ${id} is its number ${next}`);
    this.#attempts.set(id, next);
  }

  #waveOf(name: string): CoreWave {
    const wave = this.#setup.waves.find((one) => one.name === name);
    return wave ?? this.#broken('S6', `${name} is no wave`);
  }

  #targetOf(id: TargetId): CoreTarget {
    return this.#setup.targets.get(id) ?? this.#broken('S6', `${id} is no target`);
  }

  #broken(invariant: string, what: string): never {
    throw new Error(`${invariant}: ${what}`);
  }
}

function isRunning(state: RolloutState, wave: string): boolean {
  return ['running', 'baking', 'judging', 'undecided'].includes(state.waveStates.get(wave)?.state ?? '');
}

function isFailed(state: TargetState | undefined): boolean {
  return state?.state === 'done' && state.outcome === 'failed';
}
