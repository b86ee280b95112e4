import { setImmediate } from 'node:timers/promises';

import type { Clock } from '../../../fleet/ports';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that stands until it is moved. */
export class ManualClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  readonly #sleepers = new Set<Sleeper>();

  now(): Date {
    return new Date(this.#now);
  }

  /** How many sleep: none may be left when all is let go. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const end = (settle: () => void) => () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', abort);
        settle();
      };
      const abort = end(() => reject(signal?.reason as Error));
      const sleeper: Sleeper = { at: this.#now + milliseconds, wake: end(resolve) };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', abort);
    });
  }

  /** Lets time pass: wakes who is due, one instant after the other, and lets each do what it has to. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await setImmediate();
    for (;;) {
      const next = Math.min(...[...this.#sleepers].map(({ at }) => at));
      if (next > end) break;
      this.#now = Math.max(this.#now, next);
      for (const sleeper of [...this.#sleepers].filter(({ at }) => at <= this.#now)) sleeper.wake();
      await setImmediate();
    }
    this.#now = end;
  }

  /** Time passes while the process is stopped: nobody wakes until {@link pass} is called. */
  stop(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** This clock as a host sees it whose own is ahead (or, negative, behind). */
  ahead(milliseconds: number): Clock {
    return { now: () => new Date(this.#now + milliseconds), sleep: (time, signal) => this.sleep(time, signal) };
  }
}
