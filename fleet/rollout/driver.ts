import { secondsBetween } from '../../contracts/duration';
import type { TargetId } from '../../contracts/target';
import type { RunInputs } from '../../contracts/target-config';
import { digestOf } from '../digest';
import { messageOf } from '../errors';
import type { PlannedTarget, RolloutPlan } from '../plan/rollout-plan';
import { fingerprintOf, upstreamDigests, type Deployment, type TargetRecord, type TargetRecords } from '../plan/target-record';
import { noChanges, type Clock, type Engine, type EngineResult, type ReleaseHandle, type Reporter } from '../ports';

import { decide, initialState } from './decide';
import type { RolloutCommand, RolloutEvent, RolloutState } from './state';

/** What a rollout writes down; each call is durable when it returns. */
export interface RolloutJournal {
  /** An event of the core, before what follows from it is carried out. */
  event(event: RolloutEvent): void;
  /** A target's new record. */
  record(record: TargetRecord): void;
}

/** What the local driver carries commands out with. */
export interface DriverPorts {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly journal: RolloutJournal;
  readonly release: ReleaseHandle;
  /** Aborted by the user: no further target starts, running ones finish. */
  readonly drain: AbortSignal;
}

/** How a rollout ended. */
export interface DriverResult {
  readonly state: RolloutState;
  readonly records: TargetRecords;
}

/**
 * Runs a plan in this process: feeds the core events, carries its commands out, and keeps records. Decides nothing itself but whether a
 * target whose turn has come is unchanged.
 */
export async function driveRollout(plan: RolloutPlan, records: TargetRecords, ports: DriverPorts): Promise<DriverResult> {
  const driver = new Driver(plan, records, ports);
  return driver.run();
}

/** A plan as the core sees it. */
export function setupOf(plan: RolloutPlan) {
  return {
    waves: plan.waves,
    limits: plan.limits,
    targets: plan.targets.map(({ target, wave, dependencies }) => ({
      id: target.id,
      account: target.account,
      region: target.region,
      wave,
      dependencies,
    })),
  };
}

class Driver {
  readonly #timeouts: ReadonlyMap<string, number>;
  readonly #ports: DriverPorts;
  readonly #planned: ReadonlyMap<TargetId, PlannedTarget>;
  readonly #records: Map<TargetId, TargetRecord>;
  #state: RolloutState;
  #finish: (() => void) | undefined;
  #fail: ((error: unknown) => void) | undefined;

  constructor(plan: RolloutPlan, records: TargetRecords, ports: DriverPorts) {
    this.#timeouts = new Map(plan.waves.map((wave) => [wave.name, wave.targetTimeoutSeconds]));
    this.#ports = ports;
    this.#planned = new Map(plan.targets.map((planned) => [planned.target.id, planned]));
    this.#records = new Map(records);
    this.#state = initialState(setupOf(plan));
  }

