import type { LogFields } from './log';
import type { ReadableStack } from './readable-stack';
import type { RecordError } from './record-error';

/** What a log line says of a failure. The stack of an unknown one only: the others say by their code what to do. */
export function failureFields({ kind, code, message, stack = '' }: RecordError, readableStack: ReadableStack): LogFields {
  const failure = { failure: kind, failure_code: code, failure_message: message };
  return kind === 'unknown' ? { ...failure, stack: readableStack(stack) } : failure;
}
