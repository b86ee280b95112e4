import { awsRates, type RateName } from './aws-rates';
import { regionalSettingsSchema, type RegionalSettings } from './regional';
import { observabilitySettingsSchema } from './observability';
import type { TargetConfig } from './target-config';

/** One thing that a target costs each month whether orders come or not. */
export interface CostItem {
  /** What it is, in words; the same of all targets of a layer. */
  readonly item: string;
  readonly rate: RateName;
  /** How many of what the rate is for. */
  readonly quantity: number;
}

/** Dollars a month. */
export function monthlyDollars({ rate, quantity }: CostItem): number {
  return awsRates[rate].dollars * quantity;
}

/** Metrics that the functions of a target write: failed and slow, each also by version; dead letters; synthetic orders. */
export function emittedMetrics({ heartbeat }: Pick<RegionalSettings, 'heartbeat'>): number {
  return 2 * 2 + 1 + (heartbeat ? 1 : 0);
}

/** Metric alarms of a target: nine, and those that depend on the settings. */
export function targetAlarms({ heartbeat, unreservedConcurrency }: Pick<RegionalSettings, 'heartbeat' | 'unreservedConcurrency'>): number {
  return 9 + (heartbeat ? 1 : 0) + (unreservedConcurrency === null ? 0 : 1);
}

/** Metrics of one member that the alarms of its region read: failed (by function and by version) by five of them, slow by one, dead letters by one. */
export const METRICS_READ_PER_MEMBER = 5 * 2 + 2 + 1;

const COMPOSITES = 2;

/** In millions: Lambda polls a queue with five pollers that wait 20 seconds each, day and night; a month has 730 hours. */
const POLLS_PER_QUEUE = (5 * 3 * 60 * 730) / 1_000_000;

/**
 * What a regional target costs by itself. Traffic is not in it: invocations, log lines, traces, table and archive. Nor is what comes to less
 * than a cent, such as the heartbeat's 8,760 orders. Null where settings are of another version.
 */
export function regionalCost({ settings }: TargetConfig): readonly CostItem[] | null {
  const parsed = regionalSettingsSchema.safeParse(settings);
  if (!parsed.success) return null;
  const { dashboard, encryption } = parsed.data;
  return [
    ...(dashboard === 'perTarget' ? [{ item: 'dashboard', rate: 'dashboard', quantity: 1 } as const] : []),
    { item: 'metrics of the functions', rate: 'customMetric', quantity: emittedMetrics(parsed.data) },
    { item: 'alarms', rate: 'metricAlarm', quantity: targetAlarms(parsed.data) },
    { item: 'composite alarms', rate: 'compositeAlarm', quantity: COMPOSITES },
    ...(encryption === 'customer' ? [{ item: 'key for its data', rate: 'customerKey', quantity: 1 } as const] : []),
    { item: 'polling of two queues', rate: 'queueRequests', quantity: 2 * POLLS_PER_QUEUE },
  ];
}

/** What a foundation target costs by itself: topics, their policies and the sink are free. */
export function foundationCost(): readonly CostItem[] {
  return [{ item: 'key of the alert topics', rate: 'customerKey', quantity: 1 }];
}

/** Overview, one account, cost. */
const FLEET_DASHBOARDS = 3;

/** What an observability target costs by itself: it grows with its members. Null where settings are of another version. */
export function observabilityCost({ settings, part, upstream }: TargetConfig): readonly CostItem[] | null {
  const parsed = observabilitySettingsSchema.safeParse(settings);
  if (!parsed.success) return null;
  const members = upstream.filter(({ target }) => target.startsWith('regional/')).length;
  const { fleetWide, sharedDashboard } = parsed.data;
  return [
    { item: 'dashboards', rate: 'dashboard', quantity: 1 + (fleetWide ? FLEET_DASHBOARDS : 0) + Number(sharedDashboard) },
    { item: 'alarms over all members', rate: 'queriedMetric', quantity: METRICS_READ_PER_MEMBER * members },
    ...(part === 1 ? [{ item: 'composite alarms', rate: 'compositeAlarm', quantity: COMPOSITES } as const] : []),
  ];
}
