import { isCompared, type Breakdown, type CostReport, type CostRow } from '../cost/cost-report';

import { csvText, type CsvCell } from './csv';

const COLUMNS = ['by', 'key', 'name', 'from', 'to', 'currency', 'amount', 'exact', 'share_percent', 'previous', 'change', 'change_percent', 'orders', 'per_1000_orders']; // prettier-ignore

/** Every row of every table, and the total first, as RFC 4180 has it: CRLF, quotes doubled. The amounts of one `by` add up to the total's. */
export function costCsv(report: CostReport): string {
  const { total, orders, perThousandOrders } = report;
  const all: CostRow = { ...total, key: '', name: null, sharePercent: null, orders, perThousandOrders };
  const lines = [line('total', all, report), ...report.tables.flatMap(({ by, rows }) => rows.map((row) => line(by, row, report)))];
  return csvText([COLUMNS, ...lines]);
}

function line(by: Breakdown | 'total', row: CostRow, report: CostReport): readonly CsvCell[] {
  const { period, currency } = report;
  return [
    by,
    row.key,
    row.name ?? '',
    period.from,
    period.to,
    currency,
    ...[row.amount, row.exact, row.sharePercent, row.previous].map(figure),
    ...[isCompared(report, by) ? row.change : null, row.changePercent].map(figure),
    ...[row.orders === null ? null : String(row.orders), row.perThousandOrders].map(figure),
  ];
}

function figure(value: string | null): CsvCell {
  return { figure: value ?? '' };
}
