import { open, type FileHandle } from 'node:fs/promises';

import type { Clock } from '../../ports';

import { parseEvent, type PulumiEvent } from './engine-event';

const LOOK_MS = 100;
const CHUNK = 1 << 16;

/** Follows the event log that the CLI writes, until it is told that nothing more comes. */
export class EventLog {
  readonly #path: string;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #onEvent: (event: PulumiEvent) => void;
  #file: FileHandle | undefined;
  #rest = '';

  constructor(path: string, options: { readonly clock: Pick<Clock, 'sleep'>; readonly onEvent: (event: PulumiEvent) => void }) {
    this.#path = path;
    this.#clock = options.clock;
    this.#onEvent = options.onEvent;
  }

  /** Resolves when all that was written before `over` settled has been told. */
  async follow(over: Promise<unknown>): Promise<void> {
    let ended = false;
    const end = over.then(() => {
      ended = true;
    });
    try {
      for (;;) {
        const last = ended;
        await this.#read();
        if (last) return;
        await Promise.race([this.#clock.sleep(LOOK_MS), end]);
      }
    } finally {
      await this.#file?.close();
    }
  }

  async #read(): Promise<void> {
    this.#file ??= await open(this.#path, 'r').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (!this.#file) return;
    const buffer = Buffer.alloc(CHUNK);
    for (;;) {
      const { bytesRead } = await this.#file.read(buffer, 0, CHUNK, null);
      if (bytesRead === 0) return;
      // Lines are JSON in ASCII or whole UTF-8 sequences; a sequence that a chunk cuts is put together again from its bytes.
      this.#rest += buffer.toString('latin1', 0, bytesRead);
      const lines = this.#rest.split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = parseEvent(Buffer.from(line, 'latin1').toString('utf8'));
        if (event) this.#onEvent(event);
      }
    }
  }
}
