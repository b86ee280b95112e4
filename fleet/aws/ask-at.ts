import type { Target } from '../../contracts/target';
import { isFleetError, messageOf } from '../errors';

import { sdkErrorName, sdkFailure } from './sdk-error';

/** One call of AWS at a place. */
export interface AskedCall<Value> {
  /** As IAM names the action: `lambda:GetFunction`. */
  readonly operation: string;
  readonly at: Pick<Target, 'account' | 'region'>;
  readonly signal: AbortSignal;
  readonly call: (abort: { readonly abortSignal: AbortSignal }) => Promise<Value>;
  /** Role that asks, to be seen to where AWS refuses. */
  readonly role: string;
}

/** Carries a call out; what fails is an `aws/<name>` error that says what was asked, and where. */
export async function askAt<Value>({ operation, at, signal, call, role }: AskedCall<Value>): Promise<Value> {
  try {
    // One of its own: the SDK listens to it, and Node warns of a signal that many listen to.
    return await call({ abortSignal: AbortSignal.any([signal]) });
  } catch (cause) {
    signal.throwIfAborted();
    if (isFleetError(cause)) throw cause;
    const what = `${operation} in account ${at.account}, ${at.region}`;
    const said = messageOf(cause).split('\n')[0] ?? '';
    const refused = `see what AWS says, and that role ${role} may do it (\`fleet bootstrap\` brings its policies up to date)`;
    throw sdkFailure(cause, { what, said: said === '' ? sdkErrorName(cause) : said, refused });
  }
}

/** An answer; undefined where AWS says, by one of these errors' names, that there is no such thing. */
export async function orAbsent<Value>(absent: readonly string[], call: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await call();
  } catch (cause) {
    if (absent.includes(sdkErrorName(cause))) return undefined;
    throw cause;
  }
}
