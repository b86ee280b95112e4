import type { SQSRecord } from 'aws-lambda';

import type { DeadLetterClass } from '../../contracts/order-message';

/**
 * Where a dead letter stands in the archive: `dead-letters/<class>/<yyyy>/<mm>/<dd>/<messageId>.json`, by the UTC day it was first sent. From
 * the message alone, so that archiving it again overwrites instead of adding.
 */
export function archiveKey(deadLetterClass: DeadLetterClass, record: Pick<SQSRecord, 'messageId' | 'attributes'>): string {
  const day = sentAt(record.attributes.SentTimestamp).toISOString().slice(0, 10).replaceAll('-', '/');
  return `dead-letters/${deadLetterClass}/${day}/${encodeURIComponent(record.messageId)}.json`;
}

/** Unreadable times fall on the first day of 1970: any day would do that the same message always gets. */
function sentAt(timestamp: string): Date {
  return new Date(/^\d{1,14}$/.test(timestamp) ? Number(timestamp) : 0);
}
