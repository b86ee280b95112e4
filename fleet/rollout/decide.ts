import { addSeconds } from '../../contracts/duration';
import type { TargetId } from '../../contracts/target';
import { noChanges } from '../ports';

import type { CoreTarget, CoreWave, RolloutCommand, RolloutEvent, RolloutOutcome, RolloutState, TargetState, WaveState } from './state';

/** What an event leads to. */
export interface Decision {
  readonly state: RolloutState;
  readonly commands: readonly RolloutCommand[];
}

/** What a rollout starts from. */
export type RolloutSetup = Pick<RolloutState, 'waves' | 'limits'> & { readonly targets: readonly CoreTarget[] };

/** The state before the first event: targets without a wave are done, unchanged. */
export function initialState(setup: RolloutSetup): RolloutState {
  return {
    targets: new Map(setup.targets.map((target) => [target.id, target])),
    waves: setup.waves,
    limits: setup.limits,
    states: new Map(setup.targets.map((target) => [target.id, target.wave === null ? ended('unchanged') : { state: 'pending' as const }])),
    waveStates: new Map(setup.waves.map((wave) => [wave.name, { state: 'waiting' as const }])),
    startedAt: null,
    endedAt: null,
    outcome: null,
    halted: null,
  };
}

/**
 * The rollout's only place of decision: pure and deterministic. Every command follows from the state, so the same events give the same
 * state and commands wherever they are replayed.
 */
export function decide(state: RolloutState, event: RolloutEvent): Decision {
  const draft = new Draft(state);
  draft.take(event);
  draft.advance(event.at);
  return { state: draft.toState(), commands: draft.commands };
}

function ended(outcome: 'unchanged' | 'skipped' | 'cancelled', error: TargetErrorOrNull = null): TargetState {
  return { state: 'done', outcome, attempts: 0, startedAt: null, endedAt: null, changes: noChanges, error };
}

type TargetErrorOrNull = Extract<TargetState, { state: 'done' }>['error'];

/** The next state while it is being made; lives for one call of {@link decide}. */
class Draft {
  readonly commands: RolloutCommand[] = [];
  readonly #from: RolloutState;
  readonly #states: Map<TargetId, TargetState>;
  readonly #waves: Map<string, WaveState>;
  #startedAt: string | null;
  #endedAt: string | null;
  #outcome: RolloutOutcome | null;
  #halted: RolloutState['halted'];
  readonly #running = new RunningTally();

