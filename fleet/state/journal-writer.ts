import { FleetError, isFleetError, messageOf } from '../errors';
import type { ObjectStore } from '../ports';

import { fenced } from './fenced';
import { lineOf, writeSegment } from './segment';

/** Where a writer goes on. */
export interface JournalPosition {
  readonly epoch: number;
  /** Of the last segment, and its checksum. */
  readonly seq: number;
  readonly previous: string;
  readonly keyOf: (seq: number) => string;
}

interface Waiting {
  readonly lines: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: FleetError) => void;
}

/** Appends to a journal that `openJournal` has opened. */
export class JournalWriter<Entry> {
  readonly #store: ObjectStore;
  readonly #position: Pick<JournalPosition, 'epoch' | 'keyOf'>;
  #seq: number;
  #previous: string;
  #waiting: Waiting[] = [];
  #writing = false;
  #failure: FleetError | undefined;

  constructor(store: ObjectStore, position: JournalPosition) {
    this.#store = store;
    this.#position = position;
    this.#seq = position.seq;
    this.#previous = position.previous;
  }

  /**
   * Durable when it resolves. Entries stay together and in the order of the calls; what is appended while a segment is being written goes
   * into the next one together. No entries: resolves when all before are durable.
   *
   * The first failure is the last word: it and every later append reject with the same `fleet/fenced` (another writer was here) or
   * `fleet/journal-failed` (could not be written, or nobody knows), and nothing is tried again.
   */
  async append(entries: readonly Entry[]): Promise<void> {
    if (this.#failure) throw this.#failure;
    const lines = entries.map(lineOf); // At once: what a caller changes in an entry later is not what was appended.
    return new Promise((resolve, reject) => {
      this.#waiting.push({ lines, resolve, reject });
      if (!this.#writing) void this.#writeWaiting();
    });
  }

  async #writeWaiting(): Promise<void> {
    this.#writing = true;
    await Promise.resolve(); // What is appended in the same turn goes into one segment.
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0);
      try {
        await this.#write(group.flatMap(({ lines }) => lines));
        for (const { resolve } of group) resolve();
      } catch (error) {
        const failure = isFleetError(error) ? error : journalFailed('', error);
        this.#failure = failure;
        for (const { reject } of [...group, ...this.#waiting.splice(0)]) reject(failure);
      }
    }
    this.#writing = false;
  }

  async #write(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const { epoch, keyOf } = this.#position;
    const key = keyOf(this.#seq + 1);
    const { body, checksum } = writeSegment({ key, seq: this.#seq + 1, epoch, previous: this.#previous, skipped: null }, lines);
    const isFirst = await this.#store.create(key, body).catch((cause: unknown) => Promise.reject(journalFailed(key, cause)));
    if (!isFirst) throw fenced(`${key} is there already`);
    this.#seq += 1;
    this.#previous = checksum;
  }
}

/** A segment could not be written. It may be there all the same: only reading the journal again tells. */
export function journalFailed(key: string, cause: unknown): FleetError {
  return new FleetError(
    'fleet/journal-failed',
    `journal segment ${key} could not be written, and nothing further is done: ${messageOf(cause)}; see to that, then resume`,
    { cause },
  );
}
