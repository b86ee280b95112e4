import type { TargetId } from '../../../contracts/target';
import type { RolloutPlan } from '../../../fleet/plan/rollout-plan';
import type { TargetRecord, TargetRecords } from '../../../fleet/plan/target-record';
import { noChanges, type Clock, type Engine, type EngineJob, type EngineResult } from '../../../fleet/ports';
import { driveRollout, type RolloutJournal } from '../../../fleet/rollout/driver';
import type { RolloutEvent } from '../../../fleet/rollout/state';

/** How the fake engine answers a target; `hang` waits for the abort and fails, `hang and throw` throws then. */
export type Behaviour = 'succeed' | 'fail' | 'throw' | 'hang' | 'hang and throw';

/** An engine that remembers its jobs and how many ran at once, in all and in one account, and keeps each open for a turn of the loop. */
export class FakeEngine implements Engine {
  readonly name = 'sandbox';
  readonly jobs: EngineJob[] = [];
  most = 0;
  mostInAccount = 0;
  readonly #running: string[] = [];
  readonly #behaviour: (target: TargetId) => Behaviour;

  constructor(behaviour: (target: TargetId) => Behaviour = () => 'succeed') {
    this.#behaviour = behaviour;
  }

  async run(_action: string, job: EngineJob, { signal }: { readonly signal: AbortSignal }): Promise<EngineResult> {
    this.jobs.push(job);
    const { account } = job.target;
    this.#running.push(account);
    this.most = Math.max(this.most, this.#running.length);
    this.mostInAccount = Math.max(this.mostInAccount, this.#running.filter((one) => one === account).length);
    await new Promise((resolve) => setImmediate(resolve));
    this.#running.splice(this.#running.indexOf(account), 1);
    const failed = (message: string): EngineResult => ({
      status: 'failed',
      changes: noChanges,
      steps: [],
      error: { code: 'aws/Boom', message, resource: 'urn:x' },
    });
    switch (this.#behaviour(job.target.id)) {
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

  inspect = () => Promise.reject(new Error('not asked'));
  close = () => Promise.resolve();
}

function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => (signal.aborted ? resolve(undefined) : signal.addEventListener('abort', resolve, { once: true })));
}

/** Time that passes only in sleeps. A target's time limit (15 minutes and more) passes at once where `impatient`, and else never. */
export function fakeClock(impatient = false): Clock {
  let now = Date.UTC(2026, 0, 1);
  return {
    now: () => new Date(now),
    sleep: async (milliseconds, signal) => {
      if (milliseconds >= 900_000 && !impatient)
        await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('over')), { once: true }));
      else now += milliseconds;
    },
  };
}

/** What a rollout is driven with; all but the engine has a default. */
export interface DriveOptions {
  readonly engine: FakeEngine;
  readonly records?: TargetRecords;
  readonly clock?: Clock;
  readonly drain?: AbortSignal;
  /** Called in place of noting what the journal is told. */
  readonly journal?: Partial<RolloutJournal>;
}

/** Drives a plan to its end: outcomes by target, and what the journal was told. */
export async function drive(plan: RolloutPlan, options: DriveOptions) {
  const events: RolloutEvent[] = [];
  const kept: TargetRecord[] = [];
  const result = await driveRollout(plan, options.records ?? new Map(), {
    engine: options.engine,
    clock: options.clock ?? fakeClock(),
    reporter: { report: () => undefined },
    journal: { event: (event) => events.push(event), record: (record) => kept.push(record), ...options.journal },
    release: { digest: plan.release, directory: '/nowhere', manifest: { version: 1, layers: {}, lambdas: {}, providerVersion: '7' } },
    drain: options.drain ?? new AbortController().signal,
  });
  const outcomes = Object.fromEntries(
    [...result.state.states].map(([id, state]) => [id, state.state === 'done' ? state.outcome : state.state]),
  );
  return { ...result, outcomes, events, kept };
}

/** Lets nine targets of any wave fail. */
export const lenient = (text: string) =>
  text.replace('failureTolerance: "10%"', 'failureTolerance: 9').replace('    failureTolerance: 0\n', '');
