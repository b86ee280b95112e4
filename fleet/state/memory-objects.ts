import type { ObjectStore, StoredObject } from '../ports';

import { checkedKey, checkedPrefix } from './object-key';

/** What a {@link MemoryObjects} begins with, and what happens to its writes. */
export interface MemoryObjectsOptions {
  /** Bodies by key. */
  readonly objects?: ReadonlyMap<string, string>;
  /**
   * Asked before each write. What it gives is stored and the caller is told that all went well: `body`, a part of it (a torn write), or null
   * for nothing at all. A throw fails the write with nothing stored.
   */
  readonly onWrite?: (key: string, body: string) => string | null | Promise<string | null>;
  /** Called once a write is stored. A throw fails it all the same: the caller cannot know that it is there. */
  readonly onWritten?: (key: string) => void;
}

/** Objects that live as long as this does, for simulation and tests. */
export class MemoryObjects implements ObjectStore {
  readonly #objects = new Map<string, StoredObject>();
  readonly #options: MemoryObjectsOptions;
  #writes = 0;

  constructor(options: MemoryObjectsOptions = {}) {
    this.#options = options;
    for (const [key, body] of options.objects ?? []) this.#put(key, body);
  }

  /** Bodies by key as they are now: another store can begin with them, as after a crash. */
  get bodies(): ReadonlyMap<string, string> {
    return new Map([...this.#objects].map(([key, { body }]) => [key, body]));
  }

  async read(key: string): Promise<StoredObject | undefined> {
    return this.#objects.get(checkedKey(key));
  }

  async create(key: string, body: string): Promise<boolean> {
    return (await this.replace(key, body, null)) !== undefined;
  }

  async replace(key: string, body: string, version: string | null): Promise<string | undefined> {
    checkedKey(key);
    const { onWrite, onWritten } = this.#options;
    const kept = onWrite ? await onWrite(key, body) : body;
    if ((this.#objects.get(key)?.version ?? null) !== version) return undefined;
    if (kept === null) return `${this.#writes}-dropped`;
    const stored = this.#put(key, kept);
    onWritten?.(key);
    return stored.version;
  }

  async list(prefix: string, after = ''): Promise<readonly string[]> {
    checkedPrefix(prefix);
    return [...this.#objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  }

  async remove(key: string): Promise<void> {
    this.#objects.delete(checkedKey(key));
  }

  #put(key: string, body: string): StoredObject {
    this.#writes += 1;
    const stored = { body, version: `${this.#writes}` };
    this.#objects.set(checkedKey(key), stored);
    return stored;
  }
}
