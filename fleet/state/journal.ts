import { sha256Hex } from '../digest';
import { FleetError } from '../errors';
import type { ObjectStore } from '../ports';

import { fenced } from './fenced';
import { JournalWriter, journalFailed } from './journal-writer';
import { KnownSegments } from './known-segments';
import { lineOf, parseSegment, writeSegment, type ParsedSegment, type Segment, type Skipped } from './segment';

export type { JournalWriter } from './journal-writer';

/** The last segment, cut short: a write that never ended, or a file that lost its end. Its entries are not in the journal. */
export interface Torn {
  readonly key: string;
  /** What is left of it, in bytes. */
  readonly bytes: number;
}

/** A journal as read. */
export interface ReadJournal<Entry> {
  /** All of them, oldest first. */
  readonly entries: readonly Entry[];
  readonly torn: Torn | null;
}

/** A journal that this process may write to. */
export interface OpenJournal<Entry> extends ReadJournal<Entry> {
  readonly writer: JournalWriter<Entry>;
}

/** How a journal is read. */
export interface ReadJournalOptions {
  /** Of journals in this store. @default none */
  readonly known?: KnownSegments;
  /** Whether something is an entry of this journal. @default anything is */
  readonly isEntry?: (value: unknown) => boolean;
  /** Checksum of what the first segment follows: a journal of something else is refused. @default that is not looked at */
  readonly follows?: string | undefined;
}

/** As whom a journal is opened. */
export interface OpenJournalOptions<Entry> extends ReadJournalOptions {
  /** The lease's. */
  readonly epoch: number;
  /** Written with the opening; not among the entries that are given back. */
  readonly opening?: readonly Entry[];
}

/** A journal's segments, for who checks them. */
export interface ReadSegments {
  readonly segments: readonly Segment[];
  readonly torn: Torn | null;
}

/** The last whole segment of a journal. */
export interface JournalEnd {
  readonly seq: number;
  readonly checksum: string;
}

interface Chain extends ReadSegments {
  /** What the next segment must say that it passes over. */
  readonly skipped: Skipped | null;
}

/** Segments read at once: a store across a network answers many as fast as one. */
const READ_AT_ONCE = 64;

/**
 * Opens a journal for writing: reads it, and writes a first segment of this epoch behind what is there. That one closes it for every lower
 * epoch, whose next segment wants the same number. A segment that was cut short is passed over from then on. Only for who holds the lease.
 *
 * Errors: `fleet/fenced` where a higher epoch has been here, `user/journal-damaged`, `fleet/journal-failed`.
 */
export async function openJournal<Entry>(
  store: ObjectStore,
  prefix: string,
  options: OpenJournalOptions<Entry>,
): Promise<OpenJournal<Entry>> {
  const { epoch, opening = [] } = options;
  for (let contested = false; ; contested = true) {
    const { segments, torn, skipped } = await readChain(store, prefix, options);
    const last = segments.at(-1);
    if (last && (last.epoch > epoch || (contested && last.epoch === epoch)))
      throw fenced(`${prefix} is written under epoch ${last.epoch}, this is ${epoch}`);
    const seq = 1 + (skipped?.seq ?? last?.seq ?? 0);
    const key = segmentKey(prefix, seq);
    const { body, checksum } = writeSegment(
      { key, seq, epoch, previous: last?.checksum ?? options.follows ?? null, skipped },
      opening.map(lineOf),
    );
    // Not created: a lower epoch's write, on its way since before the takeover, came first. It counts, so the journal is read again.
    if (!(await created(store, key, body))) continue;
    const writer = new JournalWriter<Entry>(store, { epoch, seq, previous: checksum, keyOf: (next) => segmentKey(prefix, next) });
    return { entries: entriesOf<Entry>(segments), torn, writer };
  }
}

/**
 * Reads a journal; there need not be one. What a live writer adds meanwhile may be missing. Throws `user/journal-damaged`, naming the
 * segment, for whatever is neither whole nor a last segment cut short. That whole segments are gone from its end cannot be seen.
 */
export async function readJournal<Entry>(
  store: ObjectStore,
  prefix: string,
  options: ReadJournalOptions = {},
): Promise<ReadJournal<Entry> & { readonly end: JournalEnd | null }> {
  const { segments, torn } = await readChain(store, prefix, options);
  return { entries: entriesOf<Entry>(segments), torn, end: endOf(segments) };
}

/** {@link readJournal} with what each segment says of itself. */
export async function readSegments(store: ObjectStore, prefix: string, options: ReadJournalOptions = {}): Promise<ReadSegments> {
  const { segments, torn } = await readChain(store, prefix, options);
  return { segments, torn };
}

