import fc from 'fast-check';
import { stringify } from 'yaml';

import { acceptFindings, emptyBaseline, extendBaseline, parseBaseline, type Baseline } from '../../../fleet/audit/baseline';
import { isFleetError } from '../../../fleet/errors';

import { finding, fresh } from './finding';

const now = '2026-11-29T12:00:00.000Z';
const acceptance = { owner: 'ann', expires: '2026-12-31', reason: 'moves next month' };
const first = finding();
const second = finding({ target: 'regional/200000000002/us-east-1', rule: 'table-expiry', severity: 'low', name: 'other-table' });
const audited = new Set<string>([first.target, second.target]);
const accept = (baseline: Baseline, findings = fresh(first, second)) =>
  acceptFindings(findings, { baseline, now, audited, complete: false });
const baselineOf = (...accepted: Baseline['accepted']): Baseline => ({ version: 1, accepted });

const rules = ['drift', 'table-expiry'];
const parse = (text: string) => parseBaseline(text, { rules, file: 'audit-baseline.yaml' });
function problemsOf(text: string): readonly string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (!isFleetError(error)) throw error;
    expect(error.code).toBe('user/audit-baseline');
    return error.problems.map(({ message, at }) => `${at?.line ?? 0}:${at?.column ?? 0} ${message}`);
  }
}

describe('a baseline', () => {
  test.each([
    ['everywhere', { target: '**' }],
    ['of one layer', { target: 'regional/**' }],
    ['of one region', { target: 'regional/*/eu-west-1' }],
    ['of one target', { target: 'regional/200000000001/eu-west-1' }],
    ['of one resource', { target: '**', resource: 'orders-table' }],
    ['of resources by pattern', { target: '**', resource: 'orders-*' }],
  ])('accepts the findings %s', (_which, where) => {
    const { findings, unused } = accept(baselineOf({ rule: 'drift', ...where, ...acceptance }));

    expect(findings.map(({ accepted }) => accepted)).toEqual([acceptance, null]);
    expect(unused).toEqual([]);
  });

  test.each([
    ['another rule', { rule: 'table-expiry', target: 'regional/*/eu-west-1' }],
    ['another target', { rule: 'drift', target: 'regional/*/us-east-1' }],
    ['another resource', { rule: 'drift', target: '**', resource: 'order' }],
    ['a part of a target', { rule: 'drift', target: 'regional/200000000001' }],
  ])('accepts nothing for %s, and is told to be unused', (_which, entry) => {
    const { findings, unused } = accept(baselineOf({ ...entry, ...acceptance }));

    expect(findings.every(({ accepted, lapsed }) => accepted === null && lapsed === null)).toBe(true);
    // The one that names no target at all cannot be told unused by an audit of targets.
    expect(unused).toHaveLength(entry.target === 'regional/200000000001' ? 0 : 1);
  });

  test('is told to be unused for a target that is gone, once all that is deployed was looked at', () => {
    const baseline = baselineOf({ rule: 'drift', target: 'regional/200000000009/eu-west-1', ...acceptance });
    const unused = (complete: boolean) => acceptFindings(fresh(first), { baseline, now, audited, complete }).unused;

    expect(unused(false)).toEqual([]);
    expect(unused(true)).toHaveLength(1);
  });

  test('holds to the end of its last day, and counts again from the next', () => {
    const on = (expires: string) => accept(baselineOf({ rule: 'drift', target: '**', ...acceptance, expires })).findings[0];

    expect(on('2026-11-29')).toMatchObject({ accepted: { expires: '2026-11-29' }, lapsed: null });
    expect(on('2026-11-28')).toMatchObject({ accepted: null, lapsed: { owner: 'ann', expires: '2026-11-28' } });
  });

  test('of several entries goes by the one that holds longest', () => {
    const entry = { rule: 'drift', target: '**', ...acceptance };
    const { findings } = accept(baselineOf({ ...entry, owner: 'old', expires: '2026-01-01' }, entry));

    expect(findings[0]?.accepted).toEqual(acceptance);
  });

  test('that was written from findings accepts every one of them, once it is read again', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ target: fc.constantFrom(...audited), rule: fc.constantFrom(...rules), name: fc.constantFrom('a', 'b-c', 'd') }),
        ),
        (made) => {
          const all = fresh(...made.map(({ target, rule, name }) => finding({ target, rule, name })));
          const open = acceptFindings(all, { baseline: emptyBaseline, now, audited, complete: true }).findings;
          const written = parse(stringify(extendBaseline(emptyBaseline, open, acceptance)));
          const again = acceptFindings(all, { baseline: written, now, audited, complete: true });
          expect(again.findings.every(({ accepted }) => accepted !== null)).toBe(true);
          expect(again.unused).toEqual([]);
          expect(extendBaseline(written, again.findings, { ...acceptance, owner: 'bob' })).toEqual(written);
        },
      ),
    );
  });

  test('that is extended keeps what stands in it, and renews what has run out', () => {
    const old = { rule: 'drift', target: first.target, resource: 'orders-table', ...acceptance, expires: '2026-01-01' };
    const other = { rule: 'table-expiry', target: 'regional/200000000009/eu-west-1', ...acceptance };
    const { findings } = accept(baselineOf(old, other));

    expect(extendBaseline(baselineOf(old, other), findings, acceptance).accepted).toEqual([
      other,
      { ...old, expires: '2026-12-31' },
      { rule: 'table-expiry', target: second.target, resource: 'other-table', ...acceptance },
    ]);
  });

  test('is refused with every problem at its place', () => {
    const text = [
      'version: 1',
      'accepted:',
      '  - { rule: drfit, owner: ann, expires: 2026-12-31, reason: x }',
      '  - { rule: drift, owner: "", expires: tomorrow, reason: x }',
      '  - { rule: drift, expires: 2026-12-31, reason: x, oner: ann }',
    ].join('\n');

    expect(problemsOf(text)).toEqual([
      '3:13 drfit is no rule of the audit; `fleet audit --rules` lists them',
      '4:27 owner must not be empty',
      '4:40 expires "tomorrow" is not a day such as 2027-01-31',
      expect.stringMatching(/^5:\d+ .*owner/),
      expect.stringMatching(/^5:\d+ .*oner/),
    ]);
  });
});
