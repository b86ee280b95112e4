/**
 * How the functions' SDK clients try: briefly, since the queue delivers a message again anyway. A hung connection is given up well
 * before the function's own time ends. Milliseconds.
 */
export const sdkDefaults = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
} as const;
