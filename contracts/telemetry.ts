import * as z from 'zod';

/**
 * What the functions emit and the alarms read. One definition, so that a metric's name or dimension cannot differ between them.
 * `SyntheticOrders` is 1 for each heartbeat order that was stored, and absent otherwise. Per order `OrderFailed` and `OrderSlow` are 0 or 1: their average is a rate without metric math (AWS.md A3).
 */
export const orderMetrics = { failed: 'OrderFailed', slow: 'OrderSlow', deadLetters: 'DeadLetters', synthetic: 'SyntheticOrders' } as const;

/** Dimension keys. Each order metric is emitted under {FunctionName} and under {FunctionName, version}; dead letters under {FunctionName} only. */
export const metricDimensions = { functionName: 'FunctionName', version: 'version' } as const;

/** An order that took at least this long, from receive to stored, is slow: the p99 objective of the requirements is one second. */
export const SLOW_ORDER_MS = 1000;

/** Environment of the order function; Powertools reads its own names. */
export const orderEnvironmentSchema = z.object({
  ORDERS_TABLE: z.string().min(1),
  POWERTOOLS_SERVICE_NAME: z.string().min(1),
  POWERTOOLS_METRICS_NAMESPACE: z.string().min(1),
  SLOW_ORDER_MS: z.coerce.number().int().positive().default(SLOW_ORDER_MS),
});

/** Environment of the dead-letter function. */
export const deadLetterEnvironmentSchema = z.object({
  ARCHIVE_BUCKET: z.string().min(1),
  POWERTOOLS_SERVICE_NAME: z.string().min(1),
  POWERTOOLS_METRICS_NAMESPACE: z.string().min(1),
});

/** One evaluation window of the order system's alarms, and so a point of its graphs. A traffic watch lasts at least two (AWS.md A5). */
export const WINDOW_SECONDS = 300;
