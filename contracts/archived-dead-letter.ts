import * as z from 'zod';

import { MAX_REDRIVES, REDRIVES_ATTRIBUTE } from './dead-letter';
import { deadLetterClasses } from './order-message';

/** What is read of an archived dead letter. It holds personal data: `payloads` are orders, and a cause may quote one. */
export const archivedDeadLetterSchema = z.looseObject({
  version: z.literal(1),
  messageId: z.string().min(1),
  class: z.enum(deadLetterClasses),
  cause: z.string(),
  /** The order bodies to send again. */
  payloads: z.array(z.string()),
  /** As an event source delivers them. */
  messageAttributes: z.record(z.string(), z.looseObject({ stringValue: z.string().nullish() })).default({}),
  archivedAt: z.iso.datetime(),
});

/** An archived dead letter. */
export type ArchivedDeadLetter = z.infer<typeof archivedDeadLetterSchema>;

/** How often the order of a letter was sent again before it became this letter. What cannot be read counts as the most: nothing fails open. */
export function redrivesOf({ messageAttributes }: Pick<ArchivedDeadLetter, 'messageAttributes'>): number {
  const attribute = messageAttributes[REDRIVES_ATTRIBUTE];
  if (attribute === undefined) return 0;
  return /^\d{1,3}$/.test(attribute.stringValue ?? '') ? Number(attribute.stringValue) : MAX_REDRIVES;
}

/** The dead-letter function's own words; they name counts, fields and kinds of problems, never a value. */
const OWN_WORDS = [
  /^a readable order that (?:was received \d+ times: retries ran out|came from no order queue)/,
  /^body of \d+ bytes is (?:over the limit of \d+|not JSON)/,
  /^schemaVersion -?\d+ is not \d+, the one this release reads/,
  /^\d+ orders in one letter, over the limit of \d+/,
  /^order does not match schema version \d+: [\w.]+ \w+(?:, [\w.]+ \w+)*(?: and \d+ more)?/,
] as const;

/** A failed invocation, alone or behind own words: why Lambda gave up and the error's name, then a message that may quote anything. */
const FAILURE = /^(?: \()?((?:RetriesExhausted|EventAgeExceeded), (?:no error type|[A-Za-z.]{1,60})): /;

/** What of a cause may be shown anywhere: the words that are known to quote nobody. Empty where there are none: then only the archive tells. */
export function shownCause(cause: string): string {
  const own = OWN_WORDS.map((words) => words.exec(cause)?.[0]).find((words) => words !== undefined) ?? '';
  const [, failure] = FAILURE.exec(cause.slice(own.length)) ?? [];
  return [own, failure].filter((part) => part !== undefined && part !== '').join('; ');
}
