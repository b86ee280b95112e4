import { redrivesOf } from '../../contracts/archived-dead-letter';
import { MAX_LETTER_ORDERS, MAX_REDRIVES } from '../../contracts/dead-letter';

import type { LetterContent, LetterState } from './dead-letters';

/**
 * Why a letter is not sent. `marked`: it was, and should its order fail again, that is a letter of its own. `again`: its order was sent again
 * before and failed anew. `spent`: that happened as often as it may. `unreadable`: it is not what the dead-letter function writes, or holds no order.
 * `oversized`: it holds more orders than a batch of the order function may have.
 */
export type LetterRefusal = 'marked' | 'again' | 'spent' | 'unreadable' | 'oversized' | 'gone';

/** What to do with a letter. `redrives` is what its messages carry; `begun`: a run that was cut off may have sent it, or a part of it. */
export type LetterVerdict =
  | { readonly kind: 'send'; readonly payloads: readonly string[]; readonly redrives: number; readonly begun: boolean }
  | { readonly kind: 'refuse'; readonly why: LetterRefusal };

/** Number of letters by why they are not sent. */
export type Refused = Readonly<Record<LetterRefusal, number>>;

/** Nothing refused. */
export const noneRefused: Refused = { marked: 0, again: 0, spent: 0, unreadable: 0, oversized: 0, gone: 0 };

/** One more. */
export function refuseOneMore(refused: Refused, why: LetterRefusal): Refused {
  return { ...refused, [why]: refused[why] + 1 };
}

/** The verdict on a letter from its mark alone; undefined where it must be opened. Pure. */
export function judgeMark(state: LetterState): LetterVerdict | undefined {
  if (state.kind === 'unmarked' || state.kind === 'begun') return undefined;
  return refuse(state.kind === 'redriven' ? 'marked' : 'gone');
}

/** The verdict on a letter that is not marked as sent. The number that its messages carry always grows, so it ends at {@link MAX_REDRIVES}. Pure. */
export function judgeLetter(content: LetterContent, { again, begun }: { readonly again: boolean; readonly begun: boolean }): LetterVerdict {
  if (content.kind !== 'letter') return refuse(content.kind);
  const { letter } = content;
  const redrives = redrivesOf(letter);
  if (redrives >= MAX_REDRIVES) return refuse('spent');
  if (redrives > 0 && !again) return refuse('again');
  // It would fail as before, wherever its key says that it belongs.
  if (letter.class === 'malformed' || letter.payloads.length === 0) return refuse('unreadable');
  if (letter.payloads.length > MAX_LETTER_ORDERS) return refuse('oversized');
  return { kind: 'send', payloads: letter.payloads, redrives: redrives + 1, begun };
}

function refuse(why: LetterRefusal): LetterVerdict {
  return { kind: 'refuse', why };
}
