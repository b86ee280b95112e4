import type { Clock } from '../ports';

/** Lets so many a second through, evenly: one that comes late does not make up for it. */
export class Pace {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #next = -Infinity;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#intervalMs = 1000 / perSecond;
  }

  /** Resolves when the next one may go. Callers take turns: the next calls once this has resolved. Rejects when the signal aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const wait = this.#next - this.#clock.now().getTime();
    // Timers fire on whole milliseconds: rounded up, a turn never comes early.
    if (wait > 0) await this.#clock.sleep(Math.ceil(wait), signal);
    this.#next = this.#clock.now().getTime() + this.#intervalMs;
  }
}
