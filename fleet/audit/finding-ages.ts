import { counted } from '../../contracts/counted';
import { findingKey, type AuditFinding, type RawFinding } from './audit-finding';

/** When findings were first seen, ISO 8601, by their keys. */
export type FirstSeen = Readonly<Record<string, string>>;

/** A finding with its age. */
export type AgedFinding = RawFinding & Pick<AuditFinding, 'since' | 'ageDays'>;

const DAY_MS = 86_400_000;

/** Days for which a change past the fleet may stand before it weighs more. */
export const DRIFT_DAYS = 7;

/** Gives findings their ages: those that were seen before keep the time. What stands past the fleet for longer than `driftDays` becomes high. */
export function withAges(
  findings: readonly RawFinding[],
  { seen, now, driftDays }: { readonly seen: FirstSeen; readonly now: string; readonly driftDays: number },
): readonly AgedFinding[] {
  return findings.map((finding) => {
    const since = seen[findingKey(finding)] ?? now;
    const ageDays = Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / DAY_MS));
    const stands = finding.rule === 'drift' && ageDays > driftDays;
    return {
      ...finding,
      since,
      ageDays,
      ...(stands && { severity: 'high' as const, found: `${finding.found}; for ${counted(ageDays, 'day')}` }),
    };
  });
}

/** What is to be remembered: findings of this audit, and those of targets that it did not look at. What is mended is forgotten. */
export function nextFirstSeen(
  seen: FirstSeen,
  { findings, audited }: { readonly findings: readonly AgedFinding[]; readonly audited: ReadonlySet<string> },
): FirstSeen {
  const others = Object.entries(seen).filter(([key]) => !audited.has(key.split(' ')[1] ?? ''));
  return Object.fromEntries([...others, ...findings.map((finding) => [findingKey(finding), finding.since] as const)].sort());
}
