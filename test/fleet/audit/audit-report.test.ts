import fc from 'fast-check';

import { auditSeverities } from '../../../contracts/audit/audit-rule';
import type { RawFinding } from '../../../fleet/audit/audit-finding';
import { acceptFindings, emptyBaseline } from '../../../fleet/audit/baseline';
import { allRules, auditReport, isClean, type AuditParts } from '../../../fleet/audit/audit-report';

import { finding, fresh } from './finding';

const at = '2026-11-29T12:00:00.000Z';
const parts = (changes: Partial<AuditParts> = {}): AuditParts => ({
  ...{ at, targets: 1, findings: [], notAudited: [], looked: { drift: 10, 'table-expiry': 10, 'alarm-missing': 10 } },
  baseline: { file: null, unused: [] },
  ...changes,
});
const unaccepted = (...all: readonly RawFinding[]) =>
  acceptFindings(fresh(...all), { baseline: emptyBaseline, now: at, audited: new Set(), complete: false }).findings;
const acceptance = { owner: 'ann', expires: '2026-12-31', reason: 'x' };

describe('the report of an audit', () => {
  test('scores 100 where nothing is open, and nothing at all where nothing was looked at', () => {
    expect(auditReport(parts()).score).toBe(100);
    expect(auditReport(parts({ looked: {} })).score).toBeNull();
  });

  test('takes off for each open finding what it weighs of all that was looked at', () => {
    // 10 x 2 + 10 x 1 + 10 x 10 = 130; a medium one takes 2, a critical one 10.
    expect(auditReport(parts({ findings: unaccepted(finding()) })).score).toBe(98.4);
    expect(auditReport(parts({ findings: unaccepted(finding({ rule: 'alarm-missing', severity: 'critical' })) })).score).toBe(92.3);
  });

  test('is never 100 with something open, however large the fleet', () => {
    expect(auditReport(parts({ findings: unaccepted(finding()), looked: { drift: 1_000_000 } })).score).toBe(99.9);
  });

  test('counts what is accepted apart, and takes nothing off for it', () => {
    const accepted = unaccepted(finding()).map((one) => ({ ...one, accepted: acceptance }));
    const report = auditReport(parts({ findings: accepted }));

    expect(report).toMatchObject({ score: 100, counts: { open: 0, accepted: 1, bySeverity: { medium: 0 } } });
    expect(isClean(report, 'low')).toBe(true);
  });

  test('has the worst first', () => {
    const report = auditReport(
      parts({ findings: unaccepted(finding({ severity: 'low', rule: 'table-expiry' }), finding({ target: 'regional/200000000002/eu-west-1' }), finding(), finding({ severity: 'critical', rule: 'alarm-missing' })) }),
    ); // prettier-ignore

    expect(report.findings.map(({ rule, account }) => `${rule} ${account}`)).toEqual([
      'alarm-missing 200000000001',
      'drift 200000000001',
      'drift 200000000002',
      'table-expiry 200000000001',
    ]);
  });

  test.each([
    ['low', 'low', false],
    ['low', 'medium', true],
    ['medium', 'medium', false],
    ['high', 'critical', true],
    ['critical', 'critical', false],
  ] as const)('with something %s open, failing from %s on, is clean: %s', (severity, failOn, clean) => {
    expect(isClean(auditReport(parts({ findings: unaccepted(finding({ severity })) })), failOn)).toBe(clean);
  });

  test('is never clean where something could not be looked at', () => {
    const notAudited = [{ target: finding().target, what: 'the stack', reason: 'AccessDenied' }];
    const report = auditReport(parts({ notAudited }));

    expect(report.counts.notAudited).toBe(1);
    expect(auditSeverities.map((failOn) => isClean(report, failOn))).toEqual([false, false, false, false]);
  });

  test('scores between 0 and 100, and less with each finding more', () => {
    const one = fc.record({
      rule: fc.constantFrom('drift', 'table-expiry', 'alarm-missing'),
      severity: fc.constantFrom(...auditSeverities),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 60 }), one, (few, more) => {
        const score = (all: typeof few) => auditReport(parts({ findings: unaccepted(...all.map((made) => finding(made))) })).score ?? -1;
        const [less, most] = [score([...few, more]), score(few)];
        expect(less).toBeGreaterThanOrEqual(0);
        expect(most).toBeLessThanOrEqual(100);
        expect(less).toBeLessThanOrEqual(most);
      }),
    );
  });

  test('names every rule once', () => {
    expect(new Set(allRules.map(({ id }) => id)).size).toBe(allRules.length);
  });
});
