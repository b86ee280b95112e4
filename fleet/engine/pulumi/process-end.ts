import type { EventEmitter } from 'node:events';

import type { ProcessReport } from './target-message';

/** How a target's process ended. */
export type ProcessEnd =
  | { readonly kind: 'ended'; readonly code: number | null; readonly signal: string | null; readonly output: string }
  | { readonly kind: 'failed'; readonly error: string | null; readonly message: string }
  /** It was killed, or crashed: nothing is known of what it ran but for what the engine wrote down. */
  | { readonly kind: 'died'; readonly signal: string | null };

/** A child process with a channel, as Node tells of it. */
export interface Reporting extends Pick<EventEmitter, 'on' | 'once'> {
  /** The channel is open. */
  readonly connected: boolean;
}

/**
 * Waits for a process's last word, or for the certainty that there is none. Node tells of an exit before it has read what came through the
 * channel, the more often the busier the machine: only once the channel has ended as well did the process die without a word.
 */
export function processEnd(child: Reporting, onStarted: (pid: number) => void): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    let exit: { readonly signal: string | null } | undefined;
    let open = child.connected;
    const settleDead = () => {
      if (exit && !open) resolve({ kind: 'died', signal: exit.signal });
    };
    child.on('message', (message: unknown) => {
      const report = message as ProcessReport;
      if (report.kind === 'started') onStarted(report.pid);
      else if (report.kind !== 'ready') resolve(report);
    });
    child.once('exit', (_code: number | null, signal: string | null) => {
      exit = { signal };
      settleDead();
    });
    child.once('disconnect', () => {
      open = false;
      settleDead();
    });
    child.once('error', (error: Error) => resolve({ kind: 'failed', error: null, message: error.message }));
  });
}
