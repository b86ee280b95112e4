import type { TargetId } from '../../contracts/target';
import type { EffectiveLimits } from '../plan/rollout-plan';
import { noChanges, type Changes, type TargetError } from '../ports';

import { givenFor, neededFor } from './given-approvals';
import type {
  Approval,
  ApprovalSubject,
  CoreTarget,
  CoreWave,
  DepartedTarget,
  DoneTarget,
  Halt,
  Hold,
  LimitChange,
  Outcome,
  RolloutCommand,
  RolloutState,
  TargetState,
  WaveState,
} from './state';

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** The next state while it is being made: what happened is put in, then every rule of the core reads and changes it. */
export class Draft {
  readonly commands: RolloutCommand[] = [];
  readonly states: Map<TargetId, TargetState>;
  readonly waveStates: Map<string, WaveState>;
  /** Everything of the state that is no map. */
  readonly rest: Mutable<Omit<RolloutState, 'states' | 'waveStates'>>;
  readonly #using = new SlotTally();

  constructor(from: RolloutState) {
    const { states, waveStates, ...rest } = from;
    this.states = new Map(states);
    this.waveStates = new Map(waveStates);
    this.rest = rest;
    for (const [id, state] of states) if (holdsSlot(state)) this.#using.add(this.target(id), 1);
  }

  toState(): RolloutState {
    return { ...this.rest, states: this.states, waveStates: this.waveStates };
  }

  get waves(): readonly CoreWave[] {
    return this.rest.setup.waves;
  }

  get halted(): Halt | null {
    return this.rest.halted;
  }

  target(id: TargetId): CoreTarget {
    const target = this.rest.setup.targets.get(id);
    if (!target) throw new Error(`${id} is no target of this rollout`);
    return target;
  }

  wave(name: string): CoreWave | undefined {
    return this.waves.find((wave) => wave.name === name);
  }

  stateOf(id: TargetId): TargetState {
    return this.states.get(id) ?? { state: 'pending', attempts: 0 };
  }

  waveState(name: string): WaveState {
    return this.waveStates.get(name) ?? { state: 'waiting' };
  }

  setTarget(id: TargetId, state: TargetState): void {
    this.#using.add(this.target(id), Number(holdsSlot(state)) - Number(holdsSlot(this.stateOf(id))));
    this.states.set(id, state);
  }

  endTarget(id: TargetId, outcome: Outcome, error: TargetError | null = null): void {
    const current = this.stateOf(id);
    const begun = current.state === 'pending' ? undefined : current;
    this.setTarget(id, {
      state: 'done',
      outcome,
      attempts: current.attempts,
      startedAt: begun?.startedAt ?? null,
      endedAt: current.state === 'done' ? current.endedAt : null,
      changes: begun?.changes ?? noChanges,
      error,
    });
  }

  setWave(name: string, state: WaveState): void {
    this.waveStates.set(name, state);
  }

  /** Asks the gate whether a wave may start. */
  askFirst(name: string): void {
    this.setWave(name, { state: 'asking' });
    this.commands.push({ type: 'ask-gate', about: { moment: 'before', wave: name } });
  }

  /** A wave does not start until a person acts. The same hold again says nothing new. */
  holdWave(name: string, { hold, at }: { readonly hold: Hold; readonly at: string }): void {
    const current = this.waveState(name);
    const known = current.state === 'held' && current.hold.kind === hold.kind;
    this.setWave(name, { state: 'held', hold, since: known ? current.since : at });
    if (!known) this.commands.push({ type: 'hold-wave', wave: name, hold });
  }

  beginWave(name: string, at: string): void {
    this.setWave(name, { state: 'running', startedAt: at, bakeUntil: null, unreadable: null, failing: null });
    this.commands.push({ type: 'begin-wave', wave: name, targets: this.wave(name)?.targets.length ?? 0 });
  }

  endWave(name: string, state: WaveState): void {
    this.setWave(name, state);
    this.commands.push({ type: 'end-wave', wave: name, state });
  }

  /** A wave is through: what it deployed is what a rollback goes back to from now on. */
  passWave(wave: CoreWave, state: Extract<WaveState, { readonly state: 'passed' | 'failed' }>): void {
    this.endWave(wave.name, state);
    const targets = wave.targets.filter((id) => this.outcomeOf(id) === 'succeeded' && !this.target(id).destroys);
    if (targets.length > 0) this.commands.push({ type: 'promote', wave: wave.name, targets });
  }

  halt(halt: Halt): void {
    // An abort is a person's word and stays; a failed gate says more than spent tolerance.
    const rank = { tolerance: 1, gate: 2, aborted: 3 };
    if (this.rest.halted === null || rank[halt.kind] > rank[this.rest.halted.kind]) this.rest.halted = halt;
  }

  /** Trailing waves run after a failure as well: only an abort keeps their targets from starting. */
  mayStart(wave: CoreWave): boolean {
    const { halted } = this.rest;
    return halted === null || (wave.stage === 'trailing' && halted.kind !== 'aborted');
  }

  outcomeOf(id: TargetId): Outcome | null {
    const state = this.states.get(id);
    return state?.state === 'done' ? state.outcome : null;
  }

