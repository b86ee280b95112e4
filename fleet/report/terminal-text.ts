import Table from 'cli-table3';

import { visibleLine, visibleText } from '../visible-text';

/** What pipelines read as a command: `::error::` where a line begins, `##[error]`, `##vso[...]` and `##teamcity[...]` anywhere in it. */
const COMMANDS = [
  { pattern: /^(\s*):(?=:)/, instead: '$1\\x3a' },
  { pattern: /#(?=#(?:vso|teamcity)?\[)/gi, instead: '\\x23' },
];

/**
 * Text from outside as one line without what could steer a terminal, or the pipeline that reads what it prints: control characters, escape
 * sequences and the beginnings of commands become visible.
 */
export function safeText(text: string): string {
  return withoutCommands(visibleText(text));
}

/** As {@link safeText}, for a message that may have several lines: they become one. */
export function safeLine(text: string): string {
  return withoutCommands(visibleLine(text.trim()));
}

function withoutCommands(text: string): string {
  return COMMANDS.reduce((safe, { pattern, instead }) => safe.replace(pattern, instead), text);
}

/** Rows under headings, without borders: columns that grep and cut can use. */
export function textTable(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const none = {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  };
  const table = new Table({ head: [...headings], chars: none, style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 } });
  table.push(...rows.map((row) => row.map((cell) => safeText(String(cell)))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
