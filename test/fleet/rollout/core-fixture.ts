import { addSeconds } from '../../../contracts/duration';
import type { TargetId } from '../../../contracts/target';
import type { EffectiveLimits } from '../../../fleet/plan/rollout-plan';
import { noChanges, type Changes, type GateAnswer, type RedAlarm, type TargetError, type Verdict } from '../../../fleet/ports';
import { decide, initialState } from '../../../fleet/rollout/decide';
import type {
  Approval,
  ApprovalSubject,
  CoreTarget,
  CoreWave,
  Hold,
  IrreversibleStep,
  LimitChange,
  RolloutCommand,
  RolloutEvent,
  RolloutSetup,
  RolloutState,
  TargetState,
  WaveState,
} from '../../../fleet/rollout/state';

/** When rollouts of these tests begin. A Thursday. */
export const BEGIN = '2026-01-01T00:00:00.000Z';

/** So many seconds after the beginning. */
export const at = (seconds: number): string => addSeconds(BEGIN, seconds);

export const id = (name: string): TargetId => name as TargetId;
export const hard = (name: string) => ({ target: id(name), kind: 'hard' as const });
export const soft = (name: string) => ({ target: id(name), kind: 'soft' as const });
export const boom: TargetError = { code: 'aws/Boom', message: 'boom', resource: 'urn:x' };
export const updated: Changes = { ...noChanges, update: 1 };
export const red = (target: string, alarm = 'errors'): RedAlarm => ({ target: id(target), alarm, since: null, cleared: false });

/** Limits that limit nothing, softly, and tolerate no failure. */
export const limits = (changes: Partial<EffectiveLimits> = {}): EffectiveLimits => ({
  maxConcurrent: 100,
  perAccount: 100,
  perRegion: 100,
  failureTolerance: 0,
  mode: 'soft',
  ...changes,
});

/** A target of its own account, deployed by an earlier release, that takes all its traffic at once. */
export const target = (name: string, options: Partial<CoreTarget> = {}): CoreTarget => ({
  id: id(name),
  account: name,
  region: 'r',
  wave: null,
  blocked: null,
  dependencies: [],
  deployed: false,
  hasGood: true,
  noWayBack: false,
  asksPerson: false,
  shifts: false,
  destroys: false,
  ...options,
});

/** A wave as a test writes it: names alone stand for plain targets. */
export type WaveOf = Partial<Omit<CoreWave, 'targets'>> & { readonly name: string; readonly targets: readonly (string | CoreTarget)[] };

/** A setup of waves in this order; they are not gated, unless said otherwise. */
export function setupOf(waves: readonly WaveOf[], options: Partial<RolloutSetup> = {}): RolloutSetup {
  const members = waves.map((wave) => wave.targets.map((one) => ({ ...(typeof one === 'string' ? target(one) : one), wave: wave.name })));
  return {
    waves: waves.map((wave, index) => ({
      group: wave.name,
      stage: 'waves',
      limits: limits(),
      bakeSeconds: 0,
      gated: false,
      approval: false,
      traffic: null,
      ...wave,
      targets: members[index]?.map((one) => one.id) ?? [],
    })),
    limits: limits({ failureTolerance: 1000 }),
    rollback: 'wave',
    windows: null,
    ...options,
    targets: new Map([...members.flat(), ...(options.targets?.values() ?? [])].map((one) => [one.id, one])),
  };
}

type Untimed<Event> = Event extends RolloutEvent ? Omit<Event, 'at'> : never;

/** A rollout that a test plays event by event. Commands are those of the last event, states are looked up by name. */
export class HandPlayed {
  state: RolloutState;
  commands: readonly RolloutCommand[] = [];
  readonly events: RolloutEvent[] = [];
  /** Seconds since the beginning. */
  seconds = 0;

  constructor(setup: RolloutSetup) {
    this.state = initialState(setup);
  }

  /** Begins, and lets every gate that is asked before a wave pass. */
  static begun(setup: RolloutSetup, by?: string): HandPlayed {
    return new HandPlayed(setup).feed({ type: 'begun', ...(by !== undefined && { by }) });
  }

  feed(event: Untimed<RolloutEvent>): this {
    const timed = { ...event, at: at(this.seconds) } as RolloutEvent;
    const { state, commands } = decide(this.state, timed);
    this.events.push(timed);
    this.state = state;
    this.commands = commands;
    return this;
  }

  /** Lets time pass without telling the core. */
  later(seconds: number): this {
    this.seconds += seconds;
    return this;
  }

  /** Lets time pass, and tells it. */
  tick(seconds = 0): this {
    return this.later(seconds).feed({ type: 'tick' });
  }

  end(
    name: string,
    outcome: 'succeeded' | 'unchanged' | 'failed' | 'blocked' = 'succeeded',
    more: { readonly changes?: Changes; readonly error?: TargetError } = {},
  ): this {
    const good = outcome === 'succeeded' || outcome === 'unchanged';
    return this.feed({
      type: 'target-ended',
      target: id(name),
      outcome,
      engineRuns: outcome === 'unchanged' ? 0 : 1,
      changes: more.changes ?? (outcome === 'succeeded' ? updated : noChanges),
      error: good ? null : (more.error ?? boom),
    });
  }

