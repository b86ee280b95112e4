import { shownCause } from '../../contracts/archived-dead-letter';
import type { DeadLetterClass } from '../../contracts/order-message';
import { mapBounded } from '../discovery/bounded';

import type { CallOptions, LetterEntry, LetterQuery, LetterState, TargetLetters } from './dead-letters';
import { judgeLetter, judgeMark, noneRefused, refuseOneMore, type LetterVerdict, type Refused } from './judge-letter';

/** Letters of one class at one target. Instants are ISO 8601, of when letters were archived. */
export interface ClassCount {
  readonly class: DeadLetterClass;
  readonly letters: number;
  /** Of these, how many were sent again. */
  readonly redriven: number;
  readonly oldest: string;
  readonly newest: string;
}

/** One letter, as it may be shown: nothing of its body, of its cause only what quotes nobody. */
export interface ShownLetter {
  readonly id: string;
  readonly class: DeadLetterClass;
  /** Null: only the archive may tell. */
  readonly cause: string | null;
  readonly archivedAt: string;
  /** When it was sent again. */
  readonly redrivenAt: string | null;
  /** When that was begun, by a run that was cut off: it may have been sent. */
  readonly begunAt: string | null;
}

/** What a redrive would do at a target. */
export interface RedriveSurvey {
  /** Oldest first. */
  readonly letters: readonly LetterEntry[];
  /** Number of orders in each. */
  readonly orders: ReadonlyMap<LetterEntry, number>;
  /** Of these, those that a run which was cut off had begun: they may have been sent. */
  readonly begun: ReadonlySet<LetterEntry>;
  readonly refused: Refused;
}

/** Letters looked at once at one target: S3 is asked once or twice for each. */
const AT_ONCE = 16;

/** Counts letters by class, each looked at for its mark. */
export async function countLetters(letters: TargetLetters, query: LetterQuery, options: CallOptions): Promise<readonly ClassCount[]> {
  const counts = new Map<DeadLetterClass, ClassCount>();
  for await (const [entry, state] of lookAtEach(letters, { query, ...options }, (one) => letters.state(one.key, options))) {
    if (state.kind === 'gone') continue;
    const before = counts.get(entry.class);
    counts.set(entry.class, {
      class: entry.class,
      letters: (before?.letters ?? 0) + 1,
      redriven: (before?.redriven ?? 0) + (state.kind === 'redriven' ? 1 : 0),
      oldest: before === undefined || entry.archivedAt < before.oldest ? entry.archivedAt : before.oldest,
      newest: before === undefined || entry.archivedAt > before.newest ? entry.archivedAt : before.newest,
    });
  }
  return query.classes.flatMap((known) => counts.get(known) ?? []);
}

/** Single letters, oldest first. */
export async function showLetters(letters: TargetLetters, query: LetterQuery, options: CallOptions): Promise<readonly ShownLetter[]> {
  const shown: ShownLetter[] = [];
  const look = async ({ key }: LetterEntry): Promise<readonly [LetterState, string | null]> => {
    const content = await letters.read(key, options);
    return [await letters.state(key, options), content.kind === 'letter' ? shownCause(content.letter.cause) : null];
  };
  for await (const [entry, [state, cause]] of lookAtEach(letters, { query, ...options }, look)) {
    if (state.kind === 'gone') continue;
    shown.push({
      id: entry.messageId,
      class: entry.class,
      cause: cause === '' ? null : cause,
      archivedAt: entry.archivedAt,
      redrivenAt: state.kind === 'redriven' ? state.at : null,
      begunAt: state.kind === 'begun' ? state.at : null,
    });
  }
  return shown.sort((left, right) => (left.archivedAt < right.archivedAt ? -1 : left.archivedAt > right.archivedAt ? 1 : 0));
}

/** Which letters a redrive would send, and why not the others. Nothing is sent. */
export async function surveyRedrive(
  letters: TargetLetters,
  query: LetterQuery,
  options: CallOptions & { readonly again: boolean },
): Promise<RedriveSurvey> {
  const chosen: LetterEntry[] = [];
  const begun = new Set<LetterEntry>();
  const orders = new Map<LetterEntry, number>();
  let refused = noneRefused;
  for await (const [entry, verdict] of lookAtEach(letters, { query, ...options }, ({ key }) => judge(letters, key, options))) {
    if (verdict.kind === 'refuse') {
      refused = refuseOneMore(refused, verdict.why);
      continue;
    }
    chosen.push(entry);
    orders.set(entry, verdict.payloads.length);
    if (verdict.begun) begun.add(entry);
  }
  return { letters: chosen.sort(olderFirst), orders, begun, refused };
}

/** Opens a letter where its mark does not decide already. */
export async function judge(
  letters: TargetLetters,
  key: string,
  options: CallOptions & { readonly again: boolean },
): Promise<LetterVerdict> {
  const state = await letters.state(key, options);
  return judgeMark(state) ?? judgeLetter(await letters.read(key, options), { again: options.again, begun: state.kind === 'begun' });
}

/** Oldest first; of the same age by key, so that two runs take the same ones. */
export function olderFirst(left: LetterEntry, right: LetterEntry): number {
  const [first, second] = [`${left.archivedAt} ${left.key}`, `${right.archivedAt} ${right.key}`];
  return first < second ? -1 : first > second ? 1 : 0;
}

async function* lookAtEach<Seen>(
  letters: TargetLetters,
  { query, signal }: CallOptions & { readonly query: LetterQuery },
  look: (entry: LetterEntry) => Promise<Seen>,
): AsyncGenerator<readonly [LetterEntry, Seen]> {
  for await (const page of letters.pages(query, { signal })) {
    signal.throwIfAborted();
    yield* await mapBounded(page, AT_ONCE, async (entry) => [entry, await look(entry)] as const);
  }
}
