import type { SQSRecord } from 'aws-lambda';

import { MAX_LETTER_ORDERS } from '../../contracts/dead-letter';
import type { DeadLetterClass } from '../../contracts/order-message';
import { readOrder } from '../common/read-order';
import { kindOfErrorName } from '../common/record-error';
import { readFailureRecord, type FailureRecord } from './failure-record';

/** What a dead letter is. */
export interface Diagnosis {
  readonly class: DeadLetterClass;
  /** Why, in one sentence. Goes to the archive, not to the log: it may quote a function's error. */
  readonly cause: string;
  /** The order bodies to send again, should a person decide so. */
  readonly payloads: readonly string[];
}

/**
 * Says why a message is a dead letter, from the message alone. Pure.
 *
 * A queue's redrive tells nothing of the last error, so an order that was rejected because its id is taken reads as `transient` here; to send
 * it again does no harm, since the orders table rejects it again.
 */
export function classifyDeadLetter(record: SQSRecord): Diagnosis {
  // Through the order queue comes what the order function refused as it stands, whatever it looks like; only Lambda itself sends failure records.
  const failure = record.attributes.DeadLetterQueueSourceArn === undefined ? readFailureRecord(record.body) : undefined;
  return failure ? diagnoseFailure(failure) : diagnoseMessage(record);
}

function diagnoseMessage(record: SQSRecord): Diagnosis {
  const payloads = [record.body];
  const reading = readOrder(record.body);
  if (reading.kind === 'malformed') return { class: 'malformed', cause: reading.message, payloads };
  // Counted over all queues: only a message that was sent straight to this one starts at 1.
  const receives = Number(record.attributes.ApproximateReceiveCount);
  return record.attributes.DeadLetterQueueSourceArn !== undefined || receives > 1
    ? { class: 'transient', cause: `a readable order that was received ${receives} times: retries ran out`, payloads }
    : { class: 'unknown', cause: 'a readable order that came from no order queue', payloads };
}

function diagnoseFailure({ condition, errorType, errorMessage, bodies: payloads }: FailureRecord): Diagnosis {
  // Whoever may send to this queue can write a failure record: one of them must not become thousands of orders. The archive keeps its body.
  if (payloads.length > MAX_LETTER_ORDERS)
    return { class: 'unknown', cause: `${payloads.length} orders in one letter, over the limit of ${MAX_LETTER_ORDERS}`, payloads: [] };
  const error = `${condition}, ${errorType ?? 'no error type'}: ${errorMessage ?? 'no message'}`;
  const named = errorType === undefined ? undefined : kindOfErrorName(errorType);
  if (named !== undefined) return { class: named, cause: error, payloads };
  for (const payload of payloads) {
    const reading = readOrder(payload);
    if (reading.kind === 'malformed') return { class: 'malformed', cause: `${reading.message} (${error})`, payloads };
  }
  const retriesRanOut = condition === 'RetriesExhausted' || condition === 'EventAgeExceeded';
  return { class: retriesRanOut ? 'transient' : 'unknown', cause: error, payloads };
}
