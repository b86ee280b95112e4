import type { Schedule } from './clock';
import { RecordError } from './record-error';

const MAX_MARGIN_MS = 1000;
const MIN_MARGIN_MS = 200;
const MARGIN_SHARE = 0.2;

/** The moment of an invocation after which no work goes on, early enough to answer which records failed. */
export interface Deadline {
  /** Runs `work`, and fails with a transient {@link RecordError} when the deadline comes first; after it, `work` is not started. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Ends the timer. To be called when the batch is done. */
  clear(): void;
}

/**
 * Time kept back to answer in, of the time that is left, in milliseconds: a fifth, 200 at least and 1,000 at most. A share, since a
 * function may be given one second in all.
 */
export function safetyMarginMs(remainingMs: number): number {
  return Math.max(MIN_MARGIN_MS, Math.min(MAX_MARGIN_MS, remainingMs * MARGIN_SHARE));
}

/**
 * Starts the deadline of an invocation with `remainingMs` left. A function that is cut off reports nothing, and its whole batch is
 * delivered again; one that stops in time gets only the unfinished records back.
 */
export function startDeadline(remainingMs: number, schedule: Schedule): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const workMs = Math.floor(remainingMs - safetyMarginMs(remainingMs));
  const cancel = workMs > 0 ? schedule(workMs, () => controller.abort()) : undefined;
  if (!cancel) controller.abort();

  return {
    clear: () => cancel?.(),
    run: (work) =>
      new Promise((resolve, reject) => {
        const stop = () => reject(outOfTime());
        if (signal.aborted) return stop();
        // The signal alone is not enough: an SDK that sleeps between two attempts does not look at it.
        signal.addEventListener('abort', stop, { once: true });
        void work(signal)
          .then(resolve, reject)
          .finally(() => signal.removeEventListener('abort', stop));
      }),
  };
}

function outOfTime(): RecordError {
  return new RecordError('transient', 'out-of-time', 'the function ran out of time: the message is delivered again');
}
