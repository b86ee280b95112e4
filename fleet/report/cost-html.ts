import { isCompared, type CostReport, type CostRow, type CostTable } from '../cost/cost-report';
import { escapeHtml } from '../dashboards/html';

import { changeText, headings, NO_TAG, NOT_COMPARED, summaryLines } from './cost-text';
import { tableSection, wholePage } from './page';

/** What the page says beside the report. */
export interface CostPageOptions {
  readonly fleet: string;
  readonly writtenAt: Date;
}

/** A report as one page that needs nothing else: no scripts, nothing from elsewhere. */
export function costHtml(report: CostReport, { fleet, writtenAt }: CostPageOptions): string {
  const { period, total, currency } = report;
  const title = `Costs of ${fleet}, ${period.from} to ${period.to}`;
  return wholePage(title, [
    `<p class="total">${escapeHtml(`${total.amount} ${currency}`)}</p>`,
    '<ul>',
    ...summaryLines(report).map((text) => `<li>${escapeHtml(text)}</li>`),
    '</ul>',
    ...report.tables.map((table) => tableHtml(table, isCompared(report, table.by))),
    `<p>written ${escapeHtml(writtenAt.toISOString())}; the amounts of each table add up to the total</p>`,
  ]);
}

function tableHtml({ by, rows }: CostTable, told: boolean): string {
  const heading = headings[by].charAt(0) + headings[by].slice(1).toLowerCase();
  const withOrders = rows.some(({ orders }) => orders !== null);
  const head = [heading, 'Amount', 'Share', 'Before', 'Change', ...(withOrders ? ['Per 1,000 orders'] : [])];
  return tableSection(`By ${heading.toLowerCase()}`, { id: `by-${by}`, head, rows: rows.map((row) => rowHtml(row, { withOrders, told })) });
}

function rowHtml(row: CostRow, { withOrders, told }: { readonly withOrders: boolean; readonly told: boolean }): string {
  const share = row.sharePercent;
  const meter =
    share === null ? '' : `<meter min="0" max="100" value="${escapeHtml(share)}" aria-hidden="true"></meter> ${escapeHtml(share)} %`;
  const key = row.key === '' ? NO_TAG : row.key;
  const cells = [
    escapeHtml(row.name === null ? key : `${row.name} (${key})`),
    escapeHtml(row.amount),
    meter,
    told ? escapeHtml(row.previous) : '',
    told ? escapeHtml(changeText(row)) : NOT_COMPARED,
    ...(withOrders ? [escapeHtml(row.perThousandOrders ?? '')] : []),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}