  /** Failures that count: what is blocked, by its account or by a lock, says nothing of the release. */
  failures(wave: CoreWave): number {
    return wave.targets.filter((id) => isFailure(this.stateOf(id))).length;
  }

  /** Failures of all waves that go forward. */
  totalFailures(): number {
    return this.waves.reduce((sum, wave) => (wave.stage === 'trailing' ? sum : sum + this.failures(wave)), 0);
  }

  /** Nothing may be deployed to these any more, and to no others. */
  depart(departed: readonly DepartedTarget[]): void {
    this.rest.departed = new Map(departed.map(({ target, reason }) => [target, reason]));
    this.endDeparted();
  }

  /** Ends what nothing may be deployed to any more and was never begun. What was begun is settled: half of it would stand otherwise. */
  endDeparted(): void {
    for (const [id, message] of this.rest.departed) {
      const state = this.states.get(id);
      if (state?.state === 'pending' && state.attempts === 0)
        this.setTarget(id, neverStarted('blocked', { code: 'fleet/blocked', message, resource: null }));
    }
  }

  /** A wave's limits as they hold now: an operator may have lowered them. */
  limitsOf(wave: CoreWave): EffectiveLimits {
    const { limitChange, setup } = this.rest;
    const lowered = (key: keyof LimitChange) => Math.min(wave.limits[key], limitChange[key] ?? wave.limits[key]);
    // Never below one: a limit slows a rollout down, a pause stops it.
    const slots = (key: keyof LimitChange) => Math.max(1, lowered(key));
    return {
      mode: wave.limits.mode,
      maxConcurrent: Math.min(slots('maxConcurrent'), setup.limits.maxConcurrent),
      perAccount: slots('perAccount'),
      perRegion: slots('perRegion'),
      // Dashboards are for when things fail: a lowered tolerance is not meant for them.
      failureTolerance: wave.stage === 'trailing' ? wave.limits.failureTolerance : lowered('failureTolerance'),
    };
  }

  /** How many of the whole rollout's targets may fail, as it holds now. */
  get rolloutTolerance(): number {
    const planned = this.rest.setup.limits.failureTolerance;
    return Math.min(planned, this.rest.limitChange.failureTolerance ?? planned);
  }

  /** Slots taken in all. */
  get using(): number {
    return this.#using.total;
  }

  /** Slots taken in a target's account or region. */
  usingIn(where: 'account' | 'region', target: CoreTarget): number {
    return this.#using.of(where, target);
  }

  /**
   * Uses valid approvals, of as many persons as the wave asks for; false where there are too few. One of a configured wave stays for its other
   * parts, each of which asks once.
   */
  useApproval(wave: string, subject: ApprovalSubject, at: string): boolean {
    const given = this.findApprovals(wave, subject, at);
    const needed = neededFor(this.wave(wave), subject);
    if (given.length < needed) return false;
    const used = new Set(given.slice(0, needed).filter((approval) => approval.wave === wave));
    if (used.size > 0) this.rest.approvals = this.rest.approvals.filter((approval) => !used.has(approval));
    return true;
  }

  /** A word about what waits counts as it is given, or not at all; only a start can be approved in advance. */
  forgetUnusedApprovals(): void {
    this.rest.approvals = this.rest.approvals.filter(({ subject }) => subject === 'start');
  }

  findApproval(wave: string, subject: ApprovalSubject, at: string): Approval | undefined {
    return this.findApprovals(wave, subject, at)[0];
  }

  /** Those that count, one of each person, the wave's own first. */
  findApprovals(wave: string, subject: ApprovalSubject, at: string): readonly Approval[] {
    return givenFor(this.rest, { wave: this.wave(wave), subject, at });
  }
}

/** A done state of a target that was never started. */
export function neverStarted(
  outcome: 'unchanged' | 'skipped' | 'cancelled' | 'failed' | 'blocked',
  error: TargetError | null = null,
): DoneTarget {
  return { state: 'done', outcome, attempts: 0, startedAt: null, endedAt: null, changes: noChanges, error };
}

/** What two runs of one target changed together. Resources that stayed the same are those of the later one. */
export function addChanges(before: Changes, after: Changes): Changes {
  return {
    create: before.create + after.create,
    update: before.update + after.update,
    replace: before.replace + after.replace,
    delete: before.delete + after.delete,
    same: after.same,
  };
}

function isFailure(state: TargetState): boolean {
  return state.state === 'done' && state.outcome === 'failed';
}

function holdsSlot(state: TargetState): boolean {
  return state.state === 'running' || (state.state === 'rolling-back' && state.step === 'running');
}

/** How many slots are taken, in all and by account and region. */
class SlotTally {
  total = 0;
  readonly #by = new Map<string, number>();

  add(target: CoreTarget, amount: number): void {
    this.total += amount;
    for (const kind of ['account', 'region'] as const) this.#by.set(`${kind} ${target[kind]}`, this.of(kind, target) + amount);
  }

  of(kind: 'account' | 'region', target: CoreTarget): number {
    return this.#by.get(`${kind} ${target[kind]}`) ?? 0;
  }
}
