import { FleetError, messageOf } from '../errors';

/** `NoSuchKey`, `TimeoutError`, `ECONNREFUSED`: what an error of the SDK is to be known by. */
export function sdkErrorName(cause: unknown): string {
  const { name, code } = (cause ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  const isNamed = typeof name === 'string' && name !== '' && name !== 'Error' && name !== 'AggregateError';
  if (isNamed) return name;
  return typeof code === 'string' ? code : 'Error';
}

/** Status of the answer; undefined where none came. */
export function statusOf(cause: unknown): number | undefined {
  return (cause as { readonly $metadata?: { readonly httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
}

/** Names that AWS and its SDK give to credentials that are missing, wrong or past their time. */
const CREDENTIALS = /Credential|Token|AccessKey|UnrecognizedClient|Signature|TooSkewed/;

/** True where the credentials themselves are refused, or there are none; not where they only lack a permission. */
export function areCredentialsRefused(cause: unknown): boolean {
  return CREDENTIALS.test(sdkErrorName(cause));
}

/** What to do about an error: `refused` where AWS answered, and it was not about the credentials themselves. */
export function whatToDo(cause: unknown, refused: string): string {
  if (areCredentialsRefused(cause)) return RENEW_CREDENTIALS;
  return statusOf(cause) === undefined ? "see to this machine's way to AWS, and try again" : refused;
}

/** How a failed call is told. */
export interface SdkFailure {
  /** What was called, of what: `sts:AssumeRole of arn:aws:...`. */
  readonly what: string;
  /** What to do where AWS answered, and it was not about the credentials themselves. */
  readonly refused: string;
  /** @default the error's message */
  readonly said?: string;
}

/** A failed call as an `aws/<name>` error that says what was called, what came of it and what to do. */
export function sdkFailure(cause: unknown, { what, refused, said = messageOf(cause) }: SdkFailure): FleetError {
  return new FleetError(`aws/${sdkErrorName(cause)}`, `${what} failed: ${said}; ${whatToDo(cause, refused)}`, { cause });
}

/** What to do about refused credentials. */
export const RENEW_CREDENTIALS = 'set or renew the AWS credentials of this environment';
