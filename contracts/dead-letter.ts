import { deadLetterClasses, type DeadLetterClass } from './order-message';

/** Where a target keeps its dead letters, and the queue that takes their orders again. */
export interface DeadLetterPlace {
  readonly archiveBucket: string;
  readonly orderQueueUrl: string;
}

/** Message attribute of an order that was sent again: how often, this time included. The archive keeps it, so no letter is sent round for ever. */
export const REDRIVES_ATTRIBUTE = 'fleet-redrives';

/** An order is sent again at most so often, whoever allows it. */
export const MAX_REDRIVES = 3;

/** Orders in one letter at most: no function is invoked with a larger batch. A letter with more is forged, and nothing of it is sent. */
export const MAX_LETTER_ORDERS = 10;

/**
 * Tags of an archived letter that was sent again: when that was about to begin and when it was done (ISO 8601), and the number its messages carry
 * as {@link REDRIVES_ATTRIBUTE}.
 */
export const redriveTags = { begun: 'redrive-begun', done: 'redriven', redrives: 'redrives' } as const;

/** What the key of an archived letter tells. */
export interface ArchivedName {
  readonly class: DeadLetterClass;
  /** UTC day it was first sent, as `2026-03-04`. */
  readonly day: string;
  readonly messageId: string;
}

/** Key of an archived letter: `dead-letters/<class>/<yyyy>/<mm>/<dd>/<messageId>.json`. */
export function archiveKeyOf({ class: letterClass, day, messageId }: ArchivedName): string {
  return `${archivePrefix(letterClass)}${day.replaceAll('-', '/')}/${encodeURIComponent(messageId)}.json`;
}

/** How the keys of a class begin; days sort within it. */
export function archivePrefix(letterClass: DeadLetterClass): string {
  return `dead-letters/${letterClass}/`;
}

/** A key to what it tells; undefined where it is no archived letter's. */
export function readArchiveKey(key: string): ArchivedName | undefined {
  const [, className, year = '', month = '', date = '', encoded = ''] =
    /^dead-letters\/([a-z]+)\/(\d{4})\/(\d{2})\/(\d{2})\/([^/]+)\.json$/.exec(key) ?? [];
  const letterClass = deadLetterClasses.find((known) => known === className);
  if (letterClass === undefined) return undefined;
  try {
    return { class: letterClass, day: `${year}-${month}-${date}`, messageId: decodeURIComponent(encoded) };
  } catch {
    return undefined;
  }
}
