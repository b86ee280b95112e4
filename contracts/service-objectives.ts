/** What the order system promises (its requirements): success at least 99.9 %, p99 under a second, errors under 0.1 %. */
export const objectives = {
  /** Share of orders that may fail. */
  failureBudget: 0.001,
  /** Share of orders that may be slow: p99 under the limit means at most one in a hundred over it. */
  slowBudget: 0.01,
  /** Share of invocations that may crash or time out. */
  errorBudget: 0.001,
} as const;

/** One speed of spending the failure budget that is worth telling somebody about. */
export interface BurnRate {
  readonly name: 'fast' | 'slow';
  /** Times the speed that would spend the budget exactly in its 30 days. */
  readonly rate: number;
  /** Seconds. The long window says that it is real, the short one that it is still going on. */
  readonly longWindow: number;
  readonly shortWindow: number;
}

/** Alarms of a query see three hours (AWS.md A6): slower burns are computed from the metrics, not alarmed on. */
export const LONGEST_WINDOW_SECONDS = 3 * 3600;

/** The burn rates that alarm: 2 % of a month's budget in an hour, and 2.5 % in three. */
export const burnRates: readonly BurnRate[] = [
  { name: 'fast', rate: 14.4, longWindow: 3600, shortWindow: 300 },
  { name: 'slow', rate: 6, longWindow: LONGEST_WINDOW_SECONDS, shortWindow: 900 },
];

/** Days over which a budget is spent. */
export const BUDGET_DAYS = 30;
