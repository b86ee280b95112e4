import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import type { Schedule } from './clock';
import { startDeadline, type Deadline } from './deadline';
import { failureFields } from './failure-fields';
import type { Log } from './log';
import type { ReadableStack } from './readable-stack';
import { toRecordError } from './record-error';

/** What a record is processed in: one invocation of the function. */
export interface Invocation {
  readonly functionName: string;
  /** Published version, or `$LATEST`. */
  readonly functionVersion: string;
  readonly deadline: Deadline;
  readonly log: Log;
  readonly readableStack: ReadableStack;
}

/** What every batch handler needs. */
export interface BatchHandlerDependencies {
  readonly schedule: Schedule;
  /** The log of one invocation. */
  readonly logFor: (context: Context) => Log;
  readonly readableStack: ReadableStack;
}

/** A handler for an SQS event source with `ReportBatchItemFailures`. */
export type BatchHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * A handler that processes the records of a batch side by side and reports those whose `processRecord` rejects, also when all of them do:
 * an invocation that throws instead shows as an error of the function, not of its messages. What is no RecordError is logged, without its message.
 */
export function createBatchHandler(
  dependencies: BatchHandlerDependencies,
  processRecord: (record: SQSRecord, invocation: Invocation) => Promise<void>,
): BatchHandler {
  return async (event, context) => {
    const deadline = startDeadline(context.getRemainingTimeInMillis(), dependencies.schedule);
    const { functionName, functionVersion } = context;
    const { readableStack } = dependencies;
    const invocation: Invocation = { functionName, functionVersion, deadline, log: dependencies.logFor(context), readableStack };
    try {
      // A processor holds one batch, so each invocation has its own.
      return await processPartialResponse(
        event,
        (record: SQSRecord) => processRecord(record, invocation).catch((thrown: unknown) => failed(record, thrown, invocation)),
        new BatchProcessor(EventType.SQS),
        { context, throwOnFullBatchFailure: false },
      );
    } finally {
      deadline.clear();
    }
  };
}

/** A RecordError was told where it came up. Anything else is a defect that nobody foresaw, and the batch processor says nothing of it. */
function failed({ messageId }: SQSRecord, thrown: unknown, { log, readableStack }: Invocation): never {
  const error = toRecordError(thrown);
  if (error !== thrown) log.error('record failed', { message_id: messageId, ...failureFields(error, readableStack) });
  throw error;
}
