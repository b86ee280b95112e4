import type { OrderRoute } from '../../contracts/expectations';
import { ORDER_SCHEMA_VERSION, type OrderMessage } from '../../contracts/order-message';
import type { Target } from '../../contracts/target';
import { asked, judged } from '../checks/asked';
import { failed, passed, type CheckFinding } from '../checks/check-result';
import type { Clock } from '../ports';

import type { DeployedSource, OrderFate } from './deployed-source';

/** A synthetic order's way through a target. */
export interface FollowedOrder {
  readonly target: Target;
  readonly route: OrderRoute;
  readonly orderId: string;
}

/** How an order is followed. */
export interface FollowOptions {
  readonly source: DeployedSource;
  readonly clock: Clock;
  /** How long it may take. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** The order as it travels: worth nothing, kept out of business metrics, and expired after days. */
export function syntheticOrder(orderId: string, placedAt: Date): OrderMessage {
  return {
    schemaVersion: ORDER_SCHEMA_VERSION,
    orderId,
    customerId: 'verify',
    currency: 'EUR',
    items: [{ sku: 'verify', quantity: 1, unitPriceMinor: 0 }],
    placedAt: placedAt.toISOString(),
    synthetic: true,
  };
}

/** How far an order came by the end of the time. */
interface Progress {
  readonly fate: OrderFate;
  readonly counted: boolean;
}

/** Sends a synthetic order and waits until it is stored and counted; no longer than until it is known that it will not be. */
export async function followOrder({ target, route, orderId }: FollowedOrder, options: FollowOptions): Promise<readonly CheckFinding[]> {
  const { source, clock, timeoutSeconds, signal } = options;
  const answer = await asked(signal, async (): Promise<Progress> => {
    const sentAt = clock.now();
    const body = JSON.stringify(syntheticOrder(orderId, sentAt));
    await source.send(target, { queueUrl: route.queueUrl, body }, { signal });
    const order = { orderId, sentAt };
    let fate: OrderFate = 'waiting';
    for (;;) {
      if (fate === 'waiting') fate = await source.fate(target, { ...order, route }, { signal });
      const counted = fate === 'stored' && (await source.counted(target, { count: route.synthetic, order }, { signal })) > 0;
      const isOver = clock.now().getTime() - sentAt.getTime() >= timeoutSeconds * 1000;
      if (fate === 'dead' || counted || isOver) return { fate, counted };
      await clock.sleep(source.pollSeconds * 1000, signal);
    }
  });
  return judged('order', answer, (progress) => judgeProgress(progress, { orderId, route, timeoutSeconds }));
}

function judgeProgress(
  { fate, counted }: Progress,
  { orderId, route, timeoutSeconds }: Pick<FollowedOrder, 'orderId' | 'route'> & Pick<FollowOptions, 'timeoutSeconds'>,
): CheckFinding {
  const within = `within ${timeoutSeconds} s`;
  switch (fate) {
    case 'stored':
      if (counted) return passed('order', `synthetic order ${orderId} is in ${route.tableName}, and counted`);
      return failed('order', `synthetic order ${orderId} is in ${route.tableName}, and ${route.synthetic.metric} did not count it ${within}`, 'alarms may be blind: see the log of the order function; metrics can be minutes late: --timeout'); // prettier-ignore
    case 'waiting':
      return failed('order', `synthetic order ${orderId} did not arrive in ${route.tableName} ${within}`, 'see the event source, the alarms and the log of the order function'); // prettier-ignore
    case 'dead':
      return failed('order', `synthetic order ${orderId} failed every attempt and did not arrive in ${route.tableName}`, '`fleet dlq list` tells why it failed'); // prettier-ignore
  }
}
