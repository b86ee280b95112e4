import { counted } from '../../contracts/counted';
import type { ForeseenDestroy } from '../rollout/foresee-destroy';

import { safeText } from './terminal-text';

const MOST_ROWS = 20;

/** What a destroy takes and what it keeps, for people: a line in sum, and each thing once for all targets that are made of the same. */
export function destroyText(foreseen: readonly ForeseenDestroy[]): string {
  const alike = new Map<string, ForeseenDestroy[]>();
  for (const one of foreseen) {
    const key = [nameAll(one.goes), nameAll(one.keeps), one.unknown].join('|');
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  const groups = [...alike.values()].flatMap(([first, ...others]) => (first ? [groupText(first, others.length)] : []));
  return [
    destroyLine(foreseen),
    ...groups.slice(0, MOST_ROWS),
    ...(groups.length > MOST_ROWS ? [`and ${groups.length - MOST_ROWS} other kinds: destroy --dry-run --json has all`] : []),
  ].join('\n\n');
}

function groupText({ id, goes, keeps, unknown }: ForeseenDestroy, others: number): string {
  const lines = unknown === null ? [`goes: ${nameAll(goes)}`, `kept: ${nameAll(keeps)}`] : [`not known: ${unknown}`];
  return [`${id}${others > 0 ? ` and ${others} more` : ''}`, ...lines.map((line) => `  ${line}`)].map(safeText).join('\n');
}

/** `Table orders-table, Queue order-queue`, in a stable order. */
function nameAll(resources: ForeseenDestroy['goes']): string {
  const names = resources.map(({ type, name }) => `${type.split(':').at(-1) ?? type} ${name}`).sort();
  return names.join(', ') || 'nothing';
}

/** `12 targets: 340 resources go, 48 that hold data are kept (--delete-data deletes them too)`. */
export function destroyLine(foreseen: readonly ForeseenDestroy[]): string {
  const sum = (of: (one: ForeseenDestroy) => number) => foreseen.reduce((total, one) => total + of(one), 0);
  const kept = sum(({ keeps }) => keeps.length);
  const unknown = foreseen.filter((one) => one.unknown !== null).length;
  return [
    `${counted(foreseen.length, 'target')}: ${counted(
      sum(({ goes }) => goes.length),
      'resource',
    )} go`,
    kept > 0 ? `${kept} that hold data are kept (--delete-data deletes them too)` : 'nothing is kept',
    ...(unknown > 0 ? [`of ${counted(unknown, 'target')} that is not known`] : []),
  ].join(', ');
}
