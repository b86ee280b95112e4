import { counted } from '../../contracts/counted';
import { isCompared, type Breakdown, type Compared, type CostReport, type CostRow, type NotCompared } from '../cost/cost-report';

import { visibleText } from '../visible-text';

import { paidText, type PaidCalls } from './paid-calls';
import { textTable } from './terminal-text';

/** How tables are headed. */
export const headings: Readonly<Record<Breakdown, string>> = {
  account: 'ACCOUNT',
  region: 'REGION',
  team: 'TEAM',
  'cost-centre': 'COST CENTRE',
  service: 'SERVICE',
};

/** How costs without a tag are called. */
export const NO_TAG = '(no tag)';

/** A report for people: what it comes to, how sure that is, and its tables. */
export function costText(report: CostReport, calls: PaidCalls): string {
  const { period, previous, currency } = report;
  return [
    `${period.from} to ${period.to} in ${currency}, against ${previous.from} to ${previous.to}`,
    ...summaryLines(report),
    paidText(calls),
    ...report.tables.flatMap(({ by, rows }) => ['', tableText(by, { rows, isCompared: isCompared(report, by) })]),
  ].join('\n');
}

/** What a report comes to and how sure that is, line by line. */
export function summaryLines(report: CostReport): readonly string[] {
  const { total, types, untagged, currency } = report;
  const parts = types.length < 2 ? '' : `: ${types.map(({ type, amount }) => `${type} ${amount}`).join(', ')}`;
  return [
    visibleText(
      `total ${total.amount}${parts}; ${isCompared(report, 'total') ? `before ${total.previous}, ${changeText(total)}` : NOT_COMPARED}`,
    ),
    ordersText(report),
    `untagged: ${untagged.amount} ${currency}, ${untagged.ofUsagePercent === null ? 'no usage' : `${untagged.ofUsagePercent} % of usage`} lacks Team or CostCenter${
      untagged.ofUsagePercent === '100.0' ? '; `fleet cost activate` makes tags known to billing' : ''
    }`,
    ...dataLines(report),
    ...report.notCompared.map(notComparedText),
  ];
}

/** In place of a change. */
export const NOT_COMPARED = 'not compared';

function notComparedText({ of, days }: NotCompared): string {
  const which = `${counted(days.length, 'day')} ${days.length === 1 ? `(${days[0] ?? ''})` : `from ${days[0] ?? ''} to ${days.at(-1) ?? ''}`}`;
  const again = '`fleet cost --refresh` asks again where AWS filled tags in for old days';
  switch (of) {
    case 'total':
      return `NOT COMPARED: nothing has these tags on ${which}: billing may not have known them yet; ${again}`;
    case 'untagged':
      return `untagged has ${which} on which no usage carries the tags: billing did not know them yet; ${again}`;
    default:
      return `NOT COMPARED by ${headings[of].toLowerCase()}: the costs of ${which} are all in ${NO_TAG}, billing did not know that tag yet; ${again}`;
  }
}

function ordersText({ orders, perThousandOrders, ordersNotRead, currency }: CostReport): string {
  if (ordersNotRead > 0) return `1,000 orders: NOT KNOWN, the orders of ${counted(ordersNotRead, 'target')} could not be counted`;
  if (orders === null) return '1,000 orders: not asked for';
  if (perThousandOrders === null) return '1,000 orders: none were taken';
  return `1,000 orders: ${perThousandOrders} ${currency}, of ${orders.toLocaleString('en-US')} orders`;
}

function dataLines({ data: { newestFinalDay, ageDays, estimatedDays, missingDays } }: CostReport): readonly string[] {
  const age =
    newestFinalDay === null
      ? 'data: no day is final'
      : `data: final up to ${newestFinalDay}, ${ageDays === 0 ? 'today' : `${counted(ageDays ?? 0, 'day')} ago`}`;
  const estimates =
    estimatedDays.length === 0
      ? ''
      : `; ${counted(estimatedDays.length, 'day')} ${estimatedDays.length === 1 ? 'is an estimate' : 'are estimates'} and may still grow`;
  return [
    `${age}${estimates}`,
    ...(missingDays.length === 0 ? [] : [`MISSING: nothing is known of ${listed(missingDays)}; no amount has them`]),
  ];
}

function listed(days: readonly string[]): string {
  const few = days.slice(0, 3).join(', ');
  return days.length > 3 ? `${days.length} days (${few}, ...)` : few;
}

/** The change of an amount: `+3.45 (+2.9 %)`. */
export function changeText({ change, changePercent }: Compared): string {
  const signed = (text: string) => (text.startsWith('-') ? text : `+${text}`);
  return changePercent === null ? signed(change) : `${signed(change)} (${signed(changePercent)} %)`;
}

function tableText(by: Breakdown, { rows, isCompared: told }: { readonly rows: readonly CostRow[]; readonly isCompared: boolean }): string {
  const withOrders = rows.some(({ orders }) => orders !== null);
  const head = [headings[by], ...(by === 'account' ? ['NAME'] : []), 'AMOUNT', 'SHARE %', 'BEFORE', 'CHANGE', ...(withOrders ? ['PER 1,000 ORDERS'] : [])]; // prettier-ignore
  return textTable(
    head,
    rows.map((row) => [
      row.key === '' ? NO_TAG : row.key,
      ...(by === 'account' ? [row.name ?? ''] : []),
      row.amount,
      row.sharePercent ?? '',
      told ? row.previous : '-',
      told ? changeText(row) : NOT_COMPARED,
      ...(withOrders ? [row.perThousandOrders ?? ''] : []),
    ]),
  );
}
