import type { SQSRecord } from 'aws-lambda';

import { correlationIdOf } from '../../contracts/order-message';
import type { Invocation } from '../common/batch-handler';
import type { Clock } from '../common/clock';
import type { MetricSink } from '../common/emf';
import { failureFields } from '../common/failure-fields';
import { withKeys, type Log } from '../common/log';
import type { ReadableStack } from '../common/readable-stack';
import { readOrder, type OrderReading } from '../common/read-order';
import { toRecordError, type RecordError } from '../common/record-error';
import type { Tracing } from '../common/tracing';
import { malformedOrder } from './errors';
import { orderMetricLine } from './order-metrics';
import type { OrderStore, StoreResult } from './order-store';

/** What processing an order needs. */
export interface OrderDependencies {
  readonly store: OrderStore;
  readonly clock: Clock;
  readonly metrics: MetricSink;
  readonly tracing: Tracing;
  readonly metricNamespace: string;
  /** An order that takes this long or longer is slow. */
  readonly slowOrderMs: number;
}

type Outcome = { readonly kind: StoreResult } | { readonly kind: 'failed'; readonly error: RecordError };

/**
 * Processes one message of the order queue: reads, stores, measures and logs it. Rejects with a RecordError, and then only this message
 * is delivered again.
 */
export async function processOrder(dependencies: OrderDependencies, record: SQSRecord, invocation: Invocation): Promise<void> {
  const { clock, metrics, metricNamespace, slowOrderMs } = dependencies;
  const startedMs = clock.monotonicMs();
  const reading = readOrder(record.body);
  const identity = identityOf(reading, record);

  const outcome = await attempt(dependencies, { reading, identity, invocation });

  const durationMs = clock.monotonicMs() - startedMs;
  const synthetic = reading.kind === 'order' && reading.order.synthetic === true;
  const line = orderMetricLine(
    { synthetic, failed: outcome.kind === 'failed', slow: durationMs >= slowOrderMs },
    {
      namespace: metricNamespace,
      functionName: invocation.functionName,
      functionVersion: invocation.functionVersion,
      epochMs: clock.epochMs(),
    },
  );
  if (line !== undefined) metrics(line);

  const log = withKeys(invocation.log, {
    ...identity,
    synthetic,
    receive_count: Number(record.attributes.ApproximateReceiveCount),
    duration_ms: Math.round(durationMs),
  });
  report(log, outcome, invocation.readableStack);
  if (outcome.kind === 'failed') throw outcome.error;
}

/** What a message is known by in logs; order and correlation id are the only parts of an order that appear there, and free text in place of an id does not. */
function identityOf(reading: OrderReading, record: SQSRecord) {
  const { messageId } = record;
  return reading.kind === 'order'
    ? { message_id: messageId, correlation_id: correlationIdOf(reading.order) ?? messageId, order_id: reading.order.orderId }
    : { message_id: messageId, correlation_id: messageId };
}

async function attempt(
  dependencies: OrderDependencies,
  delivery: { readonly reading: OrderReading; readonly identity: ReturnType<typeof identityOf>; readonly invocation: Invocation },
): Promise<Outcome> {
  const { store, tracing, clock } = dependencies;
  const { reading, identity, invocation } = delivery;
  try {
    const result = await tracing.span('order', { ...identity }, () => {
      if (reading.kind === 'malformed') return Promise.reject(malformedOrder(reading));
      const received = {
        order: reading.order,
        correlationId: identity.correlation_id,
        receivedAt: new Date(clock.epochMs()).toISOString(),
      };
      return invocation.deadline.run((signal) => store.put(received, signal));
    });
    return { kind: result };
  } catch (thrown) {
    return { kind: 'failed', error: toRecordError(thrown) };
  }
}

function report(log: Log, outcome: Outcome, readableStack: ReadableStack): void {
  switch (outcome.kind) {
    case 'stored':
      return log.info('order stored');
    case 'duplicate':
      return log.info('order was stored before: nothing to do');
    case 'failed': {
      const fields = failureFields(outcome.error, readableStack);
      return outcome.error.kind === 'unknown' ? log.error('order failed', fields) : log.warn('order failed', fields);
    }
  }
}
