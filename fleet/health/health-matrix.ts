import type { AlarmMeaning } from '../../contracts/health';
import type { AccountId, Region } from '../../contracts/ids';
import { compareTargetIds, type Target, type TargetId } from '../../contracts/target';

/** State of a target to who is on call, the worst last but for the two that nothing is known of. `not-known` is never ok. */
export const cellStates = ['ok', 'warning', 'critical', 'silent', 'missing', 'not-known'] as const;

/** One of {@link cellStates}. */
export type CellState = (typeof cellStates)[number];

/** A red alarm in the matrix. `since` is ISO 8601, null where it is not known. */
export interface RedCellAlarm {
  readonly name: string;
  readonly severity: AlarmMeaning['severity'] | null;
  readonly since: string | null;
  /** Null: an alarm without a page. */
  readonly runbook: string | null;
}

/** One target of the matrix. */
export interface HealthCell {
  readonly id: TargetId;
  readonly layer: string;
  readonly account: AccountId;
  readonly accountName: string;
  readonly region: Region;
  readonly state: CellState;
  /** Why it is not ok; null where the alarms say it, or it is ok. */
  readonly reason: string | null;
  /** Red ones, the gravest first. */
  readonly alarms: readonly RedCellAlarm[];
  /** When the state began, as far as it is known. */
  readonly since: string | null;
}

/** The fleet's health at one instant. */
export interface HealthMatrix {
  readonly version: 1;
  /** ISO 8601. */
  readonly at: string;
  readonly counts: Readonly<Record<'total' | CellState, number>>;
  readonly regions: readonly Region[];
  /** Sorted by layer, region as given, account. */
  readonly cells: readonly HealthCell[];
  /** What the matrix may lack, and why. */
  readonly notes: readonly string[];
}

/** A target that the matrix has, and what it is called. */
export interface PlaceOfMatrix {
  readonly target: Target;
  readonly accountName: string;
}

/** Cells to a matrix. Pure. */
export function healthMatrix(
  cells: readonly HealthCell[],
  { at, regions, notes }: { readonly at: string; readonly regions: readonly Region[]; readonly notes: readonly string[] },
): HealthMatrix {
  const known = [...new Set([...regions, ...cells.map(({ region }) => region)])];
  const rank = new Map(known.map((region, index) => [region, index]));
  const sorted = [...cells].sort(
    (left, right) =>
      compareText(left.layer, right.layer) ||
      (rank.get(left.region) ?? 0) - (rank.get(right.region) ?? 0) ||
      compareTargetIds(left.id, right.id),
  );
  const counts = { total: cells.length, ok: 0, warning: 0, critical: 0, silent: 0, missing: 0, 'not-known': 0 };
  for (const { state } of cells) counts[state] += 1;
  return { version: 1, at, counts, regions: known, cells: sorted, notes };
}

/** Cells whose state, or set of red alarms, is another one than before; a target that is gone is not told. Pure. */
export function changedCells(
  before: HealthMatrix | null,
  after: HealthMatrix,
): readonly { readonly was: CellState | null; readonly cell: HealthCell }[] {
  const known = new Map((before?.cells ?? []).map((cell) => [cell.id, cell]));
  return after.cells.flatMap((cell) => {
    const was = known.get(cell.id);
    if (was?.state === cell.state && alarmsOf(was) === alarmsOf(cell)) return [];
    return was === undefined && cell.state === 'ok' ? [] : [{ was: was?.state ?? null, cell }];
  });
}

function alarmsOf({ alarms }: HealthCell): string {
  return alarms.map(({ name }) => name).join(' ');
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
