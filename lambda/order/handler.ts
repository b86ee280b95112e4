import { createBatchHandler, type BatchHandler, type BatchHandlerDependencies } from '../common/batch-handler';
import { processOrder, type OrderDependencies } from './process-order';

/** The order function: takes a batch of the order queue and reports the messages that failed. */
export function createOrderHandler(dependencies: OrderDependencies & BatchHandlerDependencies): BatchHandler {
  return createBatchHandler(dependencies, (record, invocation) => processOrder(dependencies, record, invocation));
}
