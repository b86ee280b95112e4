import { faultMatches, type TrafficRule } from '../organization';

/** What arrives at a target and what becomes of it, everything defaulted. Shares are 0 to 1. */
export interface Load {
  readonly ordersPerSecond: number;
  readonly failing: number;
  /** Of the version on trial while two versions share the orders; null: as the others. */
  readonly failingOnTrial: number | null;
  readonly slow: number;
  readonly crashing: number;
  /** In five minutes. */
  readonly throttles: number;
  readonly concurrency: number;
  /** Of the account's other functions without a reservation. */
  readonly unreservedConcurrency: number;
  /** Null: nothing is planted, an order is taken almost at once. */
  readonly oldestMessageSeconds: number | null;
  /** In five minutes. */
  readonly deadLetters: number;
  readonly deadLetterAgeSeconds: number;
  readonly heartbeat: boolean;
}

/** Orders a minute of a healthy target: enough for any sensible `minOrders` within one evaluation window. */
const ORDERS_PER_MINUTE = 600;

/** Slow orders of a healthy target, well below what an alarm may ask for by default. */
const SLOW_PERCENT = 0.1;

const MINUTE = 60;

/** The load of a target: what a healthy one has, changed by every rule that matches, in order. */
export function loadOf(rules: readonly TrafficRule[], target: string): Load {
  const planted = rules
    .filter((rule) => faultMatches(rule.target, target))
    .reduce<Partial<TrafficRule>>((all, rule) => ({ ...all, ...rule }), {});
  return {
    ordersPerSecond: (planted.ordersPerMinute ?? ORDERS_PER_MINUTE) / MINUTE,
    failing: (planted.failPercent ?? 0) / 100,
    failingOnTrial: planted.versionOnTrialFailPercent === undefined ? null : planted.versionOnTrialFailPercent / 100,
    slow: (planted.slowPercent ?? SLOW_PERCENT) / 100,
    crashing: (planted.errorPercent ?? 0) / 100,
    throttles: planted.throttles ?? 0,
    concurrency: planted.concurrency ?? 1,
    unreservedConcurrency: planted.unreservedConcurrency ?? 0,
    oldestMessageSeconds: planted.oldestMessageSeconds ?? null,
    deadLetters: planted.deadLetters ?? 0,
    deadLetterAgeSeconds: planted.deadLetterAgeSeconds ?? 0,
    heartbeat: planted.heartbeat ?? true,
  };
}
