/** Rows as RFC 4180 has them, without the ends of lines: quotes doubled. */
export function csvLines(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.map((cells) => cells.map(quoted).join(','));
}

/** Rows as a file of RFC 4180: CRLF after each. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return csvLines(rows)
    .map((line) => `${line}\r\n`)
    .join('');
}

/** Text from outside that a spreadsheet would take for a formula gets an apostrophe in front. What is the fleet's own stays as it is. */
export function harmless(text: string): string {
  return /^\s*[=+\-@]|^[\t\r\n]/.test(text) ? `'${text}` : text;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