/** Null: it has no whole segment. */
function endOf(segments: readonly Segment[]): JournalEnd | null {
  const last = segments.at(-1);
  return last ? { seq: last.seq, checksum: last.checksum } : null;
}

async function readChain(store: ObjectStore, prefix: string, options: ReadJournalOptions = {}): Promise<Chain> {
  const { known = new KnownSegments(), isEntry = () => true, follows } = options;
  const folder = `${prefix}/journal/`;
  const keys = (await store.list(folder)).filter((key) => !key.includes('/', folder.length));
  const segments: Segment[] = [];
  let cut: (Torn & { readonly skipped: Skipped }) | null = null;
  for (let start = 0; start < keys.length; start += READ_AT_ONCE) {
    const read = async (key: string) => known.get(prefix, key) ?? (await store.read(key));
    const found = await Promise.all(keys.slice(start, start + READ_AT_ONCE).map(read));
    for (const [offset, object] of found.entries()) {
      const seq = start + offset + 1;
      const key = segmentKey(prefix, seq);
      if (keys[seq - 1] !== key || !object)
        throw journalDamaged(key, `it is missing${keys[seq - 1] === key ? '' : `: ${keys[seq - 1]} is there`}`);
      const parsed: ParsedSegment = 'body' in object ? parseSegment(object.body, { key }) : { kind: 'whole', segment: object };
      if (parsed.kind === 'damaged') throw journalDamaged(key, parsed.reason);
      if (parsed.kind === 'torn') {
        if (cut) throw journalDamaged(cut.key, 'it is cut short, and it is not the last one');
        cut = { key, bytes: Buffer.byteLength(parsed.body), skipped: { seq, digest: sha256Hex(parsed.body) } };
        continue;
      }
      if (cut && parsed.segment.skipped === null) throw journalDamaged(cut.key, 'it is cut short, and it is not the last one');
      const wrong = misfit(parsed.segment, { seq, before: segments.at(-1), skipped: cut?.skipped ?? null, follows });
      if (wrong !== undefined) throw journalDamaged(key, wrong);
      const strange = 'body' in object ? parsed.segment.entries.findIndex((entry) => !isEntry(entry)) : -1;
      if (strange >= 0) throw journalDamaged(key, `its entry ${strange + 1} is none of this journal`);
      segments.push(parsed.segment);
      known.keep(prefix, key, parsed.segment);
      cut = null;
    }
  }
  return { segments, torn: cut && { key: cut.key, bytes: cut.bytes }, skipped: cut?.skipped ?? null };
}

/** What is wrong with a whole segment where it stands; undefined: nothing. */
function misfit(
  segment: Segment,
  place: {
    readonly seq: number;
    readonly before: Segment | undefined;
    readonly skipped: Skipped | null;
    readonly follows: string | undefined;
  },
): string | undefined {
  const { seq, before, skipped, follows } = place;
  if (segment.seq !== seq) return `it says that it is segment ${segment.seq}`;
  if (before !== undefined && segment.previous !== before.checksum) return 'it does not follow the one before it';
  // Until journals followed anything, the first segment followed nothing.
  if (before === undefined && follows !== undefined && segment.previous !== null && segment.previous !== follows)
    return 'it does not follow the beginning that is there: that one is another, or not as it was';
  if (segment.epoch < (before?.epoch ?? 0)) return `its epoch ${segment.epoch} is lower than ${before?.epoch} before it`;
  if (segment.skipped?.seq !== skipped?.seq || segment.skipped?.digest !== skipped?.digest)
    return 'the segment that it passes over is not as it was then';
  return undefined;
}

async function created(store: ObjectStore, key: string, body: string): Promise<boolean> {
  try {
    return await store.create(key, body);
  } catch (cause) {
    throw journalFailed(key, cause);
  }
}

function entriesOf<Entry>(segments: readonly Segment[]): readonly Entry[] {
  return segments.flatMap((segment) => segment.entries as readonly Entry[]);
}

/** Where a segment of a journal is kept. */
export function segmentKey(prefix: string, seq: number): string {
  return `${prefix}/journal/${String(seq).padStart(8, '0')}.json`;
}

/** A segment of a journal is not as it was written: `what` says how that shows. */
export function journalDamaged(key: string, what: string): FleetError {
  return new FleetError('user/journal-damaged', `journal segment ${key} is damaged: ${what}; restore it (docs/recovery.md)`, {
    resource: key,
  });
}
