import type { Clock } from '../../ports';

import { TargetProcess } from './target-process';

/** What processes are started with. */
export interface ProcessPoolOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Processes that wait for work. Each holds about 110 MB and saves its target half a second. */
  readonly spare: number;
}

/** Processes that have loaded Pulumi before their target's turn comes. Each is used once: nothing of one program reaches another. */
export class ProcessPool {
  readonly #options: ProcessPoolOptions;
  readonly #waiting: TargetProcess[] = [];
  #closed = false;

  constructor(options: ProcessPoolOptions) {
    this.#options = options;
  }

  /** A fresh process. */
  take(): TargetProcess {
    let taken = this.#waiting.shift();
    while (taken && !taken.usable) taken = this.#waiting.shift();
    const process = taken ?? this.#start();
    process.ref();
    return process;
  }

  /** Starts what is missing. Called when a run has ended: while it runs, it would have to share the processor with it. */
  replenish(): void {
    while (!this.#closed && this.#waiting.length < this.#options.spare) {
      const spare = this.#start();
      spare.unref();
      this.#waiting.push(spare);
    }
  }

  close(): void {
    this.#closed = true;
    for (const process of this.#waiting.splice(0)) process.kill();
  }

  #start(): TargetProcess {
    return new TargetProcess(this.#options.environment, this.#options.clock);
  }
}
