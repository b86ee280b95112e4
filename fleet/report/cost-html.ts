import type { CostReport, CostRow, CostTable } from '../cost/cost-report';

import { changeText, headings, NO_TAG, summaryLines } from './cost-text';

/** What the page says beside the report. */
export interface CostPageOptions {
  readonly fleet: string;
  readonly writtenAt: Date;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1a1d21; --paper: #fff; --line: #d5d9de; --soft: #5a6270; --bar: #2f6fd0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --paper: #15181c; --line: #353b44; --soft: #a2abb8; --bar: #6ea3f5; } }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } p, li { color: var(--soft); }
.total { color: var(--ink); font-size: 2rem; margin: 0; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; }
meter { width: 6rem; } meter::-webkit-meter-optimum-value { background: var(--bar); }
`.trim();

/** A report as one page that needs nothing else: no scripts, nothing from elsewhere. */
export function costHtml(report: CostReport, { fleet, writtenAt }: CostPageOptions): string {
  const { period, total, currency } = report;
  const title = `Costs of ${fleet}, ${period.from} to ${period.to}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escaped(title)}</h1>`,
    `<p class="total">${escaped(`${total.amount} ${currency}`)}</p>`,
    '<ul>',
    ...summaryLines(report).map((text) => `<li>${escaped(text)}</li>`),
    '</ul>',
    ...report.tables.map(tableHtml),
    `<p>written ${escaped(writtenAt.toISOString())}; the amounts of each table add up to the total</p>`,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function tableHtml({ by, rows }: CostTable): string {
  const heading = headings[by].charAt(0) + headings[by].slice(1).toLowerCase();
  const withOrders = rows.some(({ orders }) => orders !== null);
  const head = [heading, 'Amount', 'Share', 'Before', 'Change', ...(withOrders ? ['Per 1,000 orders'] : [])];
  const id = `by-${by}`;
  return [
    `<section aria-labelledby="${id}">`,
    `<h2 id="${id}">By ${escaped(heading.toLowerCase())}</h2>`,
    // A wide table scrolls by keyboard as well.
    `<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}">`,
    '<table>',
    `<thead><tr>${head.map((text) => `<th scope="col">${escaped(text)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => rowHtml(row, withOrders)),
    '</tbody>',
    '</table>',
    '</div>',
    '</section>',
  ].join('\n');
}

function rowHtml(row: CostRow, withOrders: boolean): string {
  const share = row.sharePercent;
  const meter = share === null ? '' : `<meter min="0" max="100" value="${escaped(share)}" aria-hidden="true"></meter> ${escaped(share)} %`;
  const key = row.key === '' ? NO_TAG : row.key;
  const cells = [
    escaped(row.name === null ? key : `${row.name} (${key})`),
    escaped(row.amount),
    meter,
    escaped(row.previous),
    escaped(changeText(row)),
    ...(withOrders ? [escaped(row.perThousandOrders ?? '')] : []),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

/** Text from outside, as text and nothing else. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
