import type { GetCostAndUsageCommandInput, ResultByTime } from '@aws-sdk/client-cost-explorer';

import { allPages } from '../discovery/pages';
import { FleetError } from '../errors';

import { filterOf, groupsOf, valueOf, type CutName } from './cost-cut';
import type { CallOptions, CostExplorer } from './cost-explorer';
import type { CostDay, CostDays, CostQuery } from './cost-source';
import { addDays } from './days';
import { parseMoney, type Money } from './money';

/** What is billed in the end: no averages over the organisation, nothing spread over months. Credits, refunds and tax are in it, each as its own record type. */
const METRIC = 'UnblendedCost';

/** Asks for a cut over all its pages. `onCall` is told of every call before it is made, as each is paid for. */
export async function askCosts(
  explorer: CostExplorer,
  { cut, slice, period }: CostQuery,
  { onCall, ...options }: CallOptions & { readonly onCall: () => void },
): Promise<CostDays> {
  const Filter = filterOf(cut, slice);
  const input: GetCostAndUsageCommandInput = {
    TimePeriod: { Start: period.from, End: addDays(period.to, 1) },
    Granularity: 'DAILY',
    Metrics: [METRIC],
    GroupBy: groupsOf(cut),
    ...(Filter && { Filter }),
  };
  const results = await allPages(async (token) => {
    onCall();
    const page = await explorer.getCostAndUsage({ ...input, ...(token !== undefined && { NextPageToken: token }) }, options);
    return { items: page.ResultsByTime, next: page.NextPageToken };
  });
  return daysIn(results, cut);
}

/** Pages as days: a page may end within a day, and the next one goes on with it. */
function daysIn(results: readonly ResultByTime[], cut: CutName): CostDays {
  const days = new Map<string, { estimated: boolean; readonly items: Map<string, Map<string, Money>> }>();
  let currency: string | null = null;
  for (const { TimePeriod, Estimated, Groups = [] } of results) {
    const day = TimePeriod?.Start?.slice(0, 10);
    if (day === undefined) throw notUnderstood('a result without its day');
    const known = days.get(day) ?? { estimated: false, items: new Map<string, Map<string, Money>>() };
    days.set(day, known);
    // What does not say that it is final is not taken for final.
    known.estimated ||= Estimated !== false;
    for (const { Keys, Metrics } of Groups) {
      const [account, key] = Keys ?? [];
      const { Amount, Unit } = Metrics?.[METRIC] ?? {};
      if (account === undefined || key === undefined || Amount === undefined)
        throw notUnderstood(`a group of ${day} without keys or ${METRIC}`);
      currency = oneCurrency(currency, Unit);
      const items = known.items.get(account) ?? new Map<string, Money>();
      known.items.set(account, items);
      const value = valueOf(cut, key);
      items.set(value, (items.get(value) ?? 0n) + parseMoney(Amount));
    }
  }
  const flat = (items: ReadonlyMap<string, ReadonlyMap<string, Money>>) =>
    [...items].flatMap(([account, values]) => [...values].map(([value, amount]) => ({ account, value, amount })));
  const found = [...days].map(([day, { estimated, items }]): CostDay => ({ day, estimated, items: flat(items) }));
  return { days: found.sort((left, right) => (left.day < right.day ? -1 : 1)), currency };
}

/** Amounts of two currencies cannot be added up: throws `fleet/two-currencies`. A unit of `N/A` says nothing. */
export function oneCurrency(known: string | null, unit: string | null | undefined): string | null {
  if (unit === undefined || unit === null || unit === '' || unit === 'N/A' || unit === known) return known;
  if (known === null) return unit;
  throw new FleetError('fleet/two-currencies', `Cost Explorer gave amounts in ${known} and in ${unit}, which cannot be added up`);
}

function notUnderstood(what: string): FleetError {
  return new FleetError('fleet/cost-answer', `Cost Explorer gave ${what}: nothing can be told of these costs`);
}
