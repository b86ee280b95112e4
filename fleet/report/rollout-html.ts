import { secondsBetween } from '../../contracts/duration';
import { escapeHtml } from '../dashboards/html';
import { outcomes } from '../rollout/state';

import { tableSection, wholePage } from './page';
import type { ReportedTarget, ReportedWave, RolloutReport } from './rollout-report';
import { safeLine } from './terminal-text';

/** A rollout as one page that needs nothing else: its outcome, its waves, and every target, those with something wrong first. */
export function rolloutHtml(report: RolloutReport): string {
  const { rollout, release, plan, outcome, startedAt, endedAt, waiting, counts, waves, targets } = report;
  const counted = outcomes.filter((one) => counts[one] > 0).map((one) => `${counts[one]} ${words(one)}`);
  const standing = outcome === null ? (waiting === null ? 'running' : `waiting: ${waiting.reason}`) : words(outcome);
  return wholePage(`Rollout ${rollout}`, [
    `<p class="total">${text(standing)}</p>`,
    '<ul>',
    ...[
      `${counted.join(', ') || 'nothing yet'} of ${counts.total} targets`,
      `began ${startedAt ?? 'not yet'}, ended ${endedAt ?? 'not yet'}${startedAt !== null && endedAt !== null ? `, ${seconds(startedAt, endedAt)} s` : ''}`,
      `release ${release}`,
      `plan ${plan}`,
      ...(waiting === null ? [] : [`next: ${waiting.action}`]),
    ].map((line) => `<li>${text(line)}</li>`),
    '</ul>',
    tableSection('Waves', {
      id: 'waves',
      head: ['Wave', 'Targets', 'Verdict', 'Seconds', 'Note'],
      rows: waves.map((wave) => waveRow(wave, targets)),
    }),
    tableSection('Targets', {
      id: 'targets',
      head: ['Target', 'Account', 'Wave', 'Outcome', 'Attempts', 'Seconds', 'What went wrong'],
      rows: worstFirst(targets).map(targetRow),
    }),
  ]);
}

function waveRow({ name, verdict, startedAt, endedAt, bakeUntil, reason }: ReportedWave, targets: readonly ReportedTarget[]): string {
  const members = targets.filter(({ wave }) => wave === name).length;
  const note = reason ?? (bakeUntil === null ? '' : `baked until ${bakeUntil}`);
  return rowHtml([name, String(members), verdict ?? '', seconds(startedAt, endedAt)], note);
}

function targetRow({ id, accountName, wave, state, outcome, attempts, startedAt, endedAt, error }: ReportedTarget): string {
  const wrong = error === null ? '' : `${error.code} ${error.message}${error.resource === null ? '' : ` at ${error.resource}`}`;
  return rowHtml([id, accountName, wave ?? '', words(outcome ?? state), String(attempts), seconds(startedAt, endedAt)], wrong);
}

/** As planned otherwise. */
function worstFirst(targets: readonly ReportedTarget[]): readonly ReportedTarget[] {
  return [...targets.filter(({ error }) => error !== null), ...targets.filter(({ error }) => error === null)];
}

function rowHtml(cells: readonly string[], last: string): string {
  return `<tr>${cells.map((cell) => `<td>${text(cell)}</td>`).join('')}<td class="text">${text(last)}</td></tr>`;
}

function seconds(from: string | null, to: string | null): string {
  return from === null || to === null ? '' : secondsBetween(from, to).toFixed(1);
}

function words(name: string): string {
  return name.replace('_', ' ');
}

function text(value: string): string {
  return escapeHtml(safeLine(value));
}
