import { organizationSchema, type Organization } from '../../../sandbox/organization';
import { ActiveTags } from '../../../sandbox/costs/active-tags';
import { SimulatedCostExplorer } from '../../../sandbox/costs/simulated-cost-explorer';
import { MemoryLogs } from '../../../sandbox/memory-logs';
import { cutNames, type CostSlice } from '../../../fleet/cost/cost-cut';
import { breakdowns, costReport, type CostReport, type CostReportInput } from '../../../fleet/cost/cost-report';
import type { CostExplorer } from '../../../fleet/cost/cost-explorer';
import { periodBefore, type Period } from '../../../fleet/cost/days';
import { keptCosts } from '../../../fleet/cost/kept-costs';
import { ledgerRows } from '../../../fleet/cost/sandbox-ledger';
import { sandboxCostExplorer } from '../../../fleet/cost/sandbox-cost-explorer';
import type { ObjectStore } from '../../../fleet/ports';

/** A row as organization.yaml writes it. */
export interface WrittenRow {
  readonly day: string;
  readonly account: string;
  readonly amount: string;
  readonly region?: string;
  readonly service?: string;
  readonly type?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export const PAYER = '100000000001';
export const everything: CostSlice = { regions: [], tags: [] };

/** An organisation with a ledger. */
export function organizationWith(ledger: Readonly<Record<string, unknown>>): Organization {
  return organizationSchema.parse({
    id: 'o-sandbox0001',
    managementAccount: PAYER,
    accounts: [{ id: PAYER, name: 'management' }],
    ledger: { activeTags: ['Team', 'CostCenter'], ...ledger },
  });
}

/** Cost Explorer over a ledger, on a day. */
export function explorerOver(organization: Organization, today: string): CostExplorer {
  const { ledger } = organization;
  const tags = new ActiveTags({ path: 'tags.ndjson', initial: ledger.activeTags, openLog: new MemoryLogs().takeOver() });
  const { pageSize, estimatedDays } = ledger;
  return sandboxCostExplorer(
    new SimulatedCostExplorer({ rowsOf: ledgerRows(organization, []), tags, today: () => today, pageSize, estimatedDays }),
  );
}

/** What a report is read from. */
export interface Reading {
  readonly explorer: CostExplorer;
  readonly objects: ObjectStore;
  readonly today: string;
  readonly period: Period;
  readonly slice?: CostSlice;
  readonly refresh?: boolean;
  readonly of?: Partial<CostReportInput>;
}

/** A report of every breakdown, by the way that `fleet cost` goes. */
export async function readReport(reading: Reading): Promise<{ readonly report: CostReport; readonly calls: number }> {
  const { explorer, objects, today, period, slice = everything, refresh = false, of } = reading;
  const source = keptCosts(explorer, { objects, payer: PAYER, refresh, signal: new AbortController().signal });
  const whole = { from: periodBefore(period).from, to: period.to };
  const cuts = new Map<(typeof cutNames)[number], CostReportInput['cuts'] extends ReadonlyMap<unknown, infer Days> ? Days : never>();
  for (const cut of cutNames) cuts.set(cut, (await source.read({ cut, slice, period: whole })).days);
  const input = { today, period, cuts, by: breakdowns, currency: 'USD', accounts: [], takes: () => true, orders: null, ...of };
  return { report: costReport(input), calls: source.paidCalls() };
}

/** Rows of one table, as amounts by key. */
export function amountsBy({ tables }: CostReport, by: (typeof breakdowns)[number]): Readonly<Record<string, string>> {
  return Object.fromEntries((tables.find((table) => table.by === by)?.rows ?? []).map(({ key, amount }) => [key, amount]));
}
