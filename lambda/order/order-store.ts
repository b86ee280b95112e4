import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import { EXPIRY_ATTRIBUTE, orderTotalMinor, SYNTHETIC_ORDER_DAYS, type OrderMessage } from '../../contracts/order-message';
import { errorName } from '../common/record-error';
import { orderContentHash } from './content-hash';
import { changedOrder, storeFailure } from './errors';

/** An order and how it came. */
export interface ReceivedOrder {
  readonly order: OrderMessage;
  readonly correlationId: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}

/** What became of a write that was accepted. */
export type StoreResult = 'stored' | 'duplicate';

/** Where orders are kept. */
export interface OrderStore {
  /** Stores an order once: a repetition is a `duplicate`. Rejects with a RecordError; of kind `rejected` where other content has the id. */
  put(received: ReceivedOrder, signal: AbortSignal): Promise<StoreResult>;
}

/**
 * The orders table. One conditional write, so that two deliveries of one message at the same moment cannot both store it; an aborted
 * write that did arrive is a duplicate at its next delivery.
 */
export function dynamoOrderStore(options: { readonly client: DynamoDBDocumentClient; readonly tableName: string }): OrderStore {
  return {
    put: async (received, abortSignal) => {
      const item = orderItem(received);
      const command = new PutCommand({
        TableName: options.tableName,
        Item: item,
        ConditionExpression: 'attribute_not_exists(orderId)',
        // The answer to a refused write brings the stored item along: no second read, and none that could be stale.
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await options.client.send(command, { abortSignal });
        return 'stored';
      } catch (thrown) {
        if (errorName(thrown) !== 'ConditionalCheckFailedException') throw storeFailure(thrown);
        const storedHash = storedContentHash(thrown);
        if (storedHash === undefined) throw storeFailure(thrown);
        if (storedHash !== item.contentHash) throw changedOrder(item.orderId);
        return 'duplicate';
      }
    },
  };
}

/** The item as it stands in the table. */
function orderItem({ order, correlationId, receivedAt }: ReceivedOrder) {
  return {
    orderId: order.orderId,
    order,
    totalMinor: orderTotalMinor(order),
    contentHash: orderContentHash(order),
    receivedAt,
    correlationId,
    synthetic: order.synthetic ?? false,
    ...(order.synthetic === true && { [EXPIRY_ATTRIBUTE]: expiryOf(receivedAt) }),
  };
}

function expiryOf(receivedAt: string): number {
  return Math.floor(Date.parse(receivedAt) / 1000) + SYNTHETIC_ORDER_DAYS * 86_400;
}

/** The document client leaves an error's item in the table's own notation. */
function storedContentHash(thrown: unknown): string | undefined {
  const { Item } = thrown as { readonly Item?: Readonly<Record<string, AttributeValue>> };
  return Item?.contentHash?.S;
}
