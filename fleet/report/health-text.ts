import { counted } from '../../contracts/counted';
import type { CellState, HealthCell, HealthMatrix } from '../health/health-matrix';
import { cellStates } from '../health/health-matrix';
import type { ServiceLevel, ServiceLevels } from '../health/service-levels';

import { safeText, textTable } from './terminal-text';

/** One character a state: what carries the meaning, with colours or without. */
export const cellMarks: Readonly<Record<CellState, string>> = {
  ok: '.',
  warning: '!',
  critical: 'X',
  silent: '-',
  missing: 'o',
  'not-known': '?',
};

const colours: Readonly<Record<CellState, number>> = { ok: 32, warning: 33, critical: 31, silent: 35, missing: 36, 'not-known': 90 };

/** How a matrix is drawn. */
export interface GridOptions {
  readonly columns: number;
  readonly colour: boolean;
  /** Ill targets that are listed; more are counted. */
  readonly listed: number;
}

/** Without a terminal: 100 accounts a line. */
export const plainGrid: GridOptions = { columns: 130, colour: false, listed: 20 };

const GROUP = 10;

/** The matrix for people: counts, one character a target by region, the legend, and what is ill with its page. */
export function healthText(matrix: HealthMatrix, options: GridOptions = plainGrid): string {
  if (matrix.cells.length === 0) return [healthLine(matrix), ...noteLines(matrix)].join('\n');
  return [[healthLine(matrix), ...noteLines(matrix)].join('\n'), gridText(matrix, options), illText(matrix, options.listed)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Counts in one line. */
export function healthLine({ counts, at }: HealthMatrix): string {
  const told = cellStates.filter((state) => state === 'ok' || counts[state] > 0).map((state) => `${counts[state]} ${stateText(state)}`);
  return `health at ${at}: ${told.join(', ')} of ${counted(counts.total, 'target')}`;
}

/** A state as a person reads it. */
export function stateText(state: CellState): string {
  return state.replace('-', ' ');
}

/** One ill target in one line, as a change is told. */
export function cellLine({ id, accountName, state, alarms, reason, since }: HealthCell, was: CellState | null = null): string {
  const [first] = alarms;
  return safeText(
    [
      `${id} (${accountName}) ${was === null || was === state ? '' : `${stateText(was)} -> `}${stateText(state)}`,
      ...(since === null ? [] : [`since ${since}`]),
      ...(alarms.length === 0 ? [] : [alarms.map(({ name }) => name).join(', ')]),
      ...(reason === null ? [] : [reason]),
      ...(first?.runbook ? [first.runbook] : []),
    ].join('; '),
  );
}

/** Objectives for people, with what could not be counted. */
export function serviceText({ levels, counted: asked, notCounted, coveredSeconds, worst }: ServiceLevels): string {
  const windows = levels[0]?.burn.map(({ windowSeconds }) => windowSeconds) ?? [];
  const rows = levels.map((level) => [
    level.says,
    level.state.replace('-', ' '),
    level.badShare === null ? '-' : percent(level.badShare),
    level.budgetLeft === null ? '-' : percent(level.budgetLeft),
    ...level.burn.map(burnText),
  ]);
  return [
    `objectives of ${counted(asked, 'target')}, from ${spanText(coveredSeconds)} of the 30 days; burn rates by window (1 spends the budget exactly)`,
    textTable(['OBJECTIVE', 'STATE', 'BAD', 'BUDGET LEFT', ...windows.map(spanText)], rows),
    ...(levels.some(({ burn }) => burn.some(isPart)) ? ['* the metrics do not fill this window'] : []),
    ...(worst.length === 0
      ? []
      : [`spending the failure budget fastest over the last hour: ${worst.map(({ id, rate }) => `${id} ${rate.toFixed(1)}x`).join(', ')}`]),
    ...(notCounted.length === 0
      ? []
      : [safeText(`not counted: ${counted(notCounted.length, 'target')}, as ${notCounted[0]?.id ?? ''}: ${notCounted[0]?.reason ?? ''}`)]),
  ].join('\n');
}

type Burn = ServiceLevel['burn'][number];

function burnText(burn: Burn): string {
  const { rate } = burn;
  if (rate === null) return '-';
  return `${rate.toFixed(rate < 10 ? 2 : 1)}${isPart(burn) ? '*' : ''}`;
}

/** A window that the metrics do not fill says less than its name. */
function isPart({ rate, coveredSeconds, windowSeconds }: Burn): boolean {
  return rate !== null && coveredSeconds < windowSeconds * 0.9;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(Math.abs(share) < 0.1 ? 3 : 1)} %`;
}

/** `5m`, `3h`, `30d`, at two figures. */
export function spanText(seconds: number): string {
  if (seconds < 3600) return `${round(seconds / 60)}m`;
  return seconds < 86_400 ? `${round(seconds / 3600)}h` : `${round(seconds / 86_400)}d`;
}

function round(value: number): number {
  return value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
}

function noteLines({ notes }: HealthMatrix): readonly string[] {
  return notes.map((note) => `note: ${safeText(note)}`);
}

function gridText(matrix: HealthMatrix, { columns, colour }: GridOptions): string {
  const layers = [...new Set(matrix.cells.map(({ layer }) => layer))];
  const blocks = layers.map((layer) => layerGrid(layer, { matrix, columns, colour }));
  const used = cellStates.map((state) => `${paint(cellMarks[state], state, colour)} ${stateText(state)}`);
  return [...blocks, `legend: ${used.join('  ')}`].join('\n\n');
}

/** An account has the same column in every region; a blank is an account without a target there. */
function layerGrid(
  layer: string,
  { matrix, columns, colour }: { readonly matrix: HealthMatrix } & Pick<GridOptions, 'columns' | 'colour'>,
): string {
  const cells = matrix.cells.filter((cell) => cell.layer === layer);
  const accounts = [...new Set(cells.map(({ account }) => account))].sort();
  const regions = matrix.regions.filter((region) => cells.some((cell) => cell.region === region));
  const at = new Map(cells.map((cell) => [`${cell.account}/${cell.region}`, cell]));
  const label = Math.max(...regions.map((region) => region.length));
  // Each group of ten has a blank behind it.
  const perLine = Math.max(GROUP, Math.min(100, Math.floor((columns - label - 2) / (GROUP + 1)) * GROUP));
  const lines: string[] = [];
  for (let first = 0; first < accounts.length; first += perLine) {
    const part = accounts.slice(first, first + perLine);
    if (first > 0) lines.push('');
    lines.push(`${layer}: accounts ${part[0] ?? ''} to ${part.at(-1) ?? ''}`);
    for (const region of regions) {
      const marks = part.map((account, index) => {
        const cell = at.get(`${account}/${region}`);
        return `${index > 0 && index % GROUP === 0 ? ' ' : ''}${cell ? paint(cellMarks[cell.state], cell.state, colour) : ' '}`;
      });
      lines.push(`${region.padEnd(label)}  ${marks.join('')}`.trimEnd());
    }
  }
  return lines.join('\n');
}

function paint(text: string, state: CellState, colour: boolean): string {
  return colour ? `\u001b[${colours[state]}m${text}\u001b[0m` : text;
}

const gravity: readonly CellState[] = ['critical', 'silent', 'warning', 'not-known', 'missing', 'ok'];

function illText({ cells }: HealthMatrix, listed: number): string {
  const ill = cells.filter(({ state }) => state !== 'ok').sort((left, right) => gravity.indexOf(left.state) - gravity.indexOf(right.state));
  const more = ill.length - listed;
  return [
    ...ill.slice(0, listed).map((cell) => `${cellMarks[cell.state]} ${cellLine(cell)}`),
    ...(more > 0 ? [`and ${more} more: \`fleet status --health --json\` has all`] : []),
  ].join('\n');
}
