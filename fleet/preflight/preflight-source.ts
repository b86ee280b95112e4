import type { OwnName, SharedParts } from '../../contracts/footprint';
import type { Target } from '../../contracts/target';

/** Whether a role lets itself be assumed, and where it leads. */
export type RoleFacts =
  | { readonly kind: 'assumed'; readonly arn: string; readonly account: string }
  | { readonly kind: 'refused'; readonly arn: string; readonly message: string };

/** What Lambda says of an account and region. Null: it is not told there. */
export interface LambdaFacts {
  /** Concurrent executions. */
  readonly limit: number;
  /** Of these, what no function has reserved. */
  readonly unreserved: number;
  readonly code: { readonly limitBytes: number; readonly usedBytes: number } | null;
}

/** A quota of an account and region that counts resources. */
export type CountedQuota = 'alarms' | 'tables';

/** A quota and what is used of it. */
export interface QuotaFacts {
  /** Null: AWS tells of no such quota there. */
  readonly limit: number | null;
  readonly used: number;
}

/** A topic or key, as it stands. `disabled` is said of keys: also of one that waits for its deletion. */
export interface SharedPart {
  readonly arn: string;
  readonly state: 'there' | 'missing' | 'disabled';
}

/** How a call is stopped. */
export interface AskOptions {
  readonly signal: AbortSignal;
}

/**
 * What AWS has before a rollout, asked where each target is. Every call rejects with a FleetError that names what was refused, and where: what
 * could not be asked is never an answer.
 */
export interface PreflightSource {
  /** The role that deploys. Rejects where nobody can tell whether it would be assumed. */
  deployRole(target: Target, options: AskOptions): Promise<RoleFacts>;
  /** Whether the permissions boundary is in the target's account. */
  boundary(target: Target, options: AskOptions): Promise<boolean>;
  lambda(target: Target, options: AskOptions): Promise<LambdaFacts>;
  quota(target: Target, quota: CountedQuota, options: AskOptions): Promise<QuotaFacts>;
  /** Those of these names that are taken, by whomever. */
  standing(target: Target, names: readonly OwnName[], options: AskOptions): Promise<readonly OwnName[]>;
  /** Topics and keys in the target's account and region. */
  shared(target: Target, parts: SharedParts, options: AskOptions): Promise<readonly SharedPart[]>;
  close(): Promise<void>;
}
