import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import type { Clock } from '../../ports';
import { isProcessAlive, processOf, type ProcessIdentity } from '../../state/process-identity';

import { processEnd, type ProcessEnd } from './process-end';
import type { RunOrder } from './target-message';

/** What ends a run that is to end: asked to let what is under way finish, told to stop, then made to. */
export interface CancelLadder {
  readonly askSeconds: number;
  readonly tellSeconds: number;
}

/** Entry of the processes, in the transpiled product. */
const MAIN = join(__dirname, 'target-main.js');

/** Between two looks at whether what a dead process left has ended. */
const LOOK_MS = 50;

/** A process of its own group for one run. `Ctrl-C` in a terminal does not reach it: the manager says what it means. */
export class TargetProcess {
  readonly identity: ProcessIdentity;
  readonly #child: ChildProcess;
  readonly #clock: Pick<Clock, 'sleep'>;
  #cli: ProcessIdentity | undefined;
  readonly #end: Promise<ProcessEnd>;
  #ended = false;

  constructor(env: Readonly<Record<string, string>>, clock: Pick<Clock, 'sleep'>) {
    this.#clock = clock;
    // Deep stacks cost a program a third of its time, and nobody reads them: errors carry their own.
    this.#child = spawn(process.execPath, ['--stack-trace-limit=10', MAIN], {
      env: { ...env },
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.identity = processOf(this.#child.pid ?? 0);
    this.#end = processEnd(this.#child, (pid) => (this.#cli = processOf(pid)));
    void this.#end.then(() => (this.#ended = true));
  }

  /** False once it has died or was used. */
  get usable(): boolean {
    return !this.#ended && this.#child.connected;
  }

  /** Runs the CLI over a program to its end. Once; never rejects. When it resolves, no process of the run is left. */
  async run(order: RunOrder, options: { readonly signal: AbortSignal; readonly ladder: CancelLadder }): Promise<ProcessEnd> {
    const over = new AbortController();
    const cancel = () => void this.#climb(options.ladder, over.signal);
    options.signal.addEventListener('abort', cancel, { once: true });
    this.#child.send(order, () => undefined);
    if (options.signal.aborted) cancel();
    const end = await this.#end;
    // A process that died leaves its CLI, which finishes what it has under way.
    if (end.kind === 'died' && this.#cli && isProcessAlive(this.#cli)) {
      if (!options.signal.aborted) cancel();
      while (isProcessAlive(this.#cli)) await this.#clock.sleep(LOOK_MS);
    }
    options.signal.removeEventListener('abort', cancel);
    over.abort();
    return end;
  }

  /** Ends it at once. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  /** Does not keep the manager alive while it waits for work. */
  unref(): void {
    this.#child.unref();
    this.#child.channel?.unref();
  }

  ref(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }

  async #climb({ askSeconds, tellSeconds }: CancelLadder, over: AbortSignal): Promise<void> {
    try {
      this.#signal('SIGINT');
      await this.#clock.sleep(askSeconds * 1000, over);
      this.#signal('SIGTERM');
      await this.#clock.sleep(tellSeconds * 1000, over);
      this.#signal('SIGKILL');
    } catch (error) {
      if (!over.aborted) throw error;
    }
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
