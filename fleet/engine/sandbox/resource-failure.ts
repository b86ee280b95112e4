import { NotWritten, StaleWriter } from '../../../sandbox/append-log';
import { isAwsError } from '../../../sandbox/aws-error';
import { messageOf } from '../../errors';
import type { TargetError } from '../../ports';

/** What failed, and at which resource. Carried by throwing, turned into a {@link TargetError} where the run ends. */
export class ResourceFailure extends Error {
  readonly error: TargetError;

  constructor(error: TargetError, cause: unknown) {
    super(error.message, { cause });
    this.name = 'ResourceFailure';
    this.error = error;
  }

  /** Wraps what a resource's operation threw; `redact` takes the resource's secrets out of the text. */
  static from(thrown: unknown, at: { readonly urn: string; readonly redact: (text: string) => string }): ResourceFailure {
    if (thrown instanceof ResourceFailure) return thrown;
    const code = isAwsError(thrown) ? `aws/${thrown.name}` : (codeOfLog(thrown) ?? 'fleet/internal');
    const message = isAwsError(thrown) ? `${thrown.name}: ${thrown.message}` : messageOf(thrown);
    return new ResourceFailure({ code, message: at.redact(message), resource: at.urn }, thrown);
  }
}

/** The code of what went wrong with the sandbox's own files, which says nothing of the target; undefined for anything else. */
export function codeOfLog(thrown: unknown): 'fleet/fenced' | 'fleet/sandbox-io' | undefined {
  if (thrown instanceof StaleWriter) return 'fleet/fenced';
  return thrown instanceof NotWritten ? 'fleet/sandbox-io' : undefined;
}
