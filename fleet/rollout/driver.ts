import { secondsBetween } from '../../contracts/duration';
import type { TargetId } from '../../contracts/target';
import { messageOf } from '../errors';
import type { RolloutPlan } from '../plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../plan/target-record';

import { carryRequest } from './carry-request';
import { commit } from './commit';
import type { DriverOptions, DriverPorts, RolloutEntry } from './driver-ports';
import { askGate } from './ask-gate';
import { leaveAt, leavesNow } from './patience';
import { previewTargets } from './preview-wave';
import { replayRollout } from './replay-rollout';
import { reconcileTarget, runTarget, type RunContext } from './run-targets';
import type { RolloutCommand, RolloutEvent, RolloutState } from './state';
import { tellCommand } from './tell-rollout';
import { isNews, nextDeadline, questionsToRepeat, unanswered, waitingFor, type Waiting } from './waiting';

/** What a rollout goes on from: nothing but its plan, or what its journal holds. */
export interface RolloutStart {
  readonly plan: RolloutPlan;
  /** Records as the rollout began. */
  readonly goods: TargetRecords;
  /** Records as they are. */
  readonly records: TargetRecords;
  /** Events of its journal so far, oldest first; empty: it begins. */
  readonly events: readonly RolloutEvent[];
}

/** How a driver left a rollout. */
export type DriverResult = { readonly state: RolloutState; readonly records: TargetRecords } & (
  | { readonly left: 'ended' }
  | { readonly left: 'waiting'; readonly waiting: Waiting }
  /** By Ctrl-C; `resume` goes on. */
  | { readonly left: 'interrupted' }
);

/** Longest sleep towards a deadline: a clock that was set, or a machine that slept, is noticed within this. */
const LONGEST_SLEEP_MS = 30_000;

/**
 * Runs a rollout in this process, from its beginning or from where its journal ends: feeds the core events, writes them down, and only then
 * carries out what follows. Decides nothing itself. Rejects where the journal cannot be written or another controller has taken over.
 */
export async function driveRollout(start: RolloutStart, ports: DriverPorts, options: DriverOptions): Promise<DriverResult> {
  return new Driver(start, ports, options).run();
}

class Driver {
  readonly #ports: DriverPorts;
  readonly #options: DriverOptions;
  readonly #context: RunContext;
  readonly #records: Map<TargetId, TargetRecord>;
  readonly #planDigest: string;
  readonly #seen: Set<string>;
  readonly #resumes: boolean;
  /** What happened and is not written down yet. */
  #inbox: RolloutEntry[] = [];
  #wake: () => void = () => undefined;
  #state: RolloutState;
  /** Engine runs under way; nothing is left while there are any. */
  readonly #runs = new Set<Promise<void>>();
  /** Ends questions, timers and previews when the driver leaves. */
  readonly #leaving = new AbortController();
  /** Stops what runs once the driver itself has failed. */
  readonly #broken = new AbortController();
  #failure: { readonly error: unknown } | null = null;
  #waitingSince: string | null = null;
  #deadline: string | null = null;

