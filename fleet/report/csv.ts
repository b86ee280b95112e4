import { visibleLine } from '../visible-text';

/** Text from outside; or a figure of the fleet's own, which stays a number where it is below zero. */
export type CsvCell = string | { readonly figure: string };

/** Rows as RFC 4180 has them, without the ends of lines: quotes doubled. No cell is taken for a formula, or holds what would not be seen. */
export function csvLines(rows: readonly (readonly CsvCell[])[]): readonly string[] {
  return rows.map((cells) => cells.map((cell) => quoted(typeof cell === 'string' ? harmless(cell) : cell.figure)).join(','));
}

/** Rows as a file of RFC 4180: CRLF after each. */
export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return csvLines(rows)
    .map((line) => `${line}\r\n`)
    .join('');
}

/** What a formula begins with, also as the wide characters that some spreadsheets take for the same. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/** What a spreadsheet would take for a formula gets an apostrophe in front. */
function harmless(text: string): string {
  const visible = visibleLine(text);
  return FORMULA.test(text) || FORMULA.test(visible) ? `'${visible}` : visible;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
