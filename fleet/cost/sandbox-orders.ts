import { loadOf } from '../../sandbox/metrics/load';
import type { Organization } from '../../sandbox/organization';
import type { Clock } from '../ports';

import { addDays, type Day } from './days';
import type { OrderSource } from './order-source';

/** Orders of a simulated organisation: those of its ledger, or as many as `traffic` sends, on every day as today. */
export function sandboxOrders(organization: Organization, clock: Pick<Clock, 'now'>): OrderSource {
  const { ledger, traffic } = organization;
  return {
    count: async ({ target }, { from, to }, { signal }) => {
      signal.throwIfAborted();
      const { account, region, id } = target;
      if (ledger.orders !== undefined) {
        const here = ledger.orders.filter((row) => row.account === account && row.region === region && row.day >= from && row.day <= to);
        return here.reduce((sum, row) => sum + row.count, 0);
      }
      return Math.floor(loadOf(traffic, id).ordersPerSecond * secondsPassed({ from, to }, clock.now()));
    },
    close: () => Promise.resolve(),
  };
}

function secondsPassed({ from, to }: { readonly from: Day; readonly to: Day }, now: Date): number {
  const start = Date.parse(`${from}T00:00:00Z`);
  const end = Math.min(now.getTime(), Date.parse(`${addDays(to, 1)}T00:00:00Z`));
  return Math.max(0, end - start) / 1000;
}
