import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import type * as z from 'zod';

import { runInputsSchema, type RunInputs } from '../../../../contracts/target-config';
import { targetSchema, type Target } from '../../../../contracts/target';
import { openSandboxEngine } from '../../../../fleet/engine/sandbox/open-sandbox-engine';
import type { SandboxEngine } from '../../../../fleet/engine/sandbox/sandbox-engine';
import type { Clock, EngineAction, EngineEvent, EngineJob, EngineResult, EngineStep, ReleaseHandle } from '../../../../fleet/ports';
import { organizationSchema } from '../../../../sandbox/organization';

import type { Graph, GraphResource } from './graph';
import { graphProgram } from './graph-program';

/** Accounts of the test's organisation; `suspended` is what it says, `other` has eu-west-2 turned off and ap-east-1 on. */
export const accounts = {
  management: '100000000000',
  workload: '111111111111',
  other: '222222222222',
  suspended: '333333333333',
} as const;

// The graph program stands in for it: what is in a release is another test's matter.
const release: ReleaseHandle = {
  digest: 'a'.repeat(64),
  directory: '/nowhere',
  manifest: { version: 1, layers: {}, lambdas: {}, providerVersion: '7.48.0' },
};

/** What one run is given beside the graph. */
export interface RunSettings {
  /** Of the attempt. */
  readonly id?: string;
  readonly target?: string;
  readonly fingerprint?: string;
  readonly purpose?: EngineJob['purpose'];
  readonly refresh?: boolean;
  readonly run?: z.input<typeof runInputsSchema>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: EngineEvent) => void;
}

/** Time that passes only by sleeping, all at once. */
export class FakeClock implements Clock {
  readonly slept: number[] = [];
  #sleepsLeft = Infinity;
  #stopped: () => void = () => undefined;
  /** Sleepers never wake unless this resolves. */
  #woken = new Promise<void>(() => undefined);
  #now = Date.parse('2026-01-05T08:00:00.000Z');

  now(): Date {
    return new Date(this.#now);
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#sleepsLeft === 0) {
      const woken = this.#woken;
      this.#stopped();
      return woken.then(() => signal?.throwIfAborted());
    }
    this.#sleepsLeft -= 1;
    this.slept.push(milliseconds);
    this.#now += milliseconds;
    await Promise.resolve();
    signal?.throwIfAborted();
  }

  /** After so many sleeps time stands still: whoever sleeps then never wakes. Resolves when the first one does. */
  stopAfter(sleeps: number): Promise<void> {
    this.#sleepsLeft = sleeps;
    return new Promise((resolve) => {
      this.#stopped = resolve;
    });
  }

  /** As {@link stopAfter} for the sleepers of now, whom `wake` lets go on; those who come once `stopped` has resolved are not held. */
  holdAfter(sleeps: number): { readonly stopped: Promise<void>; readonly wake: () => void } {
    let wake: () => void = () => undefined;
    this.#woken = new Promise((resolve) => {
      wake = resolve;
    });
    return { stopped: this.stopAfter(sleeps).then(() => this.goOn()), wake };
  }

  /** Time passes again for those who come from now on. */
  goOn(): void {
    this.#sleepsLeft = Infinity;
    this.#woken = new Promise(() => undefined);
  }
}

/** A sandbox engine over a folder of its own, and everything a test asks of it. Close it. */
export class TestSandbox {
  /** Each attempt is another one, as in a rollout. */
  #attempts = 0;
  readonly clock = new FakeClock();
  readonly events: EngineEvent[] = [];
  readonly directory: string;
  readonly #root = mkdtempSync(join(tmpdir(), 'sandbox-engine-'));
  #engine: SandboxEngine;

