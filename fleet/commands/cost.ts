import { writeFileSync } from 'node:fs';

import type { CutName } from '../cost/cost-cut';
import { costReport, cutOf, type Breakdown, type CostReport, type PeriodOrders } from '../cost/cost-report';
import type { CostDay } from '../cost/cost-source';
import { countPeriodOrders, orderTakers } from '../cost/count-period-orders';
import { dayOf, periodBefore, type Period } from '../cost/days';
import { keptCosts } from '../cost/kept-costs';
import { oneCurrency } from '../cost/ask-costs';
import type { TargetFilter } from '../plan/target-filter';
import type { TargetRecords } from '../plan/target-record';
import { costCsv } from '../report/cost-csv';
import { costHtml } from '../report/cost-html';
import { costText } from '../report/cost-text';
import { safeText } from '../report/terminal-text';
import { paidFor, type PaidCalls } from '../report/paid-calls';

import { openFleet, type CommandContext, type CommandOutcome, type OpenFleet } from './context';
import { accountsTaken, parseBy, parseCostFilter, parseCostRole, parseOutFile, parsePeriod, payerOf, sliceOf, type PeriodFlags } from './cost-flags'; // prettier-ignore
import { EXIT_FAILED } from './exit-codes';
import type { FilterFlags } from './filters';
import { inventoryOf, openCosts, refuseRecorded, type CostPorts } from './open-costs';
import { whereAllowed } from './where-allowed';

/** Flags of `cost`. */
export interface CostFlags extends FilterFlags, PeriodFlags {
  readonly config: string;
  readonly by?: string;
  readonly csv?: string;
  readonly html?: string;
  readonly refresh?: boolean;
  readonly role?: string;
  readonly orders: boolean;
}

/** What is asked, parsed. */
interface CostRequest {
  readonly period: Period;
  readonly by: readonly Breakdown[];
  readonly filter: TargetFilter;
  readonly role: string | null | undefined;
  readonly refresh: boolean;
  readonly orders: boolean;
}

/**
 * What the organisation was billed, by account, region, team and cost centre, against the period before. Exit 1 where days are missing or
 * orders could not be counted: then a figure is not what its name says.
 */
export async function cost(flags: CostFlags, context: CommandContext): Promise<CommandOutcome> {
  const request: CostRequest = {
    period: parsePeriod(flags, dayOf(context.clock.now())),
    by: parseBy(flags.by),
    filter: parseCostFilter(flags),
    role: parseCostRole(flags.role),
    refresh: flags.refresh === true,
    orders: flags.orders,
  };
  const csv = flags.csv === undefined ? null : parseOutFile('--csv', flags.csv, context.cwd);
  const html = flags.html === undefined ? null : parseOutFile('--html', flags.html, context.cwd);
  const fleet = await openFleet(flags.config);
  const { report, calls } = await readCosts(request, { fleet, context });
  if (csv !== null) writeFileSync(csv, costCsv(report));
  if (html !== null) writeFileSync(html, costHtml(report, { fleet: fleet.config.name, writtenAt: context.clock.now() }));
  const incomplete = report.data.missingDays.length > 0 || report.ordersNotRead > 0;
  const written = [csv, html].flatMap((file) => (file === null ? [] : [safeText(`wrote ${file}`)]));
  return {
    exitCode: incomplete ? EXIT_FAILED : 0,
    text: [costText(report, calls), ...written].join('\n'),
    data: { ...report, calls },
  };
}

interface CostPlaces {
  readonly fleet: OpenFleet;
  readonly context: CommandContext;
}

async function readCosts(
  request: CostRequest,
  { fleet, context }: CostPlaces,
): Promise<{ readonly report: CostReport; readonly calls: PaidCalls }> {
  refuseRecorded(fleet);
  const inventory = await inventoryOf(fleet, context);
  const takes = accountsTaken(request.filter, inventory);
  const payer = payerOf(inventory);
  const records = await fleet.store.loadRecords();
  const ports = await openCosts(fleet, context, { payer, role: request.role, records });
  try {
    const { objects } = fleet.store;
    const keeping = whereAllowed('these costs are not kept, and are paid for again the next time', context);
    // The first write of this verb may be the first one of the fleet.
    await keeping(() => fleet.store.claim());
    const source = keptCosts(ports.explorer, { objects, keeping, payer, refresh: request.refresh, signal: context.interrupt });
    const { period, by } = request;
    const whole = { from: periodBefore(period).from, to: period.to };
    const cuts = new Map<CutName, readonly CostDay[]>();
    let currency: string | null = null;
    for (const cut of new Set<CutName>(['type', 'untagged', ...by.map((one) => cutOf[one])])) {
      const read = await source.read({ cut, slice: sliceOf(request.filter), period: whole });
      cuts.set(cut, read.days);
      currency = oneCurrency(currency, read.currency);
    }
    const orders = request.orders ? await ordersOf(request, { takes, records, ports, context }) : null;
    const today = dayOf(context.clock.now());
    const report = costReport({
      today,
      period,
      cuts,
      by,
      currency,
      accounts: inventory.accounts,
      takes,
      orders,
      byTag: request.filter.tags.length > 0,
    });
    return { report, calls: paidFor(source.paidCalls(), { simulated: ports.simulated }) };
  } finally {
    await ports.close();
  }
}

interface OrdersAsked {
  readonly takes: (account: string) => boolean;
  readonly records: TargetRecords;
  readonly ports: CostPorts;
  readonly context: CommandContext;
}

async function ordersOf(
  { filter, period }: CostRequest,
  { takes, records, ports, context: { reporter, interrupt: signal } }: OrdersAsked,
): Promise<PeriodOrders> {
  const { regions, tags } = filter;
  const asked = [...records.values()].filter(({ current }) => {
    const own = current?.config.tags ?? {};
    return tags.length === 0 || tags.some(({ key, value }) => own[key] === value);
  });
  const takers = orderTakers(asked).filter(
    ({ target }) => takes(target.account) && (regions.length === 0 || regions.includes(target.region)),
  );
  return countPeriodOrders(takers, ports.orders, { period, reporter, signal });
}