  constructor(from: RolloutState) {
    this.#from = from;
    this.#states = new Map(from.states);
    this.#waves = new Map(from.waveStates);
    ({ startedAt: this.#startedAt, endedAt: this.#endedAt, outcome: this.#outcome, halted: this.#halted } = from);
    for (const [id, state] of from.states) {
      const target = state.state === 'running' ? from.targets.get(id) : undefined;
      if (target) this.#running.add(target, 1);
    }
  }

  toState(): RolloutState {
    return {
      ...this.#from,
      states: this.#states,
      waveStates: this.#waves,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      outcome: this.#outcome,
      halted: this.#halted,
    };
  }

  take(event: RolloutEvent): void {
    switch (event.type) {
      case 'begun':
        this.#startedAt ??= event.at;
        break;
      case 'target-ended': {
        const current = this.#states.get(event.target);
        // A result that arrives twice, or for what was never started, changes nothing.
        if (current?.state !== 'running') break;
        this.#states.set(event.target, {
          state: 'done',
          outcome: event.outcome,
          attempts: event.engineRuns,
          startedAt: current.startedAt,
          endedAt: event.at,
          changes: event.changes,
          error: event.error,
        });
        const target = this.#from.targets.get(event.target);
        if (target) this.#running.add(target, -1);
        break;
      }
      case 'bake-over': {
        const wave = this.#waves.get(event.wave);
        if (wave?.state === 'baking' && event.at >= wave.bakeUntil)
          this.#endWave(event.wave, { ...wave, state: 'passed', endedAt: event.at });
        break;
      }
      case 'abort-requested':
        if (this.#outcome === null) this.#halted = { kind: 'aborted', reason: event.reason };
        break;
      default:
        throw new Error(`unknown event ${(event satisfies never as RolloutEvent).type}`);
    }
  }

  advance(at: string): void {
    if (this.#startedAt === null || this.#outcome !== null) return;
    for (const wave of this.#from.waves) if (!this.#advanceWave(wave, at)) return;
    this.#outcome = this.#finalOutcome();
    this.#endedAt = at;
    this.commands.push({ type: 'finish', outcome: this.#outcome });
  }

  /** Moves one wave on as far as it goes; true once it is behind us. */
  #advanceWave(wave: CoreWave, at: string): boolean {
    const current = this.#waves.get(wave.name) ?? { state: 'waiting' };
    switch (current.state) {
      case 'passed':
      case 'stopped':
      case 'cancelled':
        return true;
      case 'baking':
        if (!this.#mayStart(wave))
          this.#endWave(wave.name, { state: 'stopped', startedAt: current.startedAt, endedAt: at, reason: this.#halted?.reason ?? '' });
        return !this.#mayStart(wave);
      case 'waiting':
        if (!this.#mayStart(wave)) {
          this.#giveUp(wave);
          this.#endWave(wave.name, { state: 'cancelled', reason: this.#halted?.reason ?? '' });
          return true;
        }
        this.#waves.set(wave.name, { state: 'running', startedAt: at });
        this.commands.push({ type: 'begin-wave', wave: wave.name, targets: wave.targets.length });
        return this.#runWave(wave, { at, startedAt: at });
      case 'running':
        return this.#runWave(wave, { at, startedAt: current.startedAt });
      default:
        throw new Error(`unknown wave state ${(current satisfies never as WaveState).state}`);
    }
  }

  #runWave(wave: CoreWave, times: { readonly at: string; readonly startedAt: string }): boolean {
    const failures = this.#count(wave, 'failed');
    const { failureTolerance } = wave.limits;
    if (failures > failureTolerance) {
      this.#halted ??= {
        kind: 'tolerance',
        reason: `${failures} of ${wave.targets.length} targets of ${wave.name} failed, ${failureTolerance} may`,
      };
    }
    if (!this.#mayStart(wave)) this.#giveUp(wave);
    else this.#startReady(wave, times.at);

    if (wave.targets.some((id) => this.#states.get(id)?.state !== 'done')) return false;
    if (!this.#mayStart(wave)) {
      this.#endWave(wave.name, { state: 'stopped', startedAt: times.startedAt, endedAt: times.at, reason: this.#halted?.reason ?? '' });
      return true;
    }
    const ran = wave.targets.some((id) => this.#outcomeOf(id) === 'succeeded');
    if (wave.bakeSeconds > 0 && ran) {
      const until = addSeconds(times.at, wave.bakeSeconds);
      this.#waves.set(wave.name, { state: 'baking', startedAt: times.startedAt, bakeUntil: until });
      this.commands.push({ type: 'bake', wave: wave.name, until });
      return false;
    }
    this.#endWave(wave.name, { state: 'passed', startedAt: times.startedAt, endedAt: times.at, bakeUntil: null });
    return true;
  }

  /** Starts what is ready while the limits last, in plan order. */
  #startReady(wave: CoreWave, at: string): void {
    this.#skipHopeless(wave);
    for (const id of wave.targets) {
      if (this.#slots(wave) <= 0) return;
      const target = this.#from.targets.get(id);
      if (!target || this.#states.get(id)?.state !== 'pending') continue;
      if (this.#blocker(target) !== null || !this.#hasRoom(wave, target)) continue;
      this.#states.set(id, { state: 'running', attempts: 1, startedAt: at });
      this.#running.add(target, 1);
      this.commands.push({ type: 'run-target', target: id, wave: wave.name, attempt: 1 });
    }
  }

  /** Ends what can no longer succeed, since something it needs did not. */
  #skipHopeless(wave: CoreWave): void {
    let again = true;
    while (again) {
      again = false;
      for (const id of wave.targets) {
        const target = this.#from.targets.get(id);
        if (!target || this.#states.get(id)?.state !== 'pending') continue;
        const blocker = this.#blocker(target);
        if (blocker === null || blocker === 'not yet') continue;
        const message = `needs ${blocker}, which ended ${this.#outcomeOf(blocker) ?? 'unknown'}`;
        this.#states.set(id, ended('skipped', { code: 'fleet/upstream-failed', message, resource: null }));
        again = true; // Others may depend on this one, and stand earlier in the list.
      }
    }
  }

  /** Null: ready. A target id: a hard dependency that did not succeed. */
  #blocker(target: CoreTarget): TargetId | 'not yet' | null {
    for (const { target: id, kind } of target.dependencies) {
      const upstream = this.#states.get(id);
      // Outside this rollout: planning made sure that it is deployed.
      if (!upstream) continue;
      if (upstream.state !== 'done') return 'not yet';
      if (kind === 'hard' && upstream.outcome !== 'succeeded' && upstream.outcome !== 'unchanged') return id;
    }
    return null;
  }

  #hasRoom(wave: CoreWave, target: CoreTarget): boolean {
    const { perAccount, perRegion } = wave.limits;
    return this.#slots(wave) > 0 && this.#running.of('account', target) < perAccount && this.#running.of('region', target) < perRegion;
  }

  /** How many more may start now, whichever they are. */
  #slots(wave: CoreWave): number {
    const { maxConcurrent, failureTolerance, mode } = wave.limits;
    // Strict: even if all that run now fail, failures stay within tolerance + 1 (StackSets' rule).
    const strict = mode === 'strict' ? failureTolerance - this.#count(wave, 'failed') + 1 : Number.POSITIVE_INFINITY;
    return Math.min(maxConcurrent, this.#from.limits.maxConcurrent, strict) - this.#running.total;
  }

  /** Trailing waves run after a failure as well: only an abort keeps their targets from starting. */
  #mayStart(wave: CoreWave): boolean {
    return this.#halted === null || (wave.stage === 'trailing' && this.#halted.kind !== 'aborted');
  }

  #giveUp(wave: CoreWave): void {
    this.#skipHopeless(wave);
    for (const id of wave.targets) {
      if (this.#states.get(id)?.state !== 'pending') continue;
      this.#states.set(id, ended('cancelled', { code: 'fleet/not-started', message: this.#halted?.reason ?? '', resource: null }));
    }
  }

  #endWave(name: string, state: WaveState): void {
    this.#waves.set(name, state);
    this.commands.push({ type: 'end-wave', wave: name, state });
  }

  #count(wave: CoreWave, outcome: string): number {
    return wave.targets.filter((id) => this.#outcomeOf(id) === outcome).length;
  }

  #outcomeOf(id: TargetId): string | null {
    const state = this.#states.get(id);
    return state?.state === 'done' ? state.outcome : null;
  }

  #finalOutcome(): RolloutOutcome {
    if (this.#halted?.kind === 'aborted') return 'aborted';
    const good = [...this.#states.keys()].every((id) => ['succeeded', 'unchanged'].includes(this.#outcomeOf(id) ?? ''));
    return good ? 'succeeded' : 'failed';
  }
}

/** How many targets run, in all and by account and region. */
class RunningTally {
  total = 0;
  readonly #by = new Map<string, number>();

  add(target: CoreTarget, amount: 1 | -1): void {
    this.total += amount;
    for (const kind of ['account', 'region'] as const) this.#by.set(`${kind} ${target[kind]}`, this.of(kind, target) + amount);
  }

  of(kind: 'account' | 'region', target: CoreTarget): number {
    return this.#by.get(`${kind} ${target[kind]}`) ?? 0;
  }
}
