import * as fc from 'fast-check';

import { kpiReport, type KpiReport } from '../../../fleet/kpi/kpi-report';
import type { RolloutFacts } from '../../../fleet/kpi/rollout-facts';
import type { Outcome } from '../../../fleet/rollout/state';
import { kpiCsv } from '../../../fleet/report/kpi-csv';
import { kpiText } from '../../../fleet/report/kpi-text';

import { anyHistory, rolledOut } from './kpi-fixture';

const question = {
  ...{ fleet: 'orders', period: { from: '2026-11-01', to: '2026-11-30' }, asOf: '2026-12-10T00:00:00.000Z' },
  isThere: () => true,
};
const reportOf = (rollouts: readonly RolloutFacts[]) => kpiReport(rollouts, question);
const figures = ({ changeFailureRate, timeToRecovery, deploymentFrequency, leadTime }: KpiReport) => ({ changeFailureRate, timeToRecovery, deploymentFrequency, leadTime }); // prettier-ignore

describe('of any history', () => {
  test('rates lie between 0 and 1, times are not negative, and no sample is no figure', () => {
    fc.assert(
      fc.property(anyHistory, (rollouts) => {
        const { changeFailureRate: rate, timeToRecovery: recovery, deploymentFrequency: frequency, leadTime: lead } = reportOf(rollouts);
        for (const { samples, failed, rate: one } of [rate, rate.targets, ...rate.targets.byTarget]) {
          expect(one === null).toBe(samples === 0);
          expect(failed).toBeLessThanOrEqual(samples);
          expect(one ?? 0).toBeGreaterThanOrEqual(0);
          expect(one ?? 0).toBeLessThanOrEqual(1);
        }
        for (const [samples, ...times] of [
          [recovery.samples, recovery.medianSeconds, recovery.meanSeconds, recovery.worstSeconds],
          [lead.samples, lead.medianSeconds, lead.p90Seconds],
          [frequency.samples, frequency.perDay, frequency.perWeek, frequency.daysWithOne, frequency.longestGapDays],
        ] as const) {
          for (const time of times) {
            expect(time === null).toBe(samples === 0);
            expect(time ?? 0).toBeGreaterThanOrEqual(0);
          }
        }
        for (const { ageSeconds, left } of recovery.open) {
          expect(ageSeconds).toBeGreaterThanOrEqual(0);
          expect(left.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('the order in which rollouts are given says nothing', () => {
    fc.assert(
      fc.property(
        anyHistory.chain((rollouts) => fc.tuple(fc.constant(rollouts), fc.shuffledSubarray([...rollouts], { minLength: rollouts.length }))),
        ([rollouts, shuffled]) => expect(reportOf(shuffled)).toEqual(reportOf(rollouts)),
      ),
    );
  });

  test('a rollout more that changed nothing changes no figure', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat({ max: 40 * 24 * 60 }), (rollouts, minute) => {
        const at = new Date(Date.UTC(2026, 9, 28) + minute * 60_000).toISOString().slice(0, 16);
        // Other targets: those that an incident left, found unchanged, would be good again.
        const idle = rolledOut({ at, targets: { z: 'unchanged', y: 'unchanged' }, release: 'r1' });
        expect(figures(reportOf([...rollouts, { ...idle, id: `${at}:30` }]))).toEqual(figures(reportOf(rollouts)));
      }),
    );
  });

  test('a rollout that has not ended is named, and changes no figure of those that have', () => {
    fc.assert(
      fc.property(anyHistory, (rollouts) => {
        const targets: Readonly<Record<string, Outcome | null>> = { a: 'succeeded', b: null };
        const running = rolledOut({ at: '2027-01-01T00:00', targets, release: 'r9' });
        const report = reportOf([...rollouts, running]);
        expect(figures(report)).toEqual(figures(reportOf(rollouts)));
        expect(report.rollouts.unfinished.at(-1)?.rollout).toBe(running.id);
      }),
    );
  });

  test('every rollout that ended in the period is counted once, and what is printed has every figure', () => {
    fc.assert(
      fc.property(anyHistory, (rollouts) => {
        const report = reportOf(rollouts);
        const { ended, changes, rollbacks, idle, unfinished } = report.rollouts;
        expect([ended, ended + unfinished.length]).toEqual([changes + rollbacks + idle, rollouts.filter(({ endedAt }) => endedAt === null || endedAt < '2026-12').length]); // prettier-ignore
        expect(kpiText(report)).not.toMatch(/null|undefined|NaN/);
        expect(kpiCsv(report).join('\n')).not.toMatch(/null|undefined|NaN/);
        expect(new Set(kpiCsv(report).map((line) => line.split(',').length))).toEqual(new Set([8]));
      }),
    );
  });
});
