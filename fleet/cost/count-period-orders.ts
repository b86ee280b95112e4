import type { OrderCount } from '../../contracts/health';
import { targetSchema } from '../../contracts/target';
import { mapBounded } from '../discovery/bounded';
import { toldError } from '../errors';
import type { TargetRecord } from '../plan/target-record';
import type { Reporter } from '../ports';

import type { CallOptions } from './cost-explorer';
import type { PeriodOrders } from './cost-report';
import type { Period } from './days';
import type { OrderSource, OrderTaker } from './order-source';

const AT_ONCE = 16;

/** Deployed targets that take orders of customers. */
export function orderTakers(records: Iterable<TargetRecord>): readonly OrderTaker[] {
  return [...records].flatMap(({ target, current, health }) => {
    const metric: OrderCount | null = current === null ? null : (health?.orders ?? null);
    return metric === null ? [] : [{ target: targetSchema.parse(target), metric }];
  });
}

/** Counts the orders of targets. What cannot be counted is warned about by name, and counted as not read. */
export async function countPeriodOrders(
  takers: readonly OrderTaker[],
  source: OrderSource,
  { period, reporter, signal }: CallOptions & { readonly period: Period; readonly reporter: Reporter },
): Promise<PeriodOrders> {
  const counted = await mapBounded(takers, AT_ONCE, async (taker) => {
    const { account, region, id } = taker.target;
    try {
      return { account, region, orders: await source.count(taker, period, { signal }) };
    } catch (error) {
      signal.throwIfAborted();
      const { message, code } = toldError(error);
      reporter.report({ level: 'warning', code: 'orders-not-counted', message: `${id}: ${message}`, target: id, data: { code } });
      return null;
    }
  });
  return { places: counted.flatMap((one) => (one === null ? [] : [one])), notRead: counted.filter((one) => one === null).length };
}
