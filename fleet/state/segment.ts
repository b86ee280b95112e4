import * as z from 'zod';

import { seal, unseal, type Sealed } from './sealed';

/** A segment that was cut short and that the one after it passes over. */
export interface Skipped {
  readonly seq: number;
  /** SHA-256 of what is left of it. */
  readonly digest: string;
}

/** What a segment says of itself. */
export interface SegmentHead {
  /** Where it is kept. */
  readonly key: string;
  /** From 1, without gaps. */
  readonly seq: number;
  /** The writer's; never falls along a journal. */
  readonly epoch: number;
  /** Checksum of the whole segment before it, of the first that of what the journal follows; null: there was nothing. */
  readonly previous: string | null;
  readonly skipped: Skipped | null;
}

/** A whole segment. */
export interface Segment extends SegmentHead {
  readonly entries: readonly unknown[];
  readonly checksum: string;
}

/** What a body is. `torn`: the beginning of a segment, of which the rest was never written; `damaged`: anything else. */
export type ParsedSegment =
  | { readonly kind: 'whole'; readonly segment: Segment }
  | { readonly kind: 'torn'; readonly body: string }
  | { readonly kind: 'damaged'; readonly reason: string };

const VERSION = 2;
const KIND = 'journal';
const TAIL = '],"checksum":"';

/** How the head of each version begins. */
const openings = ['{"version":1,"seq":', `{"version":${VERSION},"kind":"${KIND}","key":"`];

/**
 * Members that it does not know are passed over. Of these `snapshot` is spoken for: the state that all before led to, so that a long journal
 * need not be read whole. Nobody writes one yet.
 */
const segmentShape = z.object({
  seq: z.number(),
  epoch: z.number(),
  previous: z.string().nullable(),
  skipped: z.object({ seq: z.number(), digest: z.string() }).nullable(),
  entries: z.array(z.unknown()),
});

/** A segment as JSON, each entry ({@link lineOf}) on a line of its own: what was cut short can be told from what was changed. */
export function writeSegment(head: SegmentHead, entries: readonly string[]): Sealed {
  const { key, seq, epoch, previous, skipped } = head;
  const opening = JSON.stringify({ version: VERSION, kind: KIND, key, seq, epoch, previous, skipped, entries: [] }).slice(0, -2);
  return seal(`${[opening, entries.join(',\n')].filter((part) => part !== '').join('\n')}\n]}`);
}

/** An entry as one line of JSON. Throws a TypeError for what JSON cannot carry. */
export function lineOf(entry: unknown): string {
  const line: unknown = JSON.stringify(entry);
  if (typeof line !== 'string') throw new TypeError(`${typeof entry} is no journal entry: JSON cannot carry it`);
  return line;
}

/**
 * Reads a body that is kept under a key. One byte that differs is never taken for a tear, nor for another segment, and neither is what was
 * kept elsewhere. Version 1 had no key in it: there the chain alone tells.
 */
export function parseSegment(body: string, { key }: Pick<SegmentHead, 'key'>): ParsedSegment {
  const unsealed = unseal(body);
  if (!unsealed) return parseBroken(body);
  const { version, kind, ...found } = JSON.parse(unsealed.text) as {
    readonly version?: unknown;
    readonly kind?: unknown;
    readonly key?: unknown;
  };
  if (version !== 1 && version !== VERSION)
    return { kind: 'damaged', reason: `it is of version ${String(version)}, not ${VERSION}: use the fleet that wrote it` };
  if (version === VERSION && (kind !== KIND || found.key !== key))
    return { kind: 'damaged', reason: `it is the ${String(kind)} that was kept as ${String(found.key)}` };
  const parsed = segmentShape.safeParse(found);
  if (!parsed.success) return { kind: 'damaged', reason: 'it is no segment of a journal' };
  return { kind: 'whole', segment: { ...parsed.data, key, checksum: unsealed.checksum } };
}

/** Whole lines must be whole JSON, and the last one, which has no end, must be how one begins; a changed byte breaks either rule. */
function parseBroken(body: string): ParsedSegment {
  const lines = body.split('\n');
  const open = lines.pop() ?? '';
  if (lines.at(-1)?.startsWith(TAIL) === true && open === '') return { kind: 'damaged', reason: 'a byte in it is not as it was written' };
  const wrong = lines.findIndex((line, index) => !isJson(index === 0 ? `${line}]}` : line.replace(/,$/, '')));
  if (wrong >= 0) return { kind: 'damaged', reason: `its line ${wrong + 1} is not as it was written` };
  const begins = lines.length === 0 ? beginsHead(open) : !open.startsWith(']') || beginsTail(open);
  return begins ? { kind: 'torn', body } : { kind: 'damaged', reason: `its line ${lines.length + 1} is not as it was written` };
}

function beginsHead(line: string): boolean {
  return openings.some((opening) => opening.startsWith(line) || line.startsWith(opening));
}

function beginsTail(line: string): boolean {
  if (TAIL.startsWith(line)) return true;
  return line.startsWith(TAIL) && /^(?:[0-9a-f]{0,64}|[0-9a-f]{64}"\}?)$/.test(line.slice(TAIL.length));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
