import type { SQSRecord } from 'aws-lambda';

import { archiveKeyOf } from '../../contracts/dead-letter';
import type { DeadLetterClass } from '../../contracts/order-message';

/** Where a dead letter stands in the archive, by the UTC day it was first sent. From the message alone, so that archiving it again overwrites instead of adding. */
export function archiveKey(deadLetterClass: DeadLetterClass, record: Pick<SQSRecord, 'messageId' | 'attributes'>): string {
  const day = sentAt(record.attributes.SentTimestamp).toISOString().slice(0, 10);
  return archiveKeyOf({ class: deadLetterClass, day, messageId: record.messageId });
}

/** Unreadable times fall on the first day of 1970: any day would do that the same message always gets. */
function sentAt(timestamp: string): Date {
  return new Date(/^\d{1,14}$/.test(timestamp) ? Number(timestamp) : 0);
}
