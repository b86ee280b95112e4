import { auditSeverities, type AuditSeverity, type RuleText } from '../../contracts/audit/audit-rule';
import { auditRules } from '../../contracts/audit/audit-rules';

import type { AuditFinding, NotAudited } from './audit-finding';
import type { BaselineEntry } from './baseline';
import { fleetRules } from './fleet-rules';

/** Every rule of the audit, in the order it is told. */
export const allRules: readonly RuleText[] = [
  ...auditRules.map(({ id, severity, demands, advice }) => ({ id, severity, demands, advice })),
  ...Object.values(fleetRules),
];

/** Their names. */
export const ruleIds: readonly string[] = allRules.map(({ id }) => id);

/** How one rule fared. */
export interface RuleResult {
  readonly id: string;
  readonly severity: AuditSeverity;
  /** Number of things that it applied to. */
  readonly looked: number;
  /** Findings that nobody accepts. */
  readonly open: number;
  readonly accepted: number;
}

/** The result of `audit`. */
export interface AuditReport {
  readonly version: 1;
  readonly at: string;
  /** 0 to 100, one decimal, rounded down ({@link scoreOf}); null where nothing was looked at. */
  readonly score: number | null;
  readonly counts: {
    readonly targets: number;
    readonly notAudited: number;
    readonly open: number;
    readonly accepted: number;
    /** Open ones by severity. */
    readonly bySeverity: Readonly<Record<AuditSeverity, number>>;
  };
  /** Worst first, then by rule and target. */
  readonly findings: readonly AuditFinding[];
  readonly notAudited: readonly NotAudited[];
  readonly rules: readonly RuleResult[];
  readonly baseline: { readonly file: string | null; readonly unused: readonly BaselineEntry[] };
}

/** What a violation weighs. */
const WEIGHTS: Readonly<Record<AuditSeverity, number>> = { critical: 10, high: 5, medium: 2, low: 1 };

/** What a report is made of. */
export interface AuditParts {
  readonly at: string;
  readonly targets: number;
  readonly findings: readonly AuditFinding[];
  readonly notAudited: readonly NotAudited[];
  /** Number of things each rule applied to, by rule. */
  readonly looked: Readonly<Record<string, number>>;
  readonly baseline: AuditReport['baseline'];
}

/** The report of an audit. Pure. */
export function auditReport({ at, targets, findings, notAudited, looked, baseline }: AuditParts): AuditReport {
  const open = findings.filter(({ accepted }) => accepted === null);
  const count = (severity: AuditSeverity) => open.filter((finding) => finding.severity === severity).length;
  const rules = allRules.map(({ id, severity }): RuleResult => {
    const own = findings.filter(({ rule }) => rule === id);
    const openOnes = own.filter(({ accepted }) => accepted === null).length;
    return { id, severity, looked: looked[id] ?? 0, open: openOnes, accepted: own.length - openOnes };
  });
  return {
    version: 1,
    at,
    score: scoreOf(rules, open),
    counts: {
      targets,
      notAudited: new Set(notAudited.map(({ target }) => target)).size,
      open: open.length,
      accepted: findings.length - open.length,
      bySeverity: { critical: count('critical'), high: count('high'), medium: count('medium'), low: count('low') },
    },
    findings: [...findings].sort(worstFirst),
    notAudited,
    rules,
    baseline,
  };
}

/**
 * 100 x (1 - weight of open findings / weight of all that was looked at), where each thing a rule applied to weighs 10 (critical), 5, 2 or 1.
 * Rounded down to one decimal: 100 only where nothing is open.
 */
function scoreOf(rules: readonly RuleResult[], open: readonly AuditFinding[]): number | null {
  const total = rules.reduce((sum, { looked, severity }) => sum + looked * WEIGHTS[severity], 0);
  if (total === 0) return null;
  const lost = open.reduce((sum, { severity }) => sum + WEIGHTS[severity], 0);
  const score = Math.floor(1000 * (1 - lost / total)) / 10;
  return open.length === 0 ? 100 : Math.min(99.9, Math.max(0, score));
}

function worstFirst(left: AuditFinding, right: AuditFinding): number {
  const rank = ({ severity }: AuditFinding) => auditSeverities.indexOf(severity);
  return (
    rank(left) - rank(right) ||
    compare(left.rule, right.rule) ||
    compare(left.target, right.target) ||
    compare(left.resource?.name ?? '', right.resource?.name ?? '')
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** True where an audit lets a pipeline pass: all was looked at, and nothing open is as bad as that or worse. */
export function isClean({ counts, findings }: AuditReport, failOn: AuditSeverity): boolean {
  const bad = auditSeverities.slice(0, auditSeverities.indexOf(failOn) + 1);
  return counts.notAudited === 0 && findings.every(({ accepted, severity }) => accepted !== null || !bad.includes(severity));
}
