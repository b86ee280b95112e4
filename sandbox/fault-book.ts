import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { diskLogs, type AppendLog, type OpenLog } from './append-log';
import { faultMatches, type Fault } from './organization';

/** An operation that a fault may strike. */
export interface Strikeable {
  readonly target: string;
  readonly type: string;
  readonly op: 'create' | 'update' | 'delete';
  readonly purpose: 'forward' | 'rollback';
  readonly fingerprint: string;
}

/** What the book is made of. */
export interface FaultBookOptions {
  /** Folder that keeps the counts: they survive a restart. */
  readonly directory: string;
  readonly faults: readonly Fault[];
  /** Fingerprints promoted so far; a fault with `release: new` spares those it finds when it is first read. */
  readonly promoted: readonly string[];
  /** @default files */
  readonly openLog?: OpenLog;
}

type Entry = { readonly read: string; readonly spares: readonly string[] } | { readonly matched: string; readonly target: string };

/** Kinds that strike resource operations; the others are states of a target while the fault stands, and whom they spare is kept with these. */
const OPERATIONS: Readonly<Partial<Record<Fault['kind'], Strikeable['op'] | 'any'>>> = {
  'create-fails': 'create',
  'update-fails': 'update',
  'delete-fails': 'delete',
  throttle: 'any',
  hang: 'any',
  slow: 'any',
  crash: 'any',
};

/** The planted faults of organization.yaml and how often each has matched. */
export class FaultBook {
  readonly #log: AppendLog<Entry>;
  readonly #faults: readonly { readonly fault: Fault; readonly key: string }[];
  readonly #matches = new Map<string, number>();
  readonly #spares = new Map<string, ReadonlySet<string>>();
  /** Faults read for the first time. They are noted when the first operation is looked at: who only reads must not write beside a rollout. */
  #unnoted: readonly Extract<Entry, { readonly read: string }>[] = [];

  constructor(options: FaultBookOptions) {
    this.#log = (options.openLog ?? diskLogs())<Entry>(join(options.directory, 'faults.ndjson'));
    this.#faults = options.faults.map((fault) => ({
      fault,
      key: createHash('sha256').update(JSON.stringify(fault)).digest('hex').slice(0, 16),
    }));
    for (const entry of this.#log.read()) {
      if ('read' in entry) this.#spares.set(entry.read, new Set(entry.spares));
      else this.#count(entry.matched, entry.target);
    }
    for (const { fault, key } of this.#faults) {
      if (fault.release !== 'new' || OPERATIONS[fault.kind] === undefined || this.#spares.has(key)) continue;
      this.#spares.set(key, new Set(options.promoted));
      this.#unnoted = [...this.#unnoted, { read: key, spares: options.promoted }];
    }
  }

  /** The faults that strike this operation now, each match counted. */
  strikes(operation: Strikeable): readonly Fault[] {
    for (const entry of this.#unnoted) this.#log.append(entry);
    this.#unnoted = [];
    const struck: Fault[] = [];
    for (const { fault, key } of this.#faults) {
      const wanted = OPERATIONS[fault.kind];
      if (wanted === undefined || (wanted !== 'any' && wanted !== operation.op)) continue;
      if (fault.on !== undefined && fault.on !== operation.type) continue;
      if (!this.#applies({ fault, key }, operation)) continue;
      if (fault.times === undefined && fault.after === 0) {
        struck.push(fault);
        continue;
      }
      const count = this.#count(key, operation.target);
      this.#log.append({ matched: key, target: operation.target });
      if (count > fault.after && (fault.times === undefined || count <= fault.after + fault.times)) struck.push(fault);
    }
    return struck;
  }

  /** True while a fault of a lasting kind stands for a target. */
  stands(kind: Fault['kind'], target: string): boolean {
    return this.#faults.some(({ fault }) => fault.kind === kind && faultMatches(fault.target, target));
  }

  #applies({ fault, key }: { readonly fault: Fault; readonly key: string }, operation: Strikeable): boolean {
    if (fault.phase !== undefined && fault.phase !== operation.purpose) return false;
    if (this.#spares.get(key)?.has(operation.fingerprint)) return false;
    return faultMatches(fault.target, operation.target);
  }

  #count(key: string, target: string): number {
    const slot = `${key}|${target}`;
    const count = (this.#matches.get(slot) ?? 0) + 1;
    this.#matches.set(slot, count);
    return count;
  }
}