  constructor(faults: readonly unknown[] = [], promoted: readonly string[] = []) {
    this.directory = join(this.#root, 'sandbox');
    this.#engine = this.#open({ faults, promoted });
  }

  get engine(): SandboxEngine {
    return this.#engine;
  }

  /** As a new process would: everything not on disk is forgotten. */
  restart(faults: readonly unknown[] = [], promoted: readonly string[] = []): void {
    this.#engine = this.#open({ faults, promoted });
  }

  /** As an organisation in which this was changed behind the fleet's back. */
  restartDrifted(drift: readonly unknown[], faults: readonly unknown[] = []): void {
    this.#engine = this.#open({ drift, faults });
  }

  /** Somebody emptied an account by hand. */
  restartEmptied(account: string): void {
    rmSync(join(this.directory, 'world', `${account}.ndjson`));
    this.restart();
  }

  /** An engine of another process, beside this one's. */
  beside(): SandboxEngine {
    return this.#open({});
  }

  async run(action: EngineAction, graph: Graph | readonly GraphResource[], settings: RunSettings = {}): Promise<EngineResult> {
    return this.#engine.run(action, this.job(graph, settings), {
      signal: settings.signal ?? new AbortController().signal,
      onEvent: (event) => {
        this.events.push(event);
        settings.onEvent?.(event);
      },
    });
  }

  /** As {@link run} with `up`; throws where it failed. */
  async up(graph: Graph | readonly GraphResource[], settings: RunSettings = {}): Promise<Extract<EngineResult, { status: 'succeeded' }>> {
    const result = await this.run('up', graph, settings);
    if (result.status === 'failed') throw new Error(`${result.error.code}: ${result.error.message}`);
    return result;
  }

  /**
   * Runs `up` and kills it between a change of the world and its record, after so many operations, as nothing of an engine whose clock has
   * stopped goes on; then starts anew. Resolves to false where it was done before that.
   */
  async upKilledAfter(operations: number, graph: Graph | readonly GraphResource[], settings: RunSettings = {}): Promise<boolean> {
    const stopped = this.clock.stopAfter(operations).then(() => true);
    const killed = await Promise.race([stopped, this.up(graph, settings).then(() => false)]);
    // What was under way beside it comes to its own standstill.
    await new Promise((resolve) => setImmediate(resolve));
    this.clock.goOn();
    this.restart();
    return killed;
  }

  job(graph: Graph | readonly GraphResource[], settings: RunSettings = {}): EngineJob {
    const target = targetOf(settings.target);
    const inputs: RunInputs = runInputsSchema.parse(settings.run ?? {});
    return {
      id: settings.id ?? `rollout-1/${target.id}#${(this.#attempts += 1)}`,
      target,
      release,
      config: {
        version: 1,
        fleet: 'orders',
        target: target.id,
        account: { id: target.account, name: 'workload', unit: 'Workloads/Prod' },
        region: target.region,
        part: target.part,
        homeRegion: target.region,
        organizationId: 'o-sandbox0001',
        accounts: { shared: target.account, monitoring: target.account },
        deployRole: 'fleet/deploy',
        tags: {},
        upstream: [],
        settings: 'resources' in graph ? graph : { resources: graph },
      },
      run: inputs,
      fingerprint: settings.fingerprint ?? 'fingerprint-1',
      purpose: settings.purpose ?? 'forward',
      ...(settings.refresh === true && { refresh: true }),
    };
  }

  inspect(target?: string) {
    return this.#engine.inspect(targetOf(target));
  }

  /** Every file below the sandbox's folder, by relative path. */
  files(): Readonly<Record<string, string>> {
    const found = readdirSync(this.directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      found.map((entry) => join(entry.parentPath, entry.name)).map((file) => [relative(this.directory, file), readFileSync(file, 'utf8')]),
    );
  }

  /** What exists in an account, `Type name` each and the region where it is not eu-west-1, sorted; read from disk alone. */
  world(account: string = accounts.workload): readonly string[] {
    const held = new Set<string>();
    for (const line of (this.files()[join('world', `${account}.ndjson`)] ?? '').split('\n').filter((text) => text !== '')) {
      const entry = JSON.parse(line) as { put?: { type: string; region: string; key: string }; removed?: { slot: string } };
      if (entry.put) held.add(labelOf(entry.put));
      else {
        const [type = '', region = '', ...key] = (entry.removed?.slot ?? '').split('|');
        held.delete(labelOf({ type, region, key: key.join('|') }));
      }
    }
    return [...held].sort();
  }

  /** Operations in the order they began. */
  started(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'resource-started' ? [`${event.step.op} ${event.step.name}`] : []));
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #open({ promoted = [], ...planted }: { readonly faults?: unknown; readonly drift?: unknown; readonly promoted?: readonly string[] }) {
    mkdirSync(this.directory, { recursive: true });
    const organization = organizationSchema.parse({
      id: 'o-sandbox0001',
      managementAccount: accounts.management,
      accounts: [
        { id: accounts.management, name: 'management', unit: '' },
        { id: accounts.workload, name: 'workload' },
        { id: accounts.other, name: 'other', regions: { 'eu-west-2': 'DISABLED', 'ap-east-1': 'ENABLED' } },
        { id: accounts.suspended, name: 'suspended', state: 'SUSPENDED' },
      ],
      ...planted,
    });
    return openSandboxEngine({ organization, directory: this.directory, clock: this.clock, promoted, loadProgram: () => graphProgram });
  }
}

/** `create jobs`, one for each step with a resource of AWS behind it, in the order they were done. */
export function told(steps: readonly EngineStep[]): readonly string[] {
  return steps.filter(({ type }) => type.startsWith('aws:')).map(({ op, name }) => `${op} ${name}`);
}

function targetOf(text = `regional/${accounts.workload}/eu-west-1`): Target {
  return targetSchema.parse(text);
}

function labelOf({ type, region, key }: { readonly type: string; readonly region: string; readonly key: string }): string {
  return `${type.replace(/.*:/, '')} ${key}${region === '' || region === 'eu-west-1' ? '' : ` ${region}`}`;
}
