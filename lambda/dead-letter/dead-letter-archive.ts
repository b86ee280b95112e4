import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { SQSRecord } from 'aws-lambda';

import type { DeadLetterClass } from '../../contracts/order-message';
import { errorName, RecordError } from '../common/record-error';

/** A dead letter as archived. Holds personal data: only the archive does. */
export interface ArchivedDeadLetter {
  readonly version: 1;
  readonly messageId: string;
  readonly class: DeadLetterClass;
  readonly cause: string;
  /** The message body as it came. */
  readonly body: string;
  /** The order bodies to send again, should a person decide so. */
  readonly payloads: readonly string[];
  readonly attributes: SQSRecord['attributes'];
  readonly messageAttributes: SQSRecord['messageAttributes'];
  /** ISO 8601, UTC. */
  readonly archivedAt: string;
}

/** Where dead letters are kept. */
export interface DeadLetterArchive {
  /** Writes a dead letter; the same key overwrites. Rejects with a transient RecordError. */
  put(key: string, deadLetter: ArchivedDeadLetter, signal: AbortSignal): Promise<void>;
}

/** The archive bucket. */
export function s3DeadLetterArchive(options: { readonly client: S3Client; readonly bucket: string }): DeadLetterArchive {
  return {
    put: async (key, deadLetter, abortSignal) => {
      const command = new PutObjectCommand({
        Bucket: options.bucket,
        Key: key,
        Body: JSON.stringify(deadLetter),
        ContentType: 'application/json',
      });
      try {
        await options.client.send(command, { abortSignal });
      } catch (thrown) {
        throw new RecordError(
          'transient',
          'archive-failed',
          `the archive did not take the message (${errorName(thrown)}): it stays in the queue`,
        );
      }
    },
  };
}
