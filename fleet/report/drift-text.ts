import { MASK } from '../../sandbox/secrets';
import type { TargetDifference } from '../engine/target-differences';

import { textTable } from './terminal-text';

/** A difference, and the setting of fleet.yaml that would make what was found so, as one writes it there; null: none is known. */
export type KeepableDifference = TargetDifference & { readonly keep: string | null };

/** What was found of one target. */
export type DriftedTarget =
  | { readonly id: string; readonly state: 'clean' | 'drifted'; readonly differences: readonly KeepableDifference[] }
  | { readonly id: string; readonly state: 'not checked'; readonly reason: string };

/** Lines that one resource may take: a dashboard that somebody drew anew differs in hundreds of places. */
const MOST_LINES = 12;
const LONGEST_VALUE = 60;

/** A table of what differs, with what was deployed and what is found; empty where nothing does. */
export function driftTable(targets: readonly DriftedTarget[]): string {
  const rows = targets.flatMap((one): readonly (readonly string[])[] =>
    one.state === 'not checked'
      ? [[one.id, 'NOT CHECKED', '', one.reason]]
      : byResource(one.differences).flatMap((all) => rowsOf(one.id, all)),
  );
  if (rows.length === 0) return '';
  const headings = ['TARGET', 'STATE', 'RESOURCE', 'WHAT', 'DEPLOYED -> FOUND', ''];
  return textTable(
    headings,
    rows.map((row) => headings.map((_, column) => row[column] ?? '')),
  );
}

/** A value on a terminal: as JSON, the middle of a long one left out. */
export function shownValue(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (value === MASK) return MASK;
  const text = [...JSON.stringify(value)];
  const half = Math.floor((LONGEST_VALUE - 3) / 2);
  return text.length <= LONGEST_VALUE ? text.join('') : [...text.slice(0, half), '...', ...text.slice(-half)].join('');
}

function rowsOf(target: string, differences: readonly KeepableDifference[]): readonly (readonly string[])[] {
  const shown = differences.length > MOST_LINES ? differences.slice(0, MOST_LINES - 1) : differences;
  const rows = shown.map((one) => [target, one.kind, resourceOf(one), one.path ?? '', changeOf(one), keepOf(one)]);
  const left = differences.length - shown.length;
  const [first] = differences;
  return left > 0 && first ? [...rows, [target, first.kind, resourceOf(first), `and ${left} more; --json tells all`]] : rows;
}

function changeOf({ path, deployed, found }: TargetDifference): string {
  return path === null ? '' : `${shownValue(deployed)} -> ${shownValue(found)}`;
}

function keepOf({ keep }: KeepableDifference): string {
  return keep === null ? '' : `keep: set ${keep} in fleet.yaml`;
}

function resourceOf({ urn }: TargetDifference): string {
  return urn.split('::').slice(-2).join(' ');
}

function byResource(differences: readonly KeepableDifference[]): readonly (readonly KeepableDifference[])[] {
  return [...new Set(differences.map(({ urn }) => urn))].map((urn) => differences.filter((one) => one.urn === urn));
}
