import type { AuditSeverity, RuleText } from '../../contracts/audit/audit-rule';
import type { TargetId } from '../../contracts/target';

/** Where something was found. */
export interface FindingPlace {
  readonly target: TargetId;
  readonly account: string;
  readonly accountName: string;
  readonly region: string;
}

/** A resource, as a finding names it. */
export interface FindingResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
}

/** One thing that is not as it should be, before its age and whether somebody accepts it are known. */
export interface RawFinding extends FindingPlace {
  readonly rule: string;
  readonly severity: AuditSeverity;
  /** Null: of the target as a whole. */
  readonly resource: FindingResource | null;
  /** One line that names the wrong value. */
  readonly found: string;
  readonly advice: string;
}

/** Who accepts a finding, until when (the whole of that day, UTC) and why. */
export interface Acceptance {
  readonly owner: string;
  readonly expires: string;
  readonly reason: string;
}

/** A finding with its age. */
export interface AuditFinding extends RawFinding {
  /** When an audit saw it first, ISO 8601; auditing seldom makes it look younger than it is. */
  readonly since: string;
  /** Whole days since then. */
  readonly ageDays: number;
  /** Null: nobody accepts it. */
  readonly accepted: Acceptance | null;
  /** An acceptance that has run out; the finding counts again. */
  readonly lapsed: Acceptance | null;
}

/** Something that could not be looked at, which is never clean. */
export interface NotAudited {
  readonly target: TargetId;
  /** As `the stack` or `its log groups`. */
  readonly what: string;
  readonly reason: string;
}

/** A finding of a rule. */
export function findingOf(
  { id, severity, advice }: RuleText,
  { place, resource, found }: { readonly place: FindingPlace; readonly resource: FindingResource | null; readonly found: string },
): RawFinding {
  const named = resource && { type: resource.type, name: resource.name, urn: resource.urn };
  return { rule: id, severity, ...place, resource: named, found, advice };
}

/** What makes two findings of two audits the same one: the rule and the thing, not the words. */
export function findingKey({ rule, target, resource }: Pick<RawFinding, 'rule' | 'target' | 'resource'>): string {
  return `${rule} ${target} ${resource?.name ?? '-'}`;
}
