import type { Logger } from '@aws-lambda-powertools/logger';

/** Scalars only: an object that came out of a message cannot be logged by accident. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** Structured log. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/**
 * A log that puts `keys` on every line. It ends with the record it was made for: keys appended to a logger that is shared would show on the
 * lines of other records, since those are processed side by side.
 */
export function withKeys(log: Log, keys: LogFields): Log {
  return {
    info: (message, fields) => log.info(message, { ...keys, ...fields }),
    warn: (message, fields) => log.warn(message, { ...keys, ...fields }),
    error: (message, fields) => log.error(message, { ...keys, ...fields }),
  };
}

/** The Powertools logger as a {@link Log}. */
export function powertoolsLog(logger: Logger): Log {
  return {
    info: (message, fields = {}) => logger.info(message, { ...fields }),
    warn: (message, fields = {}) => logger.warn(message, { ...fields }),
    error: (message, fields = {}) => logger.error(message, { ...fields }),
  };
}
