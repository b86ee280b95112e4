import { FleetError, messageOf } from '../errors';
import { sdkErrorName } from '../aws/sdk-error';

/** The answer of a call of AWS. Rejects with an `aws/<name>` {@link FleetError} that names the call. */
export async function asked<Value>(what: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (cause) {
    const said = messageOf(cause).split('\n')[0] ?? '';
    throw new FleetError(
      `aws/${sdkErrorName(cause)}`,
      `${what} failed: ${said}; run with credentials of a role of control.roles in the management account`,
      { cause },
    );
  }
}
