import { counted } from '../../contracts/counted';
import { secondsBetween } from '../../contracts/duration';
import { escapeHtml } from '../dashboards/html';
import { codedText } from '../errors';
import { outcomes } from '../rollout/state';

import { tableSection, wholePage } from './page';
import { guiltyFirst, whyOf } from './rollout-cause';
import { standingOf, type ReportedTarget, type ReportedWave, type RolloutReport } from './rollout-report';
import { safeLine } from './terminal-text';
import { waveColumns, type WaveColumn } from './wave-columns';

/** A rollout as one page that needs nothing else: its outcome, its waves, and every target, the guilty first. */
export function rolloutHtml(report: RolloutReport): string {
  const { rollout, release, plan, startedAt, endedAt, waiting, next, driven, counts, waves, targets } = report;
  const told = outcomes.filter((one) => counts[one] > 0).map((one) => `${counts[one]} ${words(one)}`);
  const standing = `${standingOf(report)}${waiting === null ? '' : `: ${waiting.reason}`}`;
  const columns = waveColumns(waves);
  return wholePage(`Rollout ${rollout}`, [
    `<p class="total">${text(standing)}</p>`,
    '<ul>',
    ...[
      `${told.join(', ') || 'nothing yet'} of ${counted(counts.total, 'target')}`,
      `began ${startedAt ?? 'not yet'}, ended ${endedAt ?? 'not yet'}${startedAt !== null && endedAt !== null ? `, ${seconds(startedAt, endedAt)} s` : ''}`,
      `release ${release}`,
      `plan ${plan}`,
      ...next.map((step) => `next: ${step}`),
    ].map((line) => `<li>${text(line)}</li>`),
    '</ul>',
    tableSection('Waves', {
      id: 'waves',
      head: ['Wave', 'Targets', ...columns.map(({ head }) => sentence(head)), 'Verdict', 'Seconds', 'Note'],
      rows: waves.map((wave) => waveRow(wave, columns)),
    }),
    tableSection('Targets', {
      id: 'targets',
      head: ['Target', 'Account', 'Wave', 'Outcome', 'Attempts', 'Seconds', 'What went wrong'],
      rows: guiltyFirst(targets).map((target) => targetRow(target, driven)),
    }),
  ]);
}

function waveRow(wave: ReportedWave, columns: readonly WaveColumn[]): string {
  const { name, counts, verdict, startedAt, endedAt, bakeUntil, reason } = wave;
  const note = reason ?? (bakeUntil === null ? '' : `baked until ${bakeUntil}`);
  const cells = [counts.total, ...columns.map(({ of }) => of(counts))].map(String);
  return rowHtml([name, ...cells, verdict ?? '', seconds(startedAt, endedAt)], note);
}

function targetRow(target: ReportedTarget, driven: boolean): string {
  const { id, accountName, wave, state, outcome, attempts, startedAt, endedAt } = target;
  const why = whyOf(target);
  const wrong = why === null ? '' : `${codedText(why)}${why.resource === null ? '' : ` at ${why.resource}`}`;
  const stands = outcome ?? (state === 'running' && !driven ? 'not ended' : state);
  return rowHtml([id, accountName, wave ?? '', words(stands), String(attempts), seconds(startedAt, endedAt)], wrong);
}

/** `ROLLED BACK` as a page has it. */
function sentence(head: string): string {
  return head === 'OK' ? head : `${head.charAt(0)}${head.slice(1).toLowerCase()}`;
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