  constructor(start: RolloutStart, ports: DriverPorts, options: DriverOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#planDigest = start.plan.digest;
    this.#records = new Map(start.records);
    this.#state = replayRollout(start);
    this.#resumes = start.events.length > 0;
    this.#seen = new Set(start.events.flatMap((event) => ('message' in event && event.message !== null ? [event.message] : [])));
    this.#context = {
      ...ports,
      // A controller that can write nothing any more must not go on changing things.
      signals: { ...ports.signals, lost: AbortSignal.any([ports.signals.lost, this.#broken.signal]) },
      rollout: options.rollout,
      planned: new Map(start.plan.targets.map((planned) => [planned.target.id, planned])),
      waves: new Map(start.plan.waves.map((wave) => [wave.name, wave])),
      goods: start.goods,
      records: this.#records,
      keep: (record) => this.#keep(record),
    };
  }

  async run(): Promise<DriverResult> {
    const { drain, lost } = this.#ports.signals;
    const pause = () => this.#push({ event: { type: 'paused', at: this.#now(), by: 'an interrupt', message: null } });
    const stop = () => this.#fail(lost.reason);
    drain.addEventListener('abort', pause, { once: true });
    lost.addEventListener('abort', stop, { once: true });
    try {
      if (lost.aborted) stop();
      // Its first controller may have died before it began, and somebody may have written since what was asked or what has left.
      if (this.#state.startedAt === null) {
        const { by } = this.#options;
        this.#push({ event: { type: 'begun', at: this.#now(), ...(by !== undefined && { by }) } });
      }
      if (this.#resumes) this.#goOn();
      // A rollout that waits for a person is left at once: what was asked for while nobody drove it comes first.
      await this.#look(() => this.#lookForRequests());
      if (drain.aborted) pause();
      this.#repeat(this.#ports.gates.intervalSeconds, () => this.#askAgain());
      this.#repeat(this.#options.requestSeconds, () => this.#lookForRequests());
      return await this.#loop();
    } finally {
      this.#leaving.abort(new Error('the driver leaves'));
      drain.removeEventListener('abort', pause);
      lost.removeEventListener('abort', stop);
      await Promise.allSettled(this.#runs);
    }
  }

  /** One thing at a time: what happened is decided upon and written down, then what follows is carried out. */
  async #loop(): Promise<DriverResult> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const entries = this.#inbox;
      this.#inbox = [];
      if (entries.length > 0) await this.#take(entries);
      else {
        const left = this.#leave();
        if (left) return left;
        this.#awaitDeadline();
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          if (this.#inbox.length > 0 || this.#failure) resolve();
        });
      }
    }
  }

  async #take(entries: readonly RolloutEntry[]): Promise<void> {
    const { state, commands, written, records } = commit(entries, { state: this.#state, records: this.#records });
    await this.#ports.journal.append(written);
    for (const record of records.values()) this.#records.set(record.target, record);
    this.#state = state;
    for (const command of commands) this.#carryOut(command);
  }

  #carryOut(command: RolloutCommand): void {
    tellCommand(this.#ports.reporter, command);
    switch (command.type) {
      case 'run-target':
      case 'roll-back':
        // After a second interrupt it would be stopped at once, and begun again: whoever resumes begins it.
        if (!this.#ports.signals.cancel.aborted) this.#run(runTarget(command, this.#context));
        break;
      case 'preview-wave':
        void this.#preview(command.wave, command.targets);
        break;
      case 'ask-gate':
        void this.#ask(command.about);
        break;
      case 'promote':
      case 'begin-wave':
      case 'hold-wave':
      case 'bake':
      case 'undecided-wave':
      case 'begin-rollback':
      case 'end-wave':
      case 'finish':
        break; // Told, or written down with the event that led to it.
      default:
        throw new Error(`unknown command ${(command satisfies never as RolloutCommand).type}`);
    }
  }

  /** Takes over where another controller stopped: what it had under way is settled, what it had asked is asked again. */
  #goOn(): void {
    const { states, paused, outcome } = this.#state;
    if (outcome !== null) return;
    for (const [target, state] of states) {
      if (state.state === 'running') {
        const wave = this.#state.setup.targets.get(target)?.wave ?? '';
        this.#run(reconcileTarget({ type: 'run-target', target, wave, attempt: state.attempts, phase: state.phase }, this.#context));
      } else if (state.state === 'rolling-back' && state.step === 'running')
        this.#run(reconcileTarget({ type: 'roll-back', target, attempt: state.attempts }, this.#context));
    }
    for (const command of unanswered(this.#state)) this.#carryOut(command);
    if (paused !== null) this.#push({ event: { type: 'resumed', at: this.#now(), by: 'resume', message: null } });
    // Deadlines may have passed while nobody looked, and gates that held it may answer otherwise by now.
    this.#push({ event: { type: 'tick', at: this.#now() } });
    void this.#askAgain();
  }

  #run(run: Promise<readonly RolloutEntry[]>): void {
    const ended = run
      .then((entries) => this.#push(...entries))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#runs.delete(ended);
        this.#wake();
      });
    this.#runs.add(ended);
  }

  async #preview(wave: string, targets: readonly TargetId[]): Promise<void> {
    try {
      const found = await previewTargets(targets, this.#context, this.#leaving.signal);
      if (this.#leaving.signal.aborted) return;
      const failed = new Set(found.failed.map(({ target }) => target));
      // What cannot be previewed is not started: there is nothing of it to approve.
      const irreversible = found.irreversible.filter(({ target }) => !failed.has(target));
      this.#push({ event: { type: 'wave-previewed', at: this.#now(), wave, irreversible, failed: found.failed } });
    } catch (error) {
      if (!this.#leaving.signal.aborted) this.#fail(error);
    }
  }

  async #ask(about: Extract<RolloutCommand, { readonly type: 'ask-gate' }>['about'], repeated = false): Promise<void> {
    try {
      const answer = await askGate(about, { ...this.#context, state: this.#state, signal: this.#leaving.signal });
      if (this.#leaving.signal.aborted || (repeated && !isNews(this.#state, about, answer))) return;
      this.#push({ event: { type: 'gate-answered', at: this.#now(), about, answer } });
    } catch (error) {
      if (!this.#leaving.signal.aborted) this.#fail(error);
    }
  }

  async #askAgain(): Promise<void> {
    for (const about of questionsToRepeat(this.#state)) await this.#ask(about, true);
  }

  async #lookForRequests(): Promise<void> {
    const { reporter, requests } = this.#ports;
    for (const request of await requests(this.#seen)) {
      if (this.#seen.has(request.id)) continue;
      this.#seen.add(request.id);
      this.#push({ event: carryRequest(request, { state: this.#state, at: this.#now(), reporter, planDigest: this.#planDigest }) });
    }
  }

  /** Whether to leave now that nothing new has happened. */
  #leave(): DriverResult | null {
    const result = { state: this.#state, records: this.#records };
    if (this.#runs.size > 0) return null;
    if (this.#state.outcome !== null) return { ...result, left: 'ended' };
    if (this.#ports.signals.cancel.aborted) return { ...result, left: 'interrupted' };
    // A way back that has begun is gone to its end, also after an interrupt.
    const goingBack = [...this.#state.states.values()].some((state) => state.state === 'rolling-back' && state.step !== 'held');
    if (this.#ports.signals.drain.aborted && this.#state.paused !== null && !goingBack) return { ...result, left: 'interrupted' };
    const waiting = waitingFor(this.#state, this.#now());
    if (waiting === null) {
      this.#waitingSince = null;
      return null;
    }
    this.#waitingSince ??= this.#now();
    return leavesNow(waiting, { leave: this.#leaveAt(waiting), now: this.#now() }) ? { ...result, left: 'waiting', waiting } : null;
  }

  /** When it has waited enough; null: it waits as long as it takes, or for nothing. */
  #leaveAt(waiting: Waiting | null): string | null {
    if (waiting === null || this.#waitingSince === null) return null;
    const { waitSeconds } = this.#options;
    return leaveAt(this.#state, waiting, { since: this.#waitingSince, waitSeconds, gateSeconds: this.#ports.gates.intervalSeconds });
  }

  /** Wakes the loop at the next deadline, or when it has waited enough. One timer at a time for each instant. */
  #awaitDeadline(): void {
    const leave = this.#leaveAt(waitingFor(this.#state, this.#now()));
    const deadline = [nextDeadline(this.#state, this.#now()), leave].filter((at) => at !== null).sort()[0] ?? null;
    if (deadline === null || deadline === this.#deadline) return;
    this.#deadline = deadline;
    void this.#sleepUntil(deadline);
  }

  async #sleepUntil(deadline: string): Promise<void> {
    const { clock } = this.#ports;
    try {
      // A timer may fire a millisecond early by the wall clock, and the core counts by that.
      for (let left = secondsBetween(this.#now(), deadline); left > 0; left = secondsBetween(this.#now(), deadline)) {
        await clock.sleep(Math.min(Math.ceil(left * 1000), LONGEST_SLEEP_MS), this.#leaving.signal);
        if (this.#deadline !== deadline) return;
      }
    } catch (error) {
      if (!this.#leaving.signal.aborted) this.#fail(error);
      return;
    }
    if (this.#deadline === deadline) this.#deadline = null;
    this.#push({ event: { type: 'tick', at: this.#now() } });
  }

  /**
   * Does something every so often until the driver leaves; what takes long is done less often, so that it takes a fifth of the time at most.
   * What fails is told, and tried again the next time.
   */
  #repeat(seconds: number, work: () => Promise<void>): void {
    const go = async (): Promise<void> => {
      let took = 0;
      while (!this.#leaving.signal.aborted) {
        await this.#ports.clock.sleep(Math.min(Math.max(seconds, 4 * took), 20 * seconds) * 1000, this.#leaving.signal);
        const before = this.#now();
        try {
          await work();
        } catch (error) {
          this.#ports.reporter.report({ level: 'warning', code: 'look-failed', message: `requests cannot be read: ${messageOf(error)}` });
        }
        took = secondsBetween(before, this.#now());
      }
    };
    go().catch((error: unknown) => {
      if (!this.#leaving.signal.aborted) this.#fail(error);
    });
  }

  async #look(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#ports.reporter.report({ level: 'warning', code: 'look-failed', message: `requests cannot be read: ${messageOf(error)}` });
    }
  }

  async #keep(record: TargetRecord): Promise<void> {
    await this.#ports.journal.append([{ record }]);
    this.#records.set(record.target, record);
  }

  #push(...entries: readonly RolloutEntry[]): void {
    this.#inbox.push(...entries);
    this.#wake();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#broken.abort(error);
    this.#wake();
  }

  #now(): string {
    return this.#ports.clock.now().toISOString();
  }
}
