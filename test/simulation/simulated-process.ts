import type { Clock } from '../../fleet/ports';
import type { ProcessIdentity } from '../../fleet/state/process-identity';

import type { VirtualTime } from './virtual-time';

/** Thrown where a process dies in the midst of code that does not wait: nothing it does afterwards reaches anybody. */
export class Killed extends Error {}

/** Wall clocks of all hosts: virtual time, and how far somebody has set them. */
export interface WallClock {
  readonly time: VirtualTime;
  /** Milliseconds at the beginning. */
  readonly start: number;
  offset: number;
}

/** What happens to a process. */
export interface ProcessOptions {
  readonly identity: ProcessIdentity;
  readonly onDeath: () => void;
  /** Called before each thing that it waits for and after it: the points at which it may die or be stopped. */
  readonly onPass: () => void;
}

/**
 * A process that can be killed and stopped: what it waits for reaches it through here, so that a dead one never hears of anything again and
 * a stopped one hears later, when it is woken.
 */
export class SimulatedProcess {
  readonly identity: ProcessIdentity;
  readonly clock: Clock;
  readonly drain = new AbortController();
  readonly cancel = new AbortController();
  /** Resolves when it is killed. */
  readonly died: Promise<void>;
  /** Resolves when it is stopped. */
  readonly wasStopped: Promise<void>;
  alive = true;
  /** How often it was stopped. */
  stops = 0;
  /** Where it waits while it is stopped. */
  #stopped: { readonly woken: Promise<void>; readonly wake: () => void } | null = null;
  #die: () => void = () => undefined;
  #tellStopped: () => void = () => undefined;
  readonly #options: ProcessOptions;

  constructor(wall: WallClock, options: ProcessOptions) {
    this.identity = options.identity;
    this.#options = options;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
    this.wasStopped = new Promise((resolve) => {
      this.#tellStopped = resolve;
    });
    this.clock = {
      now: () => new Date(wall.start + wall.time.elapsed + wall.offset),
      sleep: (milliseconds, signal) => this.through(() => sleep(wall.time, milliseconds, signal)),
    };
  }

  get isStopped(): boolean {
    return this.#stopped !== null;
  }

  /** Something outside of the process: before it begins and before its result is known, the process may die or be stopped. */
  async through<Value>(work: () => Promise<Value>): Promise<Value> {
    await this.pass();
    return this.after(work);
  }

  /** Something that begins in the same instant as what the process did before: only before its result is known may it die or be stopped. */
  async after<Value>(work: () => Promise<Value>): Promise<Value> {
    if (!this.alive) await new Promise(() => undefined);
    let result: Value;
    try {
      result = await work();
    } catch (error) {
      await this.pass();
      throw error;
    }
    await this.pass();
    return result;
  }

  /** Never resolves for a dead process, and later for a stopped one. */
  async pass(): Promise<void> {
    if (this.alive) this.#options.onPass();
    while (this.#stopped && this.alive) await this.#stopped.woken;
    if (!this.alive) await new Promise(() => undefined);
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#options.onDeath();
    this.#die();
  }

  /** Kills it in code that does not wait. */
  killHere(): never {
    this.kill();
    throw new Killed('killed');
  }

  stop(): void {
    if (this.#stopped) return;
    this.stops += 1;
    let wake: () => void = () => undefined;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#stopped = { woken, wake };
    this.#tellStopped();
  }

  wake(): void {
    const stopped = this.#stopped;
    this.#stopped = null;
    stopped?.wake();
  }
}

function sleep(time: VirtualTime, milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = () => {
      forget();
      reject(signal?.reason as Error);
    };
    const forget = time.after(milliseconds, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
