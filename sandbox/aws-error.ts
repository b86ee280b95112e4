const MARK = Symbol.for('order-fleet.sandbox.AwsError');

/** An error as an AWS service answers it. `name` is the service's error name. */
export class AwsError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
    Object.defineProperty(this, MARK, { value: true });
  }
}

/** True for an {@link AwsError} of any copy of this module. */
export function isAwsError(value: unknown): value is AwsError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[MARK] === true;
}
