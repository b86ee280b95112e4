import { join } from 'node:path';

import type { Target } from '../../../contracts/target';
import { stackName } from '../../../contracts/target';
import { diskLogs, type AppendLog, type OpenLog } from '../../../sandbox/append-log';
import { MemoryLogs } from '../../../sandbox/memory-logs';
import type { Place } from '../../../sandbox/resource-type';
import { noChanges, type Inspection } from '../../ports';

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
  /** Outputs that the program declared secret: not shown. */
  readonly secretOutputs: readonly string[];
}

/** What a resource takes the place of, beside an earlier state of its own. */
export interface Succession {
  /** The URN that an alias left behind. */
  readonly renamedFrom?: string;
  /** The old instance of a replacement: it stands until it is deleted, whatever happens in between. */
  readonly superseded?: StackResource;
}

/** An operation that began and whose end is not recorded. */
export interface PendingOperation {
  readonly urn: string;
  readonly op: 'create' | 'update' | 'delete';
  /** What it would have become; for `delete`, what it was. */
  readonly resource: StackResource;
  readonly succession?: Succession;
}

/** One run of the engine over a stack. */
export type Attempt = NonNullable<Inspection['lastAttempt']>;

type Entry =
  | { readonly attempt: Attempt }
  | { readonly begin: PendingOperation }
  | { readonly done: StackResource; readonly succession?: Succession }
  | { readonly gone: StackResource }
  | { readonly settled: StackResource }
  | { readonly superseded: StackResource }
  | { readonly outputs: Readonly<Record<string, unknown>> }
  | { readonly stoodDown: true };

const MIN_ENTRIES_TO_COMPACT = 200;

/**
 * The state of one stack, durable after every operation. One process writes it at a time: beside another writer, whatever records
 * something throws `StaleWriter` and changes nothing.
 */
export class Checkpoint {
  /** By URN. */
  readonly resources = new Map<string, StackResource>();
  /** Old instances of replaced resources that are still to be deleted, by {@link instanceOf}. */
  readonly superseded = new Map<string, StackResource>();
  /** By {@link instanceOf}. */
  readonly pending = new Map<string, PendingOperation>();
  outputs: Readonly<Record<string, unknown>> | null = null;
  /** Outputs from before a destroy that kept something: the destruction of what read them still refers to them. */
  formerOutputs: Readonly<Record<string, unknown>> | null = null;
  lastAttempt: Attempt | null = null;
  readonly #log: AppendLog<Entry>;
  #entries = 0;

  constructor(directory: string, target: Target, { openLog = diskLogs() }: { readonly openLog?: OpenLog } = {}) {
    this.#log = openLog<Entry>(join(directory, target.layer, `${stackName(target)}.ndjson`));
    this.refresh();
  }

  /** True once anything was recorded. */
  get exists(): boolean {
    return this.lastAttempt !== null;
  }

  /** Takes in what another process recorded since; nothing once this one recorded something itself. */
  refresh(): void {
    const { entries, fromStart } = this.#log.readNew();
    if (fromStart) this.#forget();
    for (const entry of entries) this.#take(entry);
  }

  /** A copy that records nothing on disk. */
  draft(target: Target): Checkpoint {
    const draft = new Checkpoint('', target, { openLog: new MemoryLogs().takeOver() });
    for (const entry of this.#live()) draft.#record(entry);
    return draft;
  }

  started(attempt: Pick<Attempt, 'id' | 'action' | 'startedAt'>): void {
    // The next run compacts what has far more entries than live ones; no reader does, since another process may be writing.
    if (this.#entries > MIN_ENTRIES_TO_COMPACT + 2 * this.resources.size) {
      const live = this.#live();
      this.#log.compact(live);
      this.#entries = live.length;
    }
    this.#record({ attempt: { ...attempt, endedAt: null, result: null, changes: noChanges, error: null } });
  }

  ended(end: Pick<Attempt, 'result' | 'endedAt' | 'changes' | 'error'>): void {
    if (this.lastAttempt) this.#record({ attempt: { ...this.lastAttempt, ...end } });
  }

  begin(operation: PendingOperation): void {
    this.#record({ begin: operation });
  }

  /** A resource is as given; what it succeeded is noted in the same write. */
  done(resource: StackResource, succession?: Succession): void {
    this.#record({ done: resource, ...(succession && { succession }) });
  }

  /** An instance, current or superseded, was deleted. */
  gone(resource: StackResource): void {
    this.#record({ gone: resource });
  }

  /** An operation is known to have had no effect. */
  settled(resource: StackResource): void {
    this.#record({ settled: resource });
  }

  setOutputs(outputs: Readonly<Record<string, unknown>>): void {
    this.#record({ outputs });
  }

  /** The stack was destroyed but for what holds data: it has no outputs any more. */
  standDown(): void {
    this.#record({ stoodDown: true });
  }

  /** Forgets the stack altogether. */
  remove(): void {
    this.#log.remove();
    this.#forget();
  }

  #record(entry: Entry): void {
    this.#log.append(entry);
    this.#take(entry);
  }

  #forget(): void {
    for (const map of [this.resources, this.superseded, this.pending]) map.clear();
    this.outputs = null;
    this.formerOutputs = null;
    this.lastAttempt = null;
    this.#entries = 0;
  }

  #take(entry: Entry): void {
    this.#entries += 1;
    if ('attempt' in entry) this.lastAttempt = entry.attempt;
    else if ('begin' in entry) this.pending.set(instanceOf(entry.begin.resource), entry.begin);
    else if ('done' in entry) this.#takeDone(entry.done, entry.succession ?? {});
    else if ('gone' in entry) this.#takeGone(entry.gone);
    else if ('settled' in entry) this.pending.delete(instanceOf(entry.settled));
    else if ('superseded' in entry) this.superseded.set(instanceOf(entry.superseded), entry.superseded);
    else if ('outputs' in entry) this.outputs = entry.outputs;
    else {
      this.formerOutputs = this.outputs ?? this.formerOutputs;
      this.outputs = null;
    }
  }

  #takeDone(resource: StackResource, { renamedFrom, superseded }: Succession): void {
    if (renamedFrom !== undefined) this.resources.delete(renamedFrom);
    if (superseded) this.superseded.set(instanceOf(superseded), superseded);
    this.resources.set(resource.urn, resource);
    this.pending.delete(instanceOf(resource));
  }

  #takeGone(resource: StackResource): void {
    const instance = instanceOf(resource);
    this.pending.delete(instance);
    if (!this.superseded.delete(instance)) this.resources.delete(resource.urn);
  }

  #live(): readonly Entry[] {
    return [
      ...(this.lastAttempt ? [{ attempt: this.lastAttempt }] : []),
      ...[...this.resources.values()].map((done) => ({ done })),
      ...[...this.superseded.values()].map((superseded) => ({ superseded })),
      ...[...this.pending.values()].map((begin) => ({ begin })),
      ...(this.formerOutputs ? [{ outputs: this.formerOutputs }, { stoodDown: true as const }] : []),
      ...(this.outputs ? [{ outputs: this.outputs }] : []),
    ];
  }
}

/** Tells the instances apart that one URN had: replacements are counted, and each stands somewhere under a name. */
export function instanceOf({ urn, generation, place, key }: StackResource): string {
  return [urn, generation, place?.account, place?.region, key].join('|');
}
