import { auditSeverities, type RuleText } from '../../contracts/audit/audit-rule';
import { counted } from '../../contracts/counted';
import type { AuditFinding } from '../audit/audit-finding';
import type { AuditReport } from '../audit/audit-report';

import { safeText, textTable } from './terminal-text';

/** An audit for people: the score, what is open, what is accepted and until when, what could not be looked at. */
export function auditText(report: AuditReport): string {
  const { counts, score, findings, notAudited, rules, baseline } = report;
  const { open, accepted, bySeverity, targets } = counts;
  const severities = auditSeverities.flatMap((severity) => (bySeverity[severity] > 0 ? [`${bySeverity[severity]} ${severity}`] : []));
  const summary = [
    `audit of ${counted(targets, 'target')}: score ${score === null ? 'unknown, nothing was looked at' : score.toFixed(1)}`,
    open === 0 ? 'nothing open' : `${open} open (${severities.join(', ')})`,
    ...(accepted > 0 ? [`${accepted} accepted`] : []),
    ...(counts.notAudited > 0 ? [`${counts.notAudited} NOT AUDITED`] : []),
  ].join(', ');
  const openOnes = findings.filter((finding) => finding.accepted === null);
  const acceptedOnes = findings.filter((finding) => finding.accepted !== null);
  const looked = rules.reduce((sum, rule) => sum + rule.looked, 0);
  const clean = rules.filter((rule) => rule.looked > 0 && rule.open === 0).length;
  return [
    [summary, `${clean} of ${counted(rules.filter((rule) => rule.looked > 0).length, 'rule')} hold, asked ${counted(looked, 'time')}`].join(
      '\n',
    ),
    ...(openOnes.length === 0 ? [] : [textTable(['SEVERITY', 'RULE', 'WHERE', 'FOUND', 'DAYS', 'WHAT TO DO'], grouped(openOnes))]),
    ...(acceptedOnes.length === 0 ? [] : [textTable(['ACCEPTED', 'WHERE', 'FOUND', 'BY', 'UNTIL', 'WHY'], acceptedOnes.map(acceptedRow))]),
    ...(notAudited.length === 0
      ? []
      : [textTable(['NOT AUDITED', 'WHAT', 'WHY'], notAudited.map(({ target, what, reason }) => [target, what, reason]))]), // prettier-ignore
    ...(baseline.unused.length === 0
      ? []
      : [
          safeText(
            `entries of ${String(baseline.file)} that accept nothing any more, remove them: ${baseline.unused.map(({ rule, target, resource }) => [rule, target, ...(resource === undefined ? [] : [resource])].join(' ')).join('; ')}`,
          ),
        ]),
  ].join('\n\n');
}

/** The same finding in many targets is one line, with the first of them. */
function grouped(findings: readonly AuditFinding[]): readonly (readonly (string | number)[])[] {
  const groups = new Map<string, AuditFinding[]>();
  for (const finding of findings) {
    const { severity, rule, resource, found, target } = finding;
    const key = JSON.stringify([severity, rule, resource?.type, resource?.name, found, target.split('/')[0]]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { severity, rule, found, advice, lapsed } = first;
    const where = others.length === 0 ? placeOf(first) : `${placeOf(first)} and ${others.length} more`;
    const ages = [first, ...others].map(({ ageDays }) => ageDays);
    const lapse = lapsed === null ? '' : `; accepted by ${lapsed.owner} to ${lapsed.expires}, which is over`;
    return [[severity.toUpperCase(), rule, where, `${found}${lapse}`, Math.max(...ages), advice]];
  });
}

function acceptedRow(finding: AuditFinding): readonly string[] {
  const { rule, found, accepted } = finding;
  return [rule, placeOf(finding), found, accepted?.owner ?? '', accepted?.expires ?? '', accepted?.reason ?? ''];
}

function placeOf({ target, resource, accountName }: AuditFinding): string {
  return `${target} (${accountName})${resource === null ? '' : ` ${resource.name}`}`;
}

/** The rules for people. */
export function rulesText(rules: readonly RuleText[]): string {
  return textTable(
    ['RULE', 'SEVERITY', 'WHAT MUST HOLD'],
    rules.map(({ id, severity, demands }) => [id, severity, demands]),
  );
}
