import type { DeadLetterPlace } from './dead-letter';
import { regionalOutputsSchema } from './regional';

/** Where a regional target keeps its dead letters, from its stack outputs. Null where these do not fit. */
export function regionalDeadLetters(outputs: unknown): DeadLetterPlace | null {
  const parsed = regionalOutputsSchema.safeParse(outputs);
  return parsed.success ? { archiveBucket: parsed.data.archiveBucket, orderQueueUrl: parsed.data.queueUrl } : null;
}
