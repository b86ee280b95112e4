/** Who must act: the user (input), the fleet (our defect), AWS, or Pulumi. */
export type ErrorSource = 'user' | 'fleet' | 'aws' | 'pulumi';

/** Where in a file something is wrong; line and column count from 1. */
export interface FilePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with an input. */
export interface Problem {
  readonly message: string;
  readonly at?: FilePosition;
}

/** A problem where its place is not always known. */
export function problemAt(message: string, at: FilePosition | undefined): Problem {
  return at === undefined ? { message } : { message, at };
}

/** What an error carries beside its message. */
export interface FleetErrorOptions {
  readonly cause?: unknown;
  /** Every problem found; the message is the first one's. */
  readonly problems?: readonly Problem[];
  /** The URN of the resource that failed, or the key of the object of the state that is not as it was written. */
  readonly resource?: string;
}

const MARK = Symbol.for('order-fleet.FleetError');

/**
 * The one error family. `code` is `<source>/<what>`, as `user/unknown-key` or `aws/ThrottlingException`. The message is lower case,
 * names the wrong value and says what to change.
 */
export class FleetError extends Error {
  readonly code: string;
  readonly source: ErrorSource;
  readonly problems: readonly Problem[];
  readonly resource: string | undefined;

  constructor(code: `${ErrorSource}/${string}`, message: string, options: FleetErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'FleetError';
    this.code = code;
    this.source = code.slice(0, code.indexOf('/')) as ErrorSource;
    this.problems = options.problems ?? [{ message }];
    this.resource = options.resource;
    Object.defineProperty(this, MARK, { value: true });
  }
}

/** True for a {@link FleetError} of any copy of this module: a symbol, since instanceof does not survive realms. */
export function isFleetError(value: unknown): value is FleetError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[MARK] === true;
}

/** Bad input: exit code 2, nothing was touched. */
export function userError(what: string, message: string, options: FleetErrorOptions = {}): FleetError {
  return new FleetError(`user/${what}`, message, options);
}

/** Every problem of one file at once. */
export function userProblems(what: string, problems: readonly Problem[]): FleetError {
  return userError(what, problems[0]?.message ?? what, { problems });
}

/** One line: the place in the file, where there is one, and what is wrong. */
export function formatProblem(problem: Problem): string {
  return problem.at ? `${problem.at.file}:${problem.at.line}:${problem.at.column}: ${problem.message}` : problem.message;
}

/** Anything thrown, as it is told of one of many things: what is no {@link FleetError} is a defect of the fleet. */
export function toldError(error: unknown): { readonly code: string; readonly message: string } {
  return { code: isFleetError(error) ? error.code : 'fleet/internal', message: messageOf(error) };
}

/** Code and message as one text. A message that says its own code again, or the name in it, says it once. */
export function codedText({ code, message }: { readonly code: string; readonly message: string }): string {
  let text = `: ${message}`;
  for (const said of [code, code.slice(code.indexOf('/') + 1)])
    while (text.includes(`: ${said}: `)) text = text.replace(`: ${said}: `, ': ');
  return `${code}${text}`;
}

/** Anything thrown to an error's message, for causes from other libraries. */
export function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string') return error.message;
  return String(error);
}
