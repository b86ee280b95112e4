import type { OrderReading } from '../common/read-order';
import { errorName, RecordError } from '../common/record-error';

/** The body cannot be read as an order. */
export function malformedOrder(reading: Extract<OrderReading, { kind: 'malformed' }>): RecordError {
  return new RecordError('malformed', reading.code, reading.message);
}

/** The order id is taken by an order with other content: the first one stands. */
export function changedOrder(orderId: string): RecordError {
  return new RecordError('rejected', 'changed-order', `order ${orderId} is stored with other content: send a change as a new order id`);
}

/**
 * DynamoDB did not take the order. Transient where a later attempt may succeed by itself; else `unknown`, since a missing table or
 * permission needs a person. Of the service's error only the name is kept: its message may quote the item.
 */
export function storeFailure(thrown: unknown): RecordError {
  const name = errorName(thrown);
  return isTransient(thrown, name)
    ? new RecordError(
        'transient',
        'store-unavailable',
        `the orders table did not answer or held back (${name}): the message is delivered again`,
      )
    : new RecordError(
        'unknown',
        'store-refused',
        `the orders table refused the write (${name}): check its name, key and the function's role`,
      );
}

const TRANSIENT_NAMES: ReadonlySet<string> = new Set([
  'AbortError',
  'InternalServerError',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ReplicatedWriteConflictException',
  'ServiceUnavailable',
  'ThrottlingException',
  'TimeoutError',
  'TransactionConflictException',
]);

const NETWORK_CODES: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'ETIMEDOUT']);

function isTransient(thrown: unknown, name: string): boolean {
  if (TRANSIENT_NAMES.has(name)) return true;
  if (typeof thrown !== 'object' || thrown === null) return false;
  const isServerFault = '$fault' in thrown && thrown.$fault === 'server';
  const isNetworkFault = 'code' in thrown && typeof thrown.code === 'string' && NETWORK_CODES.has(thrown.code);
  return isServerFault || isNetworkFault;
}
