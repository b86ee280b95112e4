import fc from 'fast-check';

import { findingKey } from '../../../fleet/audit/audit-finding';
import { nextFirstSeen, withAges, type FirstSeen } from '../../../fleet/audit/finding-ages';

import { finding } from './finding';

const DAY = 86_400_000;
const start = Date.parse('2026-11-01T00:00:00.000Z');
const at = (days: number) => new Date(start + days * DAY).toISOString();
const drift = finding();
const audited = new Set<string>([drift.target]);

describe('the age of a finding', () => {
  test('begins with the audit that sees it first, and goes on with the same thing, whatever the words', () => {
    const [first] = withAges([drift], { seen: {}, now: at(0), driftDays: 7 });
    const seen = nextFirstSeen({}, { findings: first ? [first] : [], audited });
    const [later] = withAges([{ ...drift, found: 'changed past the fleet: ttl' }], { seen, now: at(3.5), driftDays: 7 });

    expect(first).toMatchObject({ since: at(0), ageDays: 0 });
    expect(later).toMatchObject({ since: at(0), ageDays: 3, severity: 'medium' });
  });

  test('makes a change past the fleet weigh more once it has stood for too long', () => {
    const seen: FirstSeen = { [findingKey(drift)]: at(0) };

    expect(withAges([drift], { seen, now: at(7), driftDays: 7 })[0]).toMatchObject({ severity: 'medium', ageDays: 7 });
    expect(withAges([drift], { seen, now: at(8), driftDays: 7 })[0]).toMatchObject({
      severity: 'high',
      found: `${drift.found}; for 8 days`,
    });
    expect(withAges([{ ...drift, rule: 'table-expiry', severity: 'low' }], { seen: {}, now: at(99), driftDays: 7 })[0]?.severity).toBe(
      'low',
    );
  });

  test('is forgotten with the finding, but only where somebody looked', () => {
    const seen: FirstSeen = { [findingKey(drift)]: at(0) };

    expect(nextFirstSeen(seen, { findings: [], audited })).toEqual({});
    expect(nextFirstSeen(seen, { findings: [], audited: new Set(['regional/200000000002/eu-west-1']) })).toEqual(seen);
  });

  test('is never negative, also where clocks disagree, and never grows backwards', () => {
    fc.assert(
      fc.property(fc.integer({ min: -400, max: 400 }), fc.nat(400), (first, later) => {
        const [aged] = withAges([drift], { seen: { [findingKey(drift)]: at(first) }, now: at(later), driftDays: 7 });
        expect(aged?.ageDays).toBe(Math.max(0, later - first));
      }),
    );
  });
});