  async run(): Promise<DriverResult> {
    const { drain } = this.#ports;
    const abort = () => this.#guard(() => this.#take({ type: 'abort-requested', at: this.#now(), reason: 'interrupted' }));
    drain.addEventListener('abort', abort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        this.#finish = resolve;
        this.#fail = reject;
        // Interrupted while the plan was made: the listener will not be called any more, and nothing may start.
        if (drain.aborted) abort();
        this.#guard(() => this.#take({ type: 'begun', at: this.#now() }));
      });
    } finally {
      drain.removeEventListener('abort', abort);
    }
    return { state: this.#state, records: this.#records };
  }

  #take(event: RolloutEvent): void {
    this.#ports.journal.event(event);
    const decision = decide(this.#state, event);
    this.#state = decision.state;
    for (const command of decision.commands) this.#carryOut(command);
  }

  #carryOut(command: RolloutCommand): void {
    const { reporter } = this.#ports;
    switch (command.type) {
      case 'begin-wave':
        reporter.report({
          level: 'info',
          code: 'wave-started',
          message: `wave ${command.wave}: ${count(command.targets, 'target')}`,
          data: { wave: command.wave },
        });
        break;
      case 'end-wave':
        reporter.report({
          level: command.state.state === 'passed' ? 'info' : 'warning',
          code: 'wave-ended',
          message: `wave ${command.wave} ${command.state.state}${'reason' in command.state ? `: ${command.state.reason}` : ''}`,
          data: { wave: command.wave, ...command.state },
        });
        break;
      case 'bake':
        reporter.report({
          level: 'info',
          code: 'bake-started',
          message: `wave ${command.wave} bakes until ${command.until} (a wait: no gate reads alarms yet)`,
          data: { wave: command.wave, until: command.until },
        });
        void this.#bake(command.wave, command.until);
        break;
      case 'run-target':
        void this.#runTarget(command.target, command.attempt);
        break;
      case 'finish':
        this.#finish?.();
        break;
      default:
        throw new Error(`unknown command ${(command satisfies never as RolloutCommand).type}`);
    }
  }

  async #bake(wave: string, until: string): Promise<void> {
    try {
      // A timer may fire a millisecond early by the wall clock, and the core counts by that: a bake is over when its deadline has passed.
      for (let left = secondsBetween(this.#now(), until); left > 0; left = secondsBetween(this.#now(), until)) {
        await this.#ports.clock.sleep(Math.ceil(left * 1000), this.#ports.drain);
      }
    } catch (error) {
      // Interrupted: the abort event has ended the bake.
      if (!this.#ports.drain.aborted) this.#fail?.(error);
      return;
    }
    this.#guard(() => this.#take({ type: 'bake-over', at: this.#now(), wave }));
  }

  async #runTarget(id: TargetId, attempt: number): Promise<void> {
    try {
      const event = await this.#deploy(this.#plannedTarget(id), attempt);
      this.#guard(() => this.#take(event));
    } catch (error) {
      this.#fail?.(error);
    }
  }

  async #deploy(planned: PlannedTarget, attempt: number): Promise<RolloutEvent> {
    const { reporter, engine, journal, release } = this.#ports;
    const { id } = planned.target;
    const record = this.#records.get(id);
    const upstream = upstreamDigests(planned.config, this.#records);
    const fingerprint = fingerprintOf(planned.desired, upstream);
    if (record?.good?.fingerprint === fingerprint && !record.dirty) {
      reporter.report({ level: 'info', code: 'target-unchanged', message: `${id} unchanged`, target: id });
      return { type: 'target-ended', at: this.#now(), target: id, outcome: 'unchanged', engineRuns: 0, changes: noChanges, error: null };
    }
    const startedAt = this.#now();
    const createdAt = record?.createdAt ?? startedAt;
    const current: Deployment = {
      release: release.digest,
      desired: planned.desired,
      fingerprint,
      parts: planned.parts,
      upstream,
      config: planned.config,
    };
    const begun: TargetRecord = {
      target: id,
      createdAt,
      good: record?.good ?? null,
      current,
      dirty: true,
      outputs: record?.outputs ?? null,
      seconds: record?.seconds ?? null,
    };
    journal.record(this.#keep(begun));
    reporter.report({ level: 'info', code: 'target-started', message: `${id} (${planned.accountName}) started`, target: id });

    const missing = planned.config.upstream.map(({ target }) => target).filter((target) => upstream[target] === null);
    const run: RunInputs = { createdAt, phase: 'full', publish: true, attempt, missing, unprotect: 'nothing' };
    const result = await this.#withTimeout(this.#timeoutOf(planned), (signal) =>
      engine.run(
        'up',
        { target: planned.target, release, config: planned.config, run, fingerprint, purpose: 'forward' },
        {
          signal,
          onEvent: (event) =>
            reporter.report({
              level: 'debug',
              code: event.kind,
              message: `${id} ${event.step.op} ${event.step.type} ${event.step.name}`,
              target: id,
              data: event,
            }),
        },
      ),
    );
    const endedAt = this.#now();
    const seconds = secondsBetween(startedAt, endedAt);
    switch (result.status) {
      case 'succeeded':
        journal.record(this.#keep({ ...begun, good: current, dirty: false, outputs: digestOf(result.outputs), seconds }));
        reporter.report({
          level: 'info',
          code: 'target-succeeded',
          message: `${id} succeeded in ${seconds.toFixed(1)} s`,
          target: id,
          data: result.changes,
        });
        return { type: 'target-ended', at: endedAt, target: id, outcome: 'succeeded', engineRuns: 1, changes: result.changes, error: null };
      case 'failed':
        reporter.report({
          level: 'error',
          code: 'target-failed',
          message: `${id} failed: ${result.error.message}${result.error.resource ? ` (${result.error.resource})` : ''}`,
          target: id,
          data: result.error,
        });
        return {
          type: 'target-ended',
          at: endedAt,
          target: id,
          outcome: 'failed',
          engineRuns: 1,
          changes: result.changes,
          error: result.error,
        };
      default:
        throw new Error(`unknown result ${(result satisfies never as EngineResult).status}`);
    }
  }

  /** Ends a run that takes longer than the plan allows; what it did until then stands in its result. */
  async #withTimeout(targetTimeoutSeconds: number, run: (signal: AbortSignal) => Promise<EngineResult>): Promise<EngineResult> {
    const expiry = new AbortController();
    const over = new AbortController();
    const timer = this.#ports.clock.sleep(targetTimeoutSeconds * 1000, over.signal).then(
      () => expiry.abort(new Error('target timeout')),
      () => undefined, // The run ended first.
    );
    try {
      const result = await run(expiry.signal).catch(engineFailure);
      if (result.status !== 'failed' || !expiry.signal.aborted) return result;
      return {
        ...result,
        error: {
          ...result.error,
          code: 'fleet/timeout',
          message: `took longer than the ${targetTimeoutSeconds} s of targetTimeout: ${result.error.message}`,
        },
      };
    } finally {
      over.abort(new Error('the run ended'));
      await timer;
    }
  }

  #timeoutOf({ target, wave }: PlannedTarget): number {
    const seconds = this.#timeouts.get(wave ?? '');
    if (seconds === undefined) throw new Error(`${target.id} was started and is in no wave of the plan`);
    return seconds;
  }

  #keep(record: TargetRecord): TargetRecord {
    this.#records.set(record.target, record);
    return record;
  }

  #plannedTarget(id: TargetId): PlannedTarget {
    const planned = this.#planned.get(id);
    if (!planned) throw new Error(`the core named ${id}, which is no target of the plan`);
    return planned;
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail?.(error);
    }
  }

  #now(): string {
    return this.#ports.clock.now().toISOString();
  }
}

/** An engine that throws fails its target and no other. */
function engineFailure(error: unknown): EngineResult {
  return { status: 'failed', changes: noChanges, steps: [], error: { code: 'fleet/engine', message: messageOf(error), resource: null } };
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
