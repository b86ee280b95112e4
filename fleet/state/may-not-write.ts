import { isFleetError } from '../errors';
import { statusOf } from '../aws/sdk-error';

/** What a file system says where a user may look and not write. */
const REFUSALS = ['EACCES', 'EPERM', 'EROFS'];

/** True where a write was refused by rights alone: of a folder, of a file system, or of a role in AWS. */
export function mayNotWrite(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  if (isFleetError(error)) return cause !== undefined && mayNotWrite(cause);
  return (typeof code === 'string' && REFUSALS.includes(code)) || statusOf(error) === 403;
}
