import type { TargetId } from '../../../contracts/target';
import { noChanges, type GateAnswer, type Verdict } from '../../../fleet/ports';
import { approvalFor } from '../../../fleet/rollout/approve';
import { decide, initialState } from '../../../fleet/rollout/decide';
import type { GateAbout, RolloutCommand, RolloutEvent, RolloutSetup, RolloutState, TargetState } from '../../../fleet/rollout/state';
import { isNews, nextDeadline, questionsToRepeat, waitingFor } from '../../../fleet/rollout/waiting';

import { at, boom, stepOf, updated } from './core-fixture';

/** What is seen after every event. */
export interface Seen {
  readonly before: RolloutState;
  readonly event: RolloutEvent;
  readonly state: RolloutState;
  readonly commands: readonly RolloutCommand[];
}

/** How the world behaves. */
export interface World {
  /** A whole number below `below`; only zeros once the world is calm: then all goes well, and people say yes. */
  readonly choose: (below: number) => number;
  /** Happenings until the world is calm. */
  readonly wildSteps: number;
  readonly observe?: (seen: Seen) => void;
}

/** How a rollout went. */
export interface Played {
  readonly state: RolloutState;
  readonly events: readonly RolloutEvent[];
  readonly commands: readonly RolloutCommand[];
}

/** More happenings than any of these rollouts needs once the world is calm. */
const ENOUGH = 600;

/**
 * Plays a rollout to its end in virtual time: runs end in any order and any way, gates answer anything, people act at any moment, controllers
 * die. Then the world calms down. Throws where the core stops with work left and names nothing that it waits for.
 */
export function playRollout(setup: RolloutSetup, world: World): Played {
  return new SmallWorld(setup, world).play();
}

class SmallWorld {
  readonly #world: World;
  #state: RolloutState;
  #seconds = 0;
  readonly #events: RolloutEvent[] = [];
  readonly #commands: RolloutCommand[] = [];
  /** Questions and previews that nobody answered yet. */
  #open: Extract<RolloutCommand, { readonly type: 'ask-gate' | 'preview-wave' }>[] = [];

  constructor(setup: RolloutSetup, world: World) {
    this.#state = initialState(setup);
    this.#world = world;
  }

