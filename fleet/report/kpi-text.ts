import { counted } from '../../contracts/counted';
import type { ChangeFailureRate } from '../kpi/change-failure-rate';
import type { DeploymentFrequency } from '../kpi/deployment-frequency';
import type { KpiReport } from '../kpi/kpi-report';
import type { LeadTime } from '../kpi/lead-time';
import type { FirstKnown } from '../kpi/rollout-facts';
import type { TimeToRecovery } from '../kpi/time-to-recovery';

import { safeText, textTable } from './terminal-text';

const NO_DATA = 'no data';

/** Lines of a list; `--json` has all. */
const LISTED = 10;

/** How a failure was first known, for people. */
const knownBy: Readonly<Record<FirstKnown, string>> = {
  'target-failed': 'a target failed',
  'gate-failed': 'a gate failed',
  aborted: 'it was aborted',
  'rollback-begun': 'a rollback began',
};

/** Figures for people: each with its goal and what it is made of, then what failed, what is open and what is left out. */
export function kpiText(report: KpiReport): string {
  const { fleet, period, changeFailureRate, timeToRecovery, deploymentFrequency, leadTime } = report;
  return [
    safeText(`${fleet}, ${period.from} to ${period.to} (${counted(period.days, 'day')}, UTC): ${rolloutsText(report)}`),
    textTable(
      ['FIGURE', 'VALUE', 'GOAL', 'OF'],
      [...rateRows(changeFailureRate), recoveryRow(timeToRecovery), frequencyRow(deploymentFrequency, period.days), leadRow(leadTime)],
    ),
    ...listed('failed changes:', failureLines(changeFailureRate)),
    ...listed('targets whose changes failed:', targetLines(changeFailureRate)),
    ...listed('STILL OPEN, in no time to recovery:', openLines(timeToRecovery)),
    ...listed('not ended, in no figure:', unfinishedLines(report)),
  ].join('\n\n');
}

function rolloutsText({ rollouts: { ended, changes, rollbacks, idle, idleNotSucceeded } }: KpiReport): string {
  const others = [
    ...(rollbacks > 0 ? [`${rollbacks} took another one back`] : []),
    ...(idle > 0 ? [`${idle} deployed nothing${idleNotSucceeded > 0 ? ` (${idleNotSucceeded} of them failed or aborted)` : ''}`] : []),
  ];
  return [`${counted(ended, 'rollout')} ended`, `${changes} changed something`, ...others].join(', ');
}

function rateRows({ rate, samples, failed, aborted, targets }: ChangeFailureRate): readonly (readonly string[])[] {
  const told = aborted > 0 ? `; ${aborted} aborted, not failed` : '';
  return [
    ['change failure rate', percent(rate), '', `${failed} of ${counted(samples, 'change')}${told}`],
    ['  by target', percent(targets.rate), '', `${targets.failed} of ${counted(targets.samples, 'target change')}`],
  ];
}

function recoveryRow(recovery: TimeToRecovery): readonly string[] {
  const { samples, meanSeconds, medianSeconds, worstSeconds, goalSeconds, met, open, gone } = recovery;
  const value =
    meanSeconds === null || medianSeconds === null || worstSeconds === null
      ? NO_DATA
      : `mean ${secondsText(meanSeconds)}, median ${secondsText(medianSeconds)}, worst ${secondsText(worstSeconds)}`;
  const rest = [...(open.length > 0 ? [`${open.length} open`] : []), ...(gone > 0 ? [`${gone} destroyed before`] : [])];
  return ['time to recovery', value, goal(`under ${secondsText(goalSeconds)}`, met), [`${counted(samples, 'incident')} recovered`, ...rest].join('; ')]; // prettier-ignore
}

function frequencyRow(frequency: DeploymentFrequency, days: number): readonly string[] {
  const { samples, deployments, perDay, perWeek, daysWithOne, longestGapDays, met } = frequency;
  if (perDay === null || perWeek === null || daysWithOne === null || longestGapDays === null)
    return ['deployment frequency', NO_DATA, goal('daily', met), counted(samples, 'change')];
  return [
    'deployment frequency',
    `${perDay.toFixed(2)} a day, ${perWeek.toFixed(1)} a week`,
    goal('daily', met),
    `${deployments} of ${counted(samples, 'change')} succeeded, on ${daysWithOne} of ${counted(days, 'day')}; longest gap ${counted(longestGapDays, 'day')}`,
  ];
}

function leadRow({ samples, medianSeconds, p90Seconds }: LeadTime): readonly string[] {
  const value =
    medianSeconds === null || p90Seconds === null ? NO_DATA : `median ${secondsText(medianSeconds)}, p90 ${secondsText(p90Seconds)}`;
  return ['lead time', value, '', `${counted(samples, 'release')}, each from the start of its first rollout`]; // prettier-ignore
}

function failureLines({ failures }: ChangeFailureRate): readonly string[] {
  return failures.map(({ rollout, endedAt, outcome, takenBackBy }) => {
    const back = takenBackBy.length === 0 ? '' : `, taken back by ${takenBackBy.join(', ')}`;
    return `${rollout} ${outcome.replace('_', ' ')} at ${endedAt}${back}`;
  });
}

function targetLines({ targets }: ChangeFailureRate): readonly string[] {
  return targets.byTarget
    .filter(({ failed }) => failed > 0)
    .map(({ target, failed, samples, rate }) => `${target} ${failed} of ${samples} (${percent(rate)})`);
}

function openLines({ open }: TimeToRecovery): readonly string[] {
  return open.map(({ rollout, by, knownAt, ageSeconds, left }) => {
    const more = left.length > 3 ? ` and ${left.length - 3} more` : '';
    return `${rollout} for ${secondsText(ageSeconds)}, since ${knownAt} (${knownBy[by]}): ${left.slice(0, 3).join(', ')}${more}`;
  });
}

function unfinishedLines({ rollouts: { unfinished } }: KpiReport): readonly string[] {
  return unfinished.map(({ rollout, startedAt, failure }) => {
    const failing = failure === null ? '' : `; failing since ${failure.at} (${knownBy[failure.by]})`;
    return `${rollout} ${startedAt === null ? 'has not begun' : `since ${startedAt}`}${failing}`;
  });
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length > LISTED ? [`  and ${lines.length - LISTED} more: \`fleet report --kpi --json\` has all`] : [];
  return [[title, ...lines.slice(0, LISTED).map((line) => safeText(`  ${line}`)), ...more].join('\n')];
}

function goal(text: string, met: boolean | null): string {
  return met === null ? text : `${text}: ${met ? 'met' : 'MISSED'}`;
}

function percent(rate: number | null): string {
  return rate === null ? NO_DATA : `${(rate * 100).toFixed(1)} %`;
}

/** Two units are enough: `41.2 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
function secondsText(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const units = [[86_400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']] as const; // prettier-ignore
  const at = units.findIndex(([size]) => whole >= size);
  const [[size, unit], next] = [units[at] ?? units[3], units[at + 1]];
  const rest = next === undefined ? 0 : Math.floor((whole % size) / next[0]);
  return `${Math.floor(whole / size)} ${unit}${next === undefined || rest === 0 ? '' : ` ${rest} ${next[1]}`}`;
}
