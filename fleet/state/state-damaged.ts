import { FleetError } from '../errors';

/** An object of the state is not what was kept under its key: `what` says why it is damaged, or what it is instead with its own way out. */
export function stateDamaged(
  key: string,
  what: string | { readonly is: string },
  { wayOut = 'restore it (docs/recovery.md)', cause }: { readonly wayOut?: string | undefined; readonly cause?: unknown } = {},
): FleetError {
  const said = typeof what === 'string' ? `damaged: ${what}; ${wayOut}` : what.is;
  return new FleetError('user/state-damaged', `${key} is ${said}`, { resource: key, ...(cause !== undefined && { cause }) });
}
