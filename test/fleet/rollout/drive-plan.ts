import type { TargetId } from '../../../contracts/target';
import type { RolloutPlan } from '../../../fleet/plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../../../fleet/plan/target-record';
import {
  noChanges,
  type Clock,
  type Engine,
  type EngineAction,
  type EngineJob,
  type EngineResult,
  type GateAnswer,
  type GateQuestion,
  type Inspection,
  type Message,
} from '../../../fleet/ports';
import { driveRollout, type DriverResult } from '../../../fleet/rollout/driver';
import type { RolloutEntry, RolloutRequest } from '../../../fleet/rollout/driver-ports';
import type { RolloutEvent } from '../../../fleet/rollout/state';

import { answerOf, outcomesOf } from './core-fixture';

/** How the fake engine answers a target; `hang` waits for the abort and fails, `hang and throw` throws then. */
export type Behaviour = 'succeed' | 'fail' | 'throw' | 'hang' | 'hang and throw';

/** Time that passes only when nothing else happens: then the sleeper that is due first wakes, as early as `early` milliseconds. */
export class VirtualClock implements Clock {
  readonly sleeps: number[] = [];
  #now = Date.UTC(2026, 0, 1);
  #sleepers: { readonly due: number; readonly wake: () => void }[] = [];
  readonly #early: number;

  constructor(early = 0) {
    this.#early = early;
  }

