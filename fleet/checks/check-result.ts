import type { Target, TargetId } from '../../contracts/target';

import type { CheckId } from './check-table';

/** How a check ended. `unknown`: it could not be asked, which is never shown as passed. */
export type CheckVerdict = 'passed' | 'warning' | 'failed' | 'unknown';

/** What a check says, before it is known where. */
export interface CheckFinding {
  readonly check: CheckId;
  readonly verdict: CheckVerdict;
  /** One line: what was found, with the wrong value; of a warning also what comes of it. */
  readonly found: string;
  /** What to do; null where there is nothing. */
  readonly advice: string | null;
}

/** Where a check was made. Null for the account as a whole, or the organisation. */
export interface CheckPlace {
  readonly target: TargetId | null;
  readonly account: string | null;
  readonly accountName: string | null;
  readonly region: string | null;
}

/** What a check found at a place. */
export type CheckResult = CheckPlace & CheckFinding;

/** Number of results by how they ended. */
export type CheckCounts = Readonly<Record<CheckVerdict, number>>;

/** The result of `preflight` or `verify`. */
export interface CheckReport {
  readonly version: 1;
  readonly counts: CheckCounts;
  /** Number of targets that were looked at. */
  readonly targets: number;
  /** What was left out on purpose, in words. */
  readonly notChecked: readonly string[];
  readonly results: readonly CheckResult[];
}

/** Findings about a target, at its place. */
export function atPlace(target: Target, accountName: string | null, findings: readonly CheckFinding[]): readonly CheckResult[] {
  const { id, account, region } = target;
  return findings.map((finding) => ({ target: id, account, accountName, region, ...finding }));
}

/** The report of these results, in their order. */
export function checkReport(
  results: readonly CheckResult[],
  { targets, notChecked }: { readonly targets: number; readonly notChecked: readonly string[] },
): CheckReport {
  const count = (verdict: CheckVerdict) => results.filter((one) => one.verdict === verdict).length;
  const counts = { passed: count('passed'), warning: count('warning'), failed: count('failed'), unknown: count('unknown') };
  return { version: 1, counts, targets, notChecked, results };
}

/** True where nothing failed and nothing is unknown; warnings let pass. */
export function isClear({ counts }: Pick<CheckReport, 'counts'>): boolean {
  return counts.failed === 0 && counts.unknown === 0;
}

/** A finding that everything is as it should be. */
export function passed(check: CheckId, found: string): CheckFinding {
  return { check, verdict: 'passed', found, advice: null };
}

/** A finding that something is wrong, and what to do. */
export function failed(check: CheckId, found: string, advice: string): CheckFinding {
  return { check, verdict: 'failed', found, advice };
}

/** A finding that nothing keeps from going on, and what comes of it. */
export function warning(check: CheckId, found: string, advice: string): CheckFinding {
  return { check, verdict: 'warning', found, advice };
}
