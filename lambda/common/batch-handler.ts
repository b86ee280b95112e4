import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

import type { Schedule } from './clock';
import { startDeadline, type Deadline } from './deadline';
import type { Log } from './log';

/** What a record is processed in: one invocation of the function. */
export interface Invocation {
  readonly functionName: string;
  /** Published version, or `$LATEST`. */
  readonly functionVersion: string;
  readonly deadline: Deadline;
  readonly log: Log;
}

/** What every batch handler needs. */
export interface BatchHandlerDependencies {
  readonly schedule: Schedule;
  /** The log of one invocation. */
  readonly logFor: (context: Context) => Log;
}

/** A handler for an SQS event source with `ReportBatchItemFailures`. */
export type BatchHandler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/**
 * A handler that processes the records of a batch side by side and reports those whose `processRecord` rejects, also when all of them do:
 * an invocation that throws instead shows as an error of the function, not of its messages.
 */
export function createBatchHandler(
  dependencies: BatchHandlerDependencies,
  processRecord: (record: SQSRecord, invocation: Invocation) => Promise<void>,
): BatchHandler {
  return async (event, context) => {
    const deadline = startDeadline(context.getRemainingTimeInMillis(), dependencies.schedule);
    const { functionName, functionVersion } = context;
    const invocation: Invocation = { functionName, functionVersion, deadline, log: dependencies.logFor(context) };
    try {
      // A processor holds one batch, so each invocation has its own.
      return await processPartialResponse(
        event,
        (record: SQSRecord) => processRecord(record, invocation),
        new BatchProcessor(EventType.SQS),
        { context, throwOnFullBatchFailure: false },
      );
    } finally {
      deadline.clear();
    }
  };
}
