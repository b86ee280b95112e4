/** How long a client tries. */
export interface ClientLimitsOptions {
  /** Times one request is sent before its failure counts. @default 5 */
  readonly maxAttempts?: number;
  /** Milliseconds that one request may take. @default 15000 */
  readonly requestTimeoutMs?: number;
}

const CONNECT_MS = 5000;

/** Settings of an AWS client by which it gives up, and slows down where it is told to. */
export function clientLimits({ maxAttempts = 5, requestTimeoutMs: timeout = 15_000 }: ClientLimitsOptions) {
  return {
    // Adaptive mode slows all calls of a client down when AWS throttles one.
    retryMode: 'adaptive',
    maxAttempts,
    // The SDK waits without end unless told otherwise: for headers (it would only warn), and for a body that stalls.
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: timeout, throwOnRequestTimeout: true, socketTimeout: timeout },
  };
}
