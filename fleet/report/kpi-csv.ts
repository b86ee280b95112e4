import type { KpiReport } from '../kpi/kpi-report';

import { csvLines } from './csv';

const COLUMNS = ['figure', 'measure', 'of', 'value', 'unit', 'samples', 'from', 'to'];

type Value = number | null;

/** Every figure as a line of CSV, those of one rollout, release or target with its name in `of`. No value: there is no data. */
export function kpiCsv(report: KpiReport): readonly string[] {
  const { period, changeFailureRate: rate, timeToRecovery: recovery, deploymentFrequency: frequency, leadTime: lead } = report;
  const line = (figure: string, samples: number) => (measure: string, value: Value, { unit, of = '' }: { readonly unit: string; readonly of?: string }) =>
    [figure, measure, of, value === null ? '' : String(value), unit, String(samples), period.from, period.to]; // prettier-ignore
  const changes = line('change_failure_rate', rate.samples);
  const targets = line('target_change_failure_rate', rate.targets.samples);
  const times = line('time_to_recovery', recovery.samples);
  const deployments = line('deployment_frequency', frequency.samples);
  const leads = line('lead_time', lead.samples);
  return csvLines([
    COLUMNS,
    changes('rate', rate.rate, { unit: 'ratio' }),
    changes('failed', rate.failed, { unit: 'rollouts' }),
    changes('aborted', rate.aborted, { unit: 'rollouts' }),
    targets('rate', rate.targets.rate, { unit: 'ratio' }),
    targets('failed', rate.targets.failed, { unit: 'target changes' }),
    times('median', recovery.medianSeconds, { unit: 'seconds' }),
    times('mean', recovery.meanSeconds, { unit: 'seconds' }),
    times('worst', recovery.worstSeconds, { unit: 'seconds' }),
    times('open', recovery.open.length, { unit: 'incidents' }),
    deployments('per_day', frequency.perDay, { unit: 'deployments a day' }),
    deployments('per_week', frequency.perWeek, { unit: 'deployments a week' }),
    deployments('days_with_one', frequency.daysWithOne, { unit: 'days' }),
    deployments('longest_gap', frequency.longestGapDays, { unit: 'days' }),
    leads('median', lead.medianSeconds, { unit: 'seconds' }),
    leads('p90', lead.p90Seconds, { unit: 'seconds' }),
    ...recovery.recovered.map(({ rollout, seconds }) => times('recovered', seconds, { unit: 'seconds', of: rollout })),
    ...recovery.open.map(({ rollout, ageSeconds }) => times('open_for', ageSeconds, { unit: 'seconds', of: rollout })),
    ...lead.releases.map(({ release, seconds }) => leads('release', seconds, { unit: 'seconds', of: release })),
    ...rate.targets.byTarget.map(({ target, rate: own, samples }) =>
      line('target_change_failure_rate', samples)('rate', own, { unit: 'ratio', of: target }),
    ),
  ]);
}