  now = () => new Date(this.#now);

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.sleeps.push(milliseconds);
    return new Promise((resolve, reject) => {
      const wake = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const sleeper = { due: this.#now + milliseconds - (milliseconds > this.#early ? this.#early : 0), wake };
      const stop = () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        reject(new Error('over'));
      };
      if (signal?.aborted) return reject(new Error('over'));
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }

  /** Lets time pass until something has ended. */
  async until<Result>(something: Promise<Result>): Promise<Result> {
    let ended = false;
    const end = () => (ended = true);
    void something.then(end, end);
    while (!ended) {
      for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const [first] = [...this.#sleepers].sort((left, right) => left.due - right.due);
      if (ended || first === undefined) continue;
      this.#sleepers = this.#sleepers.filter((one) => one !== first);
      this.#now = Math.max(this.#now, first.due);
      first.wake();
    }
    return something;
  }
}

/** An engine that remembers its jobs, what it last did to each target, and how many ran at once, in all and in one account. */
export class FakeEngine implements Engine {
  readonly name = 'sandbox';
  readonly jobs: EngineJob[] = [];
  readonly previews: EngineJob[] = [];
  most = 0;
  mostInAccount = 0;
  readonly #running: string[] = [];
  readonly #attempts = new Map<string, NonNullable<Inspection['lastAttempt']>>();
  readonly #behaviour: (target: TargetId, job: EngineJob) => Behaviour;

  constructor(behaviour: (target: TargetId, job: EngineJob) => Behaviour = () => 'succeed') {
    this.#behaviour = behaviour;
  }

  async run(action: EngineAction, job: EngineJob, { signal }: { readonly signal: AbortSignal }): Promise<EngineResult> {
    if (action === 'preview') {
      this.previews.push(job);
      return { status: 'succeeded', changes: noChanges, steps: [], outputs: {} };
    }
    this.jobs.push(job);
    const { account } = job.target;
    this.#running.push(account);
    this.most = Math.max(this.most, this.#running.length);
    this.mostInAccount = Math.max(this.mostInAccount, this.#running.filter((one) => one === account).length);
    const begun = { id: job.id, action, startedAt: '', endedAt: null, result: null, changes: noChanges, error: null };
    this.#attempts.set(job.target.id, begun);
    await new Promise((resolve) => setImmediate(resolve));
    this.#running.splice(this.#running.indexOf(account), 1);
    const result = await this.#end(job, signal);
    this.#attempts.set(job.target.id, { ...begun, result: result.status, changes: result.changes });
    return result;
  }

  async #end(job: EngineJob, signal: AbortSignal): Promise<EngineResult> {
    const failed = (message: string): EngineResult => ({
      status: 'failed',
      changes: noChanges,
      steps: [],
      error: { code: 'aws/Boom', message, resource: 'urn:x' },
    });
    switch (this.#behaviour(job.target.id, job)) {
      case 'succeed':
        return { status: 'succeeded', changes: { ...noChanges, create: 1 }, steps: [], outputs: { of: job.target.id } };
      case 'fail':
        return failed('boom');
      case 'throw':
        throw new Error('engine broke');
      case 'hang':
        await aborted(signal);
        return failed('stopped in mid-create');
      case 'hang and throw':
        await aborted(signal);
        throw new Error('stopped in mid-create');
    }
  }

  inspect = async ({ id }: { readonly id: TargetId }): Promise<Inspection> => ({
    exists: this.#attempts.has(id),
    lastAttempt: this.#attempts.get(id) ?? null,
    lock: null,
    pending: [],
    resources: [],
    outputs: { of: id },
  });
  close = () => Promise.resolve();
}

function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => (signal.aborted ? resolve(undefined) : signal.addEventListener('abort', resolve, { once: true })));
}

/** What a rollout is driven with; all but the engine has a default. */
export interface DriveOptions {
  readonly engine: FakeEngine;
  /** Records as they are; and as they were when the rollout began, unless it begins. */
  readonly records?: TargetRecords;
  readonly goods?: TargetRecords;
  readonly events?: readonly RolloutEvent[];
  readonly clock?: VirtualClock;
  readonly drain?: AbortSignal;
  readonly cancel?: AbortSignal;
  readonly lost?: AbortSignal;
  /** Called before entries are noted; where it throws, they are not. */
  readonly append?: (entries: readonly RolloutEntry[]) => void;
  readonly ask?: (question: GateQuestion) => GateAnswer;
  readonly requests?: () => readonly RolloutRequest[];
  readonly waitSeconds?: number | null;
}

/** How a rollout was left, outcomes by target, and what its journal and reporter were told. */
export type Driven = DriverResult & {
  readonly outcomes: Readonly<Record<string, string>>;
  readonly events: readonly RolloutEvent[];
  readonly kept: readonly TargetRecord[];
  readonly messages: readonly Message[];
};

const never = () => new AbortController().signal;

/** Drives a plan until the driver leaves, in virtual time. */
export async function drive(plan: RolloutPlan, options: DriveOptions): Promise<Driven> {
  const written: RolloutEntry[] = [];
  const messages: Message[] = [];
  const clock = options.clock ?? new VirtualClock();
  const records = options.records ?? new Map<TargetId, TargetRecord>();
  const { drain = never(), cancel = never(), lost = never() } = options;
  const driving = driveRollout(
    { plan, goods: options.goods ?? records, records, events: options.events ?? [] },
    {
      engine: options.engine,
      gates: {
        intervalSeconds: 30,
        ask: (question) => Promise.resolve((options.ask ?? (() => answerOf('pass')))(question)),
        close: () => Promise.resolve(),
      },
      clock,
      reporter: { report: (message) => messages.push(message) },
      journal: {
        append: async (entries) => {
          options.append?.(entries);
          written.push(...entries);
        },
      },
      releaseOf: (digest) => ({ digest, directory: '/nowhere', manifest: { version: 1, layers: {}, lambdas: {}, providerVersion: '7' } }),
      requests: async () => options.requests?.() ?? [],
      confirm: () => Promise.resolve(),
      signals: { drain, cancel, lost },
    },
    { rollout: 'r-1', waitSeconds: options.waitSeconds ?? null, requestSeconds: 5 },
  );
  const result = await clock.until(driving);
  return {
    ...result,
    outcomes: outcomesOf(result.state),
    events: written.flatMap((entry) => ('event' in entry ? [entry.event] : [])),
    kept: written.flatMap((entry) => ('record' in entry ? [entry.record] : [])),
    messages,
  };
}

/** What a rollout that began with nothing deployed goes on from. */
export const from = ({ events, records }: Driven) => ({ events, records, goods: new Map<TargetId, TargetRecord>() });

/** Lets nine targets of any wave fail. */
export const lenient = (text: string) =>
  text.replace('failureTolerance: "10%"', 'failureTolerance: 9').replace('    failureTolerance: 0\n', '');
