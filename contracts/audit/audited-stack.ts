import type { Expectations } from '../expectations';
import type { Tags } from '../tags';

/** A resource as it stands: what it was given, over what AWS tells of it. */
export interface AuditedResource {
  /** As Pulumi names it. */
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Whether Pulumi guards it against deletion; null: not known. */
  readonly protect: boolean | null;
}

/** What is known of the place. Null where nobody says, as in a policy pack: rules that stand on it then look at nothing. */
export interface AuditFacts {
  /** ISO 8601. */
  readonly now: string;
  /** Accounts that policies may name: the target's own, and those that every target shares. */
  readonly accounts: readonly string[] | null;
  /** As configured, without what the fleet adds itself. */
  readonly tags: Tags | null;
  readonly expectations: Expectations | null;
}

/** The resources of one stack, and where it stands. */
export interface AuditedStack {
  readonly resources: readonly AuditedResource[];
  readonly facts: AuditFacts;
}
