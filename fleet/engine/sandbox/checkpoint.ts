import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Target } from '../../../contracts/target';
import { stackName } from '../../../contracts/target';
import { AppendLog } from '../../../sandbox/append-log';
import type { Place } from '../../../sandbox/resource-type';
import type { EngineAction } from '../../ports';

/** One resource of a stack as deployed. Secrets are digests. */
export interface StackResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent: string | null;
  /** URN of the explicit provider. */
  readonly provider: string | null;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly dependencies: readonly string[];
  /** The URN it was made under, which an alias may have left behind: what AWS drew for it stays with that. */
  readonly origin: string;
  /** Counts replacements: ids that AWS would draw anew differ with it. */
  readonly generation: number;
  readonly id: string;
  /** Physical name; empty for components and providers. */
  readonly key: string;
  /** Where it stands; null for components and providers. */
  readonly place: Place | null;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** An operation that began and whose end is not recorded. */
export interface PendingOperation {
  readonly urn: string;
  readonly op: 'create' | 'update' | 'delete';
  /** What it would have become. */
  readonly resource: StackResource;
}

/** One run of the engine over a stack. */
export interface Attempt {
  readonly action: EngineAction;
  readonly attempt: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly result: 'succeeded' | 'failed' | null;
}

type Entry =
  | { readonly attempt: Attempt }
  | { readonly begin: PendingOperation }
  | { readonly done: StackResource }
  | { readonly gone: string }
  | { readonly outputs: Readonly<Record<string, unknown>> };

const MIN_ENTRIES_TO_COMPACT = 200;

/** The state of one stack, durable after every operation. */
export class Checkpoint {
  readonly resources = new Map<string, StackResource>();
  readonly pending = new Map<string, PendingOperation>();
  outputs: Readonly<Record<string, unknown>> | null = null;
  lastAttempt: Attempt | null = null;
  readonly #path: string;
  readonly #log: AppendLog<Entry>;

  constructor(directory: string, target: Target) {
    this.#path = join(directory, target.layer, `${stackName(target)}.ndjson`);
    this.#log = new AppendLog<Entry>(this.#path);
    const entries = this.#log.read();
    for (const entry of entries) this.#take(entry);
    if (entries.length > MIN_ENTRIES_TO_COMPACT + 2 * this.resources.size) this.#log.compact(this.#live());
  }

  /** True once anything was recorded. */
  get exists(): boolean {
    return this.lastAttempt !== null;
  }

  started(attempt: Omit<Attempt, 'endedAt' | 'result'>): void {
    this.#record({ attempt: { ...attempt, endedAt: null, result: null } });
  }

  ended(result: 'succeeded' | 'failed', endedAt: string): void {
    if (this.lastAttempt) this.#record({ attempt: { ...this.lastAttempt, result, endedAt } });
  }

  begin(operation: PendingOperation): void {
    this.#record({ begin: operation });
  }

  done(resource: StackResource): void {
    this.#record({ done: resource });
  }

  gone(urn: string): void {
    this.#record({ gone: urn });
  }

  setOutputs(outputs: Readonly<Record<string, unknown>>): void {
    this.#record({ outputs });
  }

  /** Forgets the stack altogether. */
  remove(): void {
    rmSync(this.#path, { force: true });
    this.resources.clear();
    this.pending.clear();
    this.outputs = null;
    this.lastAttempt = null;
  }

  #record(entry: Entry): void {
    this.#take(entry);
    this.#log.append(entry);
  }

  #take(entry: Entry): void {
    if ('attempt' in entry) this.lastAttempt = entry.attempt;
    else if ('begin' in entry) this.pending.set(entry.begin.urn, entry.begin);
    else if ('done' in entry) {
      this.resources.set(entry.done.urn, entry.done);
      this.pending.delete(entry.done.urn);
    } else if ('gone' in entry) {
      this.resources.delete(entry.gone);
      this.pending.delete(entry.gone);
    } else this.outputs = entry.outputs;
  }

  #live(): readonly Entry[] {
    return [
      ...(this.lastAttempt ? [{ attempt: this.lastAttempt }] : []),
      ...[...this.resources.values()].map((done) => ({ done })),
      ...[...this.pending.values()].map((begin) => ({ begin })),
      ...(this.outputs ? [{ outputs: this.outputs }] : []),
    ];
  }
}
