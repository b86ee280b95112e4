import { FleetError, isFleetError, messageOf } from '../errors';
import type { Clock } from '../ports';

import type { LetterEntry, LetterMark, TargetLetters } from './dead-letters';
import { noneRefused, refuseOneMore, type Refused } from './judge-letter';
import type { Pace } from './pace';
import { judge } from './survey-letters';

/** How letters are sent again. */
export interface RedriveOptions {
  readonly clock: Clock;
  readonly pace: Pace;
  /** Also letters whose order was sent again before. */
  readonly again: boolean;
  /** Aborted: the letter under way is sent to its end and marked, no other is begun. */
  readonly interrupt: AbortSignal;
  /** Aborted: the call under way is stopped. */
  readonly cancel: AbortSignal;
}

/** How a redrive at one target went. What was sent and marked stays so, whatever came after. */
export interface Redriven {
  /** Letters that were sent and marked. */
  readonly letters: number;
  /** Of these, those that a run which was cut off had begun. */
  readonly begunBefore: number;
  /** Orders that were sent: a letter may hold several. */
  readonly messages: number;
  readonly refused: Refused;
  /** Letters that were not come to. */
  readonly left: number;
  readonly end: { readonly kind: 'done' } | { readonly kind: 'interrupted' } | { readonly kind: 'failed'; readonly error: FleetError };
}

/**
 * Sends letters of one target again, one after the other at a pace, and marks each as sent once all its orders are in the queue.
 *
 * What is about to be sent is marked as begun before, and as sent after, so an order is sent at least once: whoever is stopped in between leaves a
 * letter of which the next run knows that it may have been sent, and sends it again. That does no harm, since the orders table takes each order id once. Each letter is looked at again right before it is
 * sent: another redrive may have been there. Never rejects for what was refused: that ends this target, and is told.
 */
export async function redriveLetters(entries: readonly LetterEntry[], letters: TargetLetters, options: RedriveOptions): Promise<Redriven> {
  let [done, begunBefore, messages, refused] = [0, 0, 0, noneRefused];
  const ended = (end: Redriven['end'], come: number): Redriven => ({
    ...{ letters: done, begunBefore, messages, refused },
    left: entries.length - come,
    end,
  });
  for (const [index, { key }] of entries.entries()) {
    if (options.interrupt.aborted) return ended({ kind: 'interrupted' }, index);
    let begun = false;
    try {
      const signal = options.cancel;
      const verdict = await judge(letters, key, { signal, again: options.again });
      if (verdict.kind === 'refuse') {
        refused = refuseOneMore(refused, verdict.why);
        continue;
      }
      const { payloads, redrives } = verdict;
      const mark = (kind: LetterMark['kind']) => letters.mark(key, { kind, at: options.clock.now().toISOString(), redrives }, { signal });
      for (const body of payloads) {
        await options.pace.turn(AbortSignal.any(begun ? [signal] : [options.interrupt, signal]));
        if (!begun) await mark('begun');
        begun = true;
        await letters.send({ body, redrives }, { signal });
        messages += 1;
      }
      await mark('redriven');
      done += 1;
      if (verdict.begun) begunBefore += 1;
    } catch (cause) {
      const stopped = options.cancel.aborted || (options.interrupt.aborted && !begun);
      return ended(stopped ? { kind: 'interrupted' } : { kind: 'failed', error: failure(cause, { key, begun }) }, index);
    }
  }
  return ended({ kind: 'done' }, entries.length);
}

function failure(cause: unknown, { key, begun }: { readonly key: string; readonly begun: boolean }): FleetError {
  const after = begun ? `; letter ${key} is marked as begun alone, so the next run sends it again, which its order ids make harmless` : '';
  if (!isFleetError(cause)) return new FleetError('fleet/redrive-failed', `${messageOf(cause)}${after}`, { cause });
  return new FleetError(cause.code as `aws/${string}`, `${cause.message}${after}`, { cause });
}
