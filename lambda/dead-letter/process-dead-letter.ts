import type { SQSRecord } from 'aws-lambda';

import { metricDimensions, orderMetrics } from '../../contracts/telemetry';
import type { Invocation } from '../common/batch-handler';
import type { Clock } from '../common/clock';
import { emfLine, type MetricSink } from '../common/emf';
import { failureFields } from '../common/failure-fields';
import { withKeys } from '../common/log';
import { toRecordError } from '../common/record-error';
import type { Tracing } from '../common/tracing';
import { archiveKey } from './archive-key';
import { classifyDeadLetter } from './classify-dead-letter';
import type { DeadLetterArchive } from './dead-letter-archive';

/** What processing a dead letter needs. There is no queue among it: nothing can go back by itself. */
export interface DeadLetterDependencies {
  readonly archive: DeadLetterArchive;
  readonly clock: Clock;
  readonly metrics: MetricSink;
  readonly tracing: Tracing;
  readonly metricNamespace: string;
}

/** Classifies one dead letter, archives it, then counts it. Rejects with a RecordError where it could not archive it: it stays in the queue. */
export async function processDeadLetter(dependencies: DeadLetterDependencies, record: SQSRecord, invocation: Invocation): Promise<void> {
  const { archive, clock, metrics, tracing, metricNamespace } = dependencies;
  const { messageId, body, attributes, messageAttributes } = record;
  const diagnosis = classifyDeadLetter(record);
  const key = archiveKey(diagnosis.class, record);
  const archivedAt = new Date(clock.epochMs()).toISOString();
  const log = withKeys(invocation.log, { message_id: messageId, dead_letter_class: diagnosis.class, archive_key: key });

  try {
    await tracing.span('dead-letter', { message_id: messageId, class: diagnosis.class }, () =>
      invocation.deadline.run((signal) =>
        archive.put(key, { version: 1, messageId, ...diagnosis, body, attributes, messageAttributes, archivedAt }, signal),
      ),
    );
  } catch (thrown) {
    const error = toRecordError(thrown);
    log.error('dead letter not archived', failureFields(error, invocation.readableStack));
    throw error;
  }

  // Counted at each delivery: once too often raises the alarm that stands anyway, once too little would hide a lost order.
  metrics(
    emfLine({
      namespace: metricNamespace,
      epochMs: clock.epochMs(),
      dimensions: { [metricDimensions.functionName]: invocation.functionName },
      dimensionSets: [[metricDimensions.functionName]],
      counts: { [orderMetrics.deadLetters]: 1 },
    }),
  );
  log.warn('dead letter archived');
}
