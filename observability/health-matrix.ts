import { createHash } from 'node:crypto';

import type { AccountId, Region } from '../contracts/ids';
import type { Member } from '../contracts/observability';
import { escapeMarkdown, type Widget } from '../layer-kit/dashboard';

/** Tables that the matrix is split into. Fixed: with a number that grew with the fleet, every account would move. */
export const MATRIX_TABLES = 16;

/** A cell of the matrix. `none`: the fleet has no target there. */
export type MatrixCell = 'there' | 'missing' | 'none';

/** One account's row. */
export interface MatrixRow {
  readonly account: AccountId;
  readonly name: string;
  /** In the order of the regions. */
  readonly cells: readonly MatrixCell[];
}

/**
 * The table an account is in, 0 to {@link MATRIX_TABLES} - 1, by its id alone: a new account moves no other one, and changes no other table.
 */
export function matrixTableOf(account: AccountId): number {
  return createHash('sha256').update(account).digest().readUInt8(0) % MATRIX_TABLES;
}

/** Every account of the fleet with its targets by region, sorted by id. */
export function matrixRows(members: readonly Member[], regions: readonly Region[]): readonly MatrixRow[] {
  const byAccount = new Map<AccountId, Member[]>();
  for (const member of members) byAccount.set(member.account, [...(byAccount.get(member.account) ?? []), member]);
  return [...byAccount]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([account, own]) => {
      const cellOf = (region: Region): MatrixCell => {
        const member = own.find((one) => one.region === region);
        return member === undefined ? 'none' : member.present ? 'there' : 'missing';
      };
      return { account, name: own[0]?.name ?? '', cells: regions.map(cellOf) };
    });
}

const SIGNS: Readonly<Record<MatrixCell, string>> = { there: '●', missing: '**missing**', none: '·' };

/** The matrix as text widgets, in a fixed order; tables without an account are left out. */
export function matrixWidgets(members: readonly Member[], regions: readonly Region[]): readonly Widget[] {
  const rows = matrixRows(members, regions);
  return Array.from({ length: MATRIX_TABLES }, (_, table) => rows.filter(({ account }) => matrixTableOf(account) === table))
    .filter((table) => table.length > 0)
    .map((table) => ({ type: 'text', width: 12, height: heightOf(table.length), properties: { markdown: tableOf(table, regions) } }));
}

/** Two rows of text to a unit of the grid; what is longer scrolls. */
function heightOf(rows: number): number {
  return Math.min(12, 2 + Math.ceil(rows / 2));
}

function tableOf(rows: readonly MatrixRow[], regions: readonly Region[]): string {
  return [
    `| account | name | ${regions.join(' | ')} |`,
    `|---|---|${regions.map(() => '---|').join('')}`,
    ...rows.map(({ account, name, cells }) => `| ${account} | ${escapeMarkdown(name)} | ${cells.map((cell) => SIGNS[cell]).join(' | ')} |`),
  ].join('\n');
}
