import type { Target } from '../../contracts/target';

/** Log groups of accounts. */
export interface LogGroups {
  /** Names that start with one of the prefixes, in a target's account and region, sorted. Rejects with an `aws/...` error where they cannot be read. */
  list(target: Target, prefixes: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}
