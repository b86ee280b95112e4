import { escapeHtml } from '../dashboards/html';

const STYLE = `
:root { color-scheme: light dark; --ink: #1a1d21; --paper: #fff; --line: #d5d9de; --soft: #5a6270; --bar: #2f6fd0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --paper: #15181c; --line: #353b44; --soft: #a2abb8; --bar: #6ea3f5; } }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } p, li { color: var(--soft); }
.total { color: var(--ink); font-size: 2rem; margin: 0; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; }
.text { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
meter { width: 6rem; } meter::-webkit-meter-optimum-value { background: var(--bar); }
`.trim();

/** A page that needs nothing else: no scripts, nothing from elsewhere. The lines are HTML; the title is text. */
export function wholePage(title: string, lines: readonly string[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeHtml(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escapeHtml(title)}</h1>`,
    ...lines,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** A table under a heading, for a page. Heading and column names are text; the rows are HTML. */
export function tableSection(heading: string, { id, head, rows }: TableParts): string {
  return [
    `<section aria-labelledby="${id}">`,
    `<h2 id="${id}">${escapeHtml(heading)}</h2>`,
    // A wide table scrolls by keyboard as well.
    `<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}">`,
    '<table>',
    `<thead><tr>${head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows,
    '</tbody>',
    '</table>',
    '</div>',
    '</section>',
  ].join('\n');
}

/** What a table on a page is made of. */
interface TableParts {
  /** Of its heading, unique on the page. */
  readonly id: string;
  readonly head: readonly string[];
  readonly rows: readonly string[];
}
