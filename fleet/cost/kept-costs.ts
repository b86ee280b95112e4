import type { ObjectStore } from '../ports';

import { askCosts, oneCurrency } from './ask-costs';
import type { CallOptions, CostExplorer } from './cost-explorer';
import type { CostDays, CostQuery, CostSource } from './cost-source';
import { daysOf, runsOf } from './days';
import { KeptDays } from './kept-days';

/** Where days are kept, and whether they are asked for anew. */
export interface KeptCostsOptions extends CallOptions {
  readonly objects: ObjectStore;
  /** Carries writes out, or passes them over where they are not allowed. @default carries them out */
  readonly keeping?: (write: () => Promise<void>) => Promise<unknown>;
  /** Account that pays the organisation's bill. */
  readonly payer: string;
  /** Asks for closed days as well: credits and refunds may come to old days, and tags be filled in later. */
  readonly refresh: boolean;
}

/** Costs from Cost Explorer by way of the fleet's state: a day that AWS closed is asked for once, one that is still estimated every time. */
export function keptCosts(
  explorer: CostExplorer,
  { objects, keeping = (write) => write(), payer, refresh, signal }: KeptCostsOptions,
): CostSource {
  let calls = 0;
  const onCall = () => {
    calls += 1;
  };
  return {
    read: async (query: CostQuery): Promise<CostDays> => {
      const keeper = new KeptDays(objects, { ...query, payer });
      const kept: CostDays = refresh ? { days: [], currency: null } : await keeper.read(query.period);
      const known = new Set(kept.days.map(({ day }) => day));
      let { currency } = kept;
      const days = [...kept.days];
      for (const period of runsOf(daysOf(query.period).filter((day) => !known.has(day)))) {
        const asked = await askCosts(explorer, { ...query, period }, { signal, onCall });
        currency = oneCurrency(currency, asked.currency);
        const closed = asked.days.filter(({ estimated }) => !estimated);
        if (closed.length > 0) await keeping(() => keeper.keep({ days: closed, currency: asked.currency }));
        days.push(...asked.days);
      }
      return { days: days.sort((left, right) => (left.day < right.day ? -1 : 1)), currency };
    },
    paidCalls: () => calls,
  };
}
