import type { RunInputs } from '../contracts/target-config';

/** What this run protects against deletion and replacement. */
export interface Protection {
  /** Tables, archives, logs and keys: what they hold cannot be made again. A destroy keeps them unless it is told otherwise (AWS.md G1). */
  readonly data: boolean;
  /** Queues, topics and sinks: others point at them, and what is in transit would be lost. A destroy takes them. */
  readonly identity: boolean;
}

/** Both but where a destroy says otherwise. */
export function protectionOf({ unprotect }: Pick<RunInputs, 'unprotect'>): Protection {
  switch (unprotect) {
    case 'nothing':
      return { data: true, identity: true };
    case 'identity':
      return { data: true, identity: false };
    case 'everything':
      return { data: false, identity: false };
    default:
      throw new Error(`unknown protection ${String(unprotect satisfies never)}`);
  }
}
