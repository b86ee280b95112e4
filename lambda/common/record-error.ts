import { deadLetterClasses, type DeadLetterClass } from '../../contracts/order-message';

const ERROR_NAMES: Readonly<Record<DeadLetterClass, string>> = {
  malformed: 'MalformedRecordError',
  rejected: 'RejectedRecordError',
  transient: 'TransientRecordError',
  unknown: 'UnknownRecordError',
};

/**
 * Why one message of a batch failed. Its message, stack and properties reach logs and traces as they are, so nothing of a message's
 * body may stand in them; a foreign error is never kept as `cause` for the same reason.
 */
export class RecordError extends Error {
  readonly kind: DeadLetterClass;
  /** Stable and short, as `not-json`; for log queries. */
  readonly code: string;

  constructor(kind: DeadLetterClass, code: string, message: string) {
    super(message);
    this.name = ERROR_NAMES[kind];
    this.kind = kind;
    this.code = code;
  }
}

/** The kind of a {@link RecordError} by its `name`, as Lambda reports it in `errorType`; undefined for any other name. */
export function kindOfErrorName(name: string): DeadLetterClass | undefined {
  return deadLetterClasses.find((kind) => ERROR_NAMES[kind] === name);
}

/** Anything thrown to a {@link RecordError}: of a foreign error only its name and stack frames stay, since its message may quote a body. */
export function toRecordError(thrown: unknown): RecordError {
  if (thrown instanceof RecordError) return thrown;
  const error = new RecordError('unknown', 'unexpected', `unexpected ${errorName(thrown)}: a defect, see the stack`);
  const frames = stackFrames(thrown);
  if (frames.length > 0) error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
  return error;
}

/** The `name` of whatever was thrown; `Error` where it has none. */
export function errorName(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null || !('name' in thrown) || typeof thrown.name !== 'string') return 'Error';
  return /^[\w.$-]{1,100}$/.test(thrown.name) ? thrown.name : 'Error';
}

/** Takes the text out of an error that is thrown on; its name, its frames and the rest of its properties stay. */
export function hideText(error: Error): void {
  const frames = stackFrames(error);
  error.message = 'the text of this error is left out: it may quote an order';
  error.stack = [`${errorName(error)}: ${error.message}`, ...frames].join('\n');
}

function stackFrames(thrown: unknown): readonly string[] {
  if (typeof thrown !== 'object' || thrown === null || !('stack' in thrown) || typeof thrown.stack !== 'string') return [];
  const message = 'message' in thrown && typeof thrown.message === 'string' ? thrown.message : '';
  // A stack begins with the message, whose lines could look like frames.
  const frames = thrown.stack.slice(Math.max(0, thrown.stack.indexOf(message)) + message.length);
  return frames.split('\n').filter((line) => /^ {4}at .+:\d+:\d+\)?$/.test(line));
}