  play(): Played {
    this.#feed({ type: 'begun', at: this.#now });
    for (let step = 0; this.#state.outcome === null; step += 1) {
      if (step > this.#world.wildSteps + ENOUGH)
        throw new Error(`the rollout does not end: ${JSON.stringify([...this.#state.waveStates])}`);
      if (step < this.#world.wildSteps) this.#wild();
      else this.#calm();
    }
    return { state: this.#state, events: this.#events, commands: this.#commands };
  }

  /** Anything may happen. */
  #wild(): void {
    const kind = this.#choose(12);
    if (kind === 0) return this.#person();
    if (kind === 1) return this.#tick(this.#choose(90));
    if (kind === 2) return void this.#ask(true);
    if (!this.#progress(true)) this.#wait(true);
  }

  /** What is under way ends well, and what is waited for comes. */
  #calm(): void {
    this.#seconds += 1;
    if (this.#state.paused !== null) return this.#feed({ type: 'resumed', at: this.#now, by: 'ann', message: null });
    if (!this.#progress(false)) this.#wait(false);
  }

  /** Ends one thing that is under way; false where nothing is. */
  #progress(wild: boolean): boolean {
    const runs = [...this.#state.states].filter(([, { state }]) => state === 'running');
    const ways = [...this.#state.states].filter(([, state]) => state.state === 'rolling-back' && state.step === 'running');
    const amount = runs.length + ways.length + this.#open.length;
    if (amount === 0) return false;
    this.#seconds += this.#choose(3);
    const picked = this.#choose(amount);
    const run = runs[picked];
    const way = ways[picked - runs.length];
    if (run) this.#endRun(run[0], run[1], wild);
    else if (way) this.#endWay(way[0], wild);
    else this.#answer(picked - runs.length - ways.length, wild);
    return true;
  }

  #endRun(target: TargetId, state: TargetState, wild: boolean): void {
    const time = { at: this.#now, target };
    const ends = wild ? this.#choose(10) : 0;
    if (ends === 1) return this.#feed({ ...time, type: 'attempt-lost', ran: this.#choose(2) === 0, reason: 'its controller died' });
    if (ends === 2 || ends === 3) {
      const outcome = this.#choose(4) === 0 ? 'blocked' : 'failed';
      const error = { ...boom, resource: this.#choose(2) === 0 ? null : 'urn:x' };
      return this.#feed({
        ...time,
        type: 'target-ended',
        outcome,
        engineRuns: 1,
        changes: this.#choose(2) === 0 ? noChanges : updated,
        error,
      });
    }
    const phase = state.state === 'running' ? state.phase : 'full';
    if (ends === 4 && phase !== 'finish')
      return this.#feed({ ...time, type: 'target-ended', outcome: 'unchanged', engineRuns: 0, changes: noChanges, error: null });
    if (phase === 'shift' && ends !== 5) return this.#feed({ ...time, type: 'target-shifted', changes: updated });
    this.#feed({ ...time, type: 'target-ended', outcome: 'succeeded', engineRuns: 1, changes: updated, error: null });
  }

  #endWay(target: TargetId, wild: boolean): void {
    const time = { at: this.#now, target };
    const ends = wild ? this.#choose(6) : 0;
    if (ends === 1) return this.#feed({ ...time, type: 'attempt-lost', ran: this.#choose(2) === 0, reason: 'its controller died' });
    if (ends === 2) return this.#feed({ ...time, type: 'rollback-ended', outcome: 'rollback_failed', changes: noChanges, error: boom });
    this.#feed({ ...time, type: 'rollback-ended', outcome: 'rolled_back', changes: updated, error: null });
  }

  #answer(index: number, wild: boolean): void {
    const [command] = this.#open.splice(index, 1);
    if (command === undefined) return;
    if (command.type === 'ask-gate')
      return this.#feed({ type: 'gate-answered', at: this.#now, about: command.about, answer: this.#verdict(wild) });
    const some = (odds: number) => (wild ? command.targets.filter(() => this.#choose(odds) === 1) : []);
    const failed = some(8);
    const irreversible = some(6).filter((target) => !failed.includes(target));
    this.#feed({
      type: 'wave-previewed',
      at: this.#now,
      wave: command.wave,
      irreversible: irreversible.map(stepOf),
      failed: failed.map((target) => ({ target, error: boom })),
    });
  }

  #verdict(wild: boolean): GateAnswer {
    const verdict: Verdict = (['pass', 'pass', 'pass', 'inconclusive', 'error', 'fail'] as const)[wild ? this.#choose(6) : 0] ?? 'pass';
    const targets = [...this.#state.states.keys()];
    const red = verdict === 'fail' ? targets.filter(() => this.#choose(3) === 0) : [];
    return { verdict, reason: verdict, red: red.map((target) => ({ target, alarm: 'errors', since: null, cleared: false })), orders: null };
  }

  /** Asks what is to be asked again and again; what is no news is not told, as a driver does. */
  #ask(wild: boolean): boolean {
    const questions = questionsToRepeat(this.#state);
    const about: GateAbout | undefined = questions[this.#choose(Math.max(1, questions.length))];
    if (about === undefined) return false;
    const answer = this.#verdict(wild);
    if (!isNews(this.#state, about, answer)) return false;
    this.#feed({ type: 'gate-answered', at: this.#now, about, answer });
    return true;
  }

  #person(): void {
    const common = { at: this.#now, by: 'bob', message: null };
    switch (this.#choose(8)) {
      case 0:
      case 1:
        return void this.#approve();
      case 2:
        return this.#feed({ ...common, type: 'paused' });
      case 3:
        return this.#feed({ ...common, type: 'resumed' });
      case 4:
        return this.#feed({ ...common, type: 'limits-set', limits: { maxConcurrent: this.#choose(4), failureTolerance: this.#choose(3) } });
      case 5:
        return this.#choose(4) === 1 ? this.#feed({ ...common, type: 'abort-requested', reason: 'no' }) : undefined;
      case 6: {
        // Something is told once more.
        const event = this.#events[this.#choose(this.#events.length)];
        return event === undefined || isOwn(event) ? undefined : this.#feed({ ...event, at: this.#now });
      }
      default:
        return this.#feed({ type: 'request-refused', at: this.#now, by: 'bob', reason: 'no', message: '1' });
    }
  }

  #approve(): boolean {
    const expiresAt = at(this.#seconds + 1 + this.#choose(100));
    const approval = approvalFor(this.#state, { wave: null, acceptRed: true, by: 'ann', at: this.#now, expiresAt });
    if ('refused' in approval) return false;
    this.#feed({ type: 'approved', at: this.#now, approval, message: null });
    return true;
  }

  /** Nothing is under way: what the core names must come, and it must name something. */
  #wait(wild: boolean): void {
    const waiting = waitingFor(this.#state, this.#now);
    if (waiting === null) {
      if (nextDeadline(this.#state, this.#now) === this.#now) return this.#tick(0);
      throw new Error(`it waits for nothing: ${JSON.stringify([...this.#state.waveStates])} ${JSON.stringify([...this.#state.states])}`);
    }
    if (waiting.kind === 'time') {
      const deadline = nextDeadline(this.#state, this.#now);
      if (deadline === null) throw new Error(`it waits until ${waiting.until} and has no deadline`);
      const seconds = (Date.parse(deadline) - Date.parse(this.#now)) / 1000;
      return this.#tick(wild && this.#choose(3) === 0 ? seconds / 2 : Math.max(0, seconds));
    }
    if (wild && this.#choose(2) === 0) return this.#person();
    if (waiting.approvable) {
      if (!this.#approve()) throw new Error(`nobody can approve what it waits for: ${waiting.reason}`);
    } else if (this.#state.paused !== null) this.#feed({ type: 'resumed', at: this.#now, by: 'ann', message: null });
    else if (!this.#ask(wild) && !wild) throw new Error(`a gate that can be read again is no news: ${waiting.reason}`);
  }

  #tick(seconds: number): void {
    this.#seconds += seconds;
    this.#feed({ type: 'tick', at: this.#now });
  }

  #feed(event: RolloutEvent): void {
    const before = this.#state;
    const { state, commands } = decide(before, event);
    this.#state = state;
    this.#events.push(event);
    this.#commands.push(...commands);
    for (const command of commands) if (command.type === 'ask-gate' || command.type === 'preview-wave') this.#open.push(command);
    this.#world.observe?.({ before, event, state, commands });
  }

  get #now(): string {
    return at(this.#seconds);
  }

  #choose(below: number): number {
    return this.#world.choose(below);
  }
}

/** What tells of one attempt is not told of another one. */
function isOwn(event: RolloutEvent): boolean {
  return ['attempt-lost', 'target-ended', 'target-shifted', 'rollback-ended', 'abort-requested'].includes(event.type);
}
