import { createBatchHandler, type BatchHandler, type BatchHandlerDependencies } from '../common/batch-handler';
import { processDeadLetter, type DeadLetterDependencies } from './process-dead-letter';

/** The dead-letter function: takes a batch of the dead-letter queue and reports the messages that it could not archive. */
export function createDeadLetterHandler(dependencies: DeadLetterDependencies & BatchHandlerDependencies): BatchHandler {
  return createBatchHandler(dependencies, (record, invocation) => processDeadLetter(dependencies, record, invocation));
}