  shift(name: string, changes = updated): this {
    return this.feed({ type: 'target-shifted', target: id(name), changes });
  }

  lose(name: string, ran = true): this {
    return this.feed({ type: 'attempt-lost', target: id(name), ran, reason: 'its controller died' });
  }

  back(name: string, outcome: 'rolled_back' | 'rollback_failed' = 'rolled_back'): this {
    const error = outcome === 'rolled_back' ? null : { ...boom, message: 'no way back' };
    return this.feed({ type: 'rollback-ended', target: id(name), outcome, changes: updated, error });
  }

  preview(wave: string, found: { readonly irreversible?: readonly string[]; readonly failed?: readonly string[] } = {}): this {
    return this.feed({
      type: 'wave-previewed',
      wave,
      irreversible: (found.irreversible ?? []).map(stepOf),
      failed: (found.failed ?? []).map((name) => ({ target: id(name), error: boom })),
    });
  }

  answer(moment: 'before' | 'during' | 'end', wave: string, verdict: Verdict, ill: readonly RedAlarm[] = []): this {
    return this.feed({ type: 'gate-answered', about: { moment, wave }, answer: answerOf(verdict, ill) });
  }

  watch(name: string, verdict: Verdict, ill: readonly RedAlarm[] = []): this {
    const wave = this.state.setup.targets.get(id(name))?.wave ?? '';
    return this.feed({ type: 'gate-answered', about: { moment: 'watch', wave, target: id(name) }, answer: answerOf(verdict, ill) });
  }

  approve(wave: string, subject: ApprovalSubject, more: Partial<Approval> = {}): this {
    const approval = { wave, subject, by: 'ann', at: at(this.seconds), expiresAt: at(this.seconds + 3600), ...more };
    return this.feed({ type: 'approved', approval, message: null });
  }

  pause(): this {
    return this.feed({ type: 'paused', by: 'bob', message: null });
  }

  resume(): this {
    return this.feed({ type: 'resumed', by: 'bob', message: null });
  }

  abort(reason = 'wrong release'): this {
    return this.feed({ type: 'abort-requested', by: 'bob', reason, message: null });
  }

  /** Of these targets, and no others, it is told that nothing may be deployed to them any more. */
  leave(...names: readonly string[]): this {
    return this.feed({ type: 'targets-departed', departed: names.map((name) => ({ target: id(name), reason: `${name} left` })) });
  }

  lower(change: LimitChange): this {
    return this.feed({ type: 'limits-set', by: 'bob', limits: change, message: null });
  }

  /** Names of the targets that were started by the last event, as `name`, `shift name` or `finish name`. */
  get started(): readonly string[] {
    return this.commands.flatMap((command) =>
      command.type === 'run-target' ? [command.phase === 'full' ? command.target : `${command.phase} ${command.target}`] : [],
    );
  }

  /** Names of the targets that were sent back by the last event. */
  get sentBack(): readonly string[] {
    return this.commands.flatMap((command) => (command.type === 'roll-back' ? [command.target] : []));
  }

  /** Types of the last event's commands. */
  get told(): readonly string[] {
    return this.commands.map((command) => command.type);
  }

  /** What the gate was asked by the last event. */
  get asked(): readonly string[] {
    return this.commands.flatMap((command) =>
      command.type === 'ask-gate'
        ? [`${command.about.moment} ${command.about.moment === 'watch' ? command.about.target : command.about.wave}`]
        : [],
    );
  }

  target(name: string): TargetState | undefined {
    return this.state.states.get(id(name));
  }

  wave(name: string): WaveState | undefined {
    return this.state.waveStates.get(name);
  }

  /** Outcomes of what is done, states of what is not. */
  get outcomes(): Readonly<Record<string, string>> {
    return outcomesOf(this.state);
  }
}

/** Outcomes of what is done, states of what is not. */
export function outcomesOf(state: RolloutState): Readonly<Record<string, string>> {
  return Object.fromEntries([...state.states].map(([name, one]) => [name, one.state === 'done' ? one.outcome : one.state]));
}

/** An operation on a target that cannot be undone. */
export const stepOf = (name: string): IrreversibleStep => ({
  target: id(name),
  op: 'delete',
  type: 'aws:dynamodb/table:Table',
  urn: `urn:${name}`,
});

/** A gate's answer that says why. */
export const answerOf = (verdict: Verdict, ill: readonly RedAlarm[] = []): GateAnswer => ({
  verdict,
  reason: `it is ${verdict}`,
  red: ill,
  orders: null,
});

/** The hold of a wave that is held. */
export function holdOf(state: WaveState | undefined): Hold | undefined {
  return state?.state === 'held' ? state.hold : undefined;
}
