import { ORDER_SCHEMA_VERSION, type OrderMessage } from '../contracts/order-message';

/** How often a synthetic order is sent, in minutes. */
export const HEARTBEAT_MINUTES = 5;

// EventBridge Scheduler puts its own values in place of these: each run is a new order.
const RUN_ID = '<aws.scheduler.execution-id>';
const RUN_TIME = '<aws.scheduler.scheduled-time>';

/** The synthetic order that proves a target alive, as the schedule's input. */
export function heartbeatOrder(): string {
  const order: OrderMessage = {
    schemaVersion: ORDER_SCHEMA_VERSION,
    orderId: `heartbeat-${RUN_ID}`,
    customerId: 'heartbeat',
    currency: 'EUR',
    items: [{ sku: 'heartbeat', quantity: 1, unitPriceMinor: 0 }],
    placedAt: RUN_TIME,
    synthetic: true,
  };
  return JSON.stringify(order);
}
