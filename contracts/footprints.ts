import type { Footprint, NameKind, OwnName, SharedParts } from './footprint';
import { foundationOutputsSchema } from './foundation';
import { foundationNames, observabilityNames, regionalNames } from './names';
import { observabilitySettingsSchema } from './observability';
import { regionalSettingsSchema } from './regional';
import type { TargetConfig } from './target-config';

/** Kinds of the alarms that the regional layer may make; a test holds them equal to its definitions. */
export const regionalAlarmKinds = [
  'order-failures',
  'version-failures',
  'slow-orders',
  'errors',
  'throttles',
  'oldest-message',
  'dead-letters',
  'dlq-age',
  'concurrency',
  'unreserved-concurrency',
  'heartbeat',
  'critical',
  'warning',
] as const;

const named = (kind: NameKind, ...names: readonly string[]): readonly OwnName[] => names.map((name) => ({ kind, name }));

/** What a regional target takes. Null where its config is of another version. */
export function regionalFootprint(config: TargetConfig): Footprint | null {
  const settings = regionalSettingsSchema.safeParse(config.settings);
  if (!settings.success) return null;
  const { dashboard, heartbeat, reservedConcurrency: reserved, unreservedConcurrency, eventSourceMaximum } = settings.data;
  const names = regionalNames(config.fleet, { account: config.account.id, region: config.region });
  const left: Readonly<Record<string, boolean>> = {
    heartbeat,
    'unreserved-concurrency': unreservedConcurrency !== null,
  };
  const alarms = regionalAlarmKinds.filter((kind) => left[kind] ?? true);
  return {
    names: [
      ...named('function', names.orderFunction, names.deadLetterFunction),
      ...named('queue', names.orderQueue, names.deadLetterQueue),
      ...named('table', names.ordersTable),
      ...named('bucket', names.archiveBucket),
      ...named('log group', names.orderLogGroup, names.deadLetterLogGroup),
      ...(dashboard === 'perTarget' ? named('dashboard', names.dashboard) : []),
      ...named('alarm', ...alarms.map(names.alarm)),
      ...named('role', names.orderRole, names.deadLetterRole, ...(heartbeat ? [names.schedulerRole] : [])),
    ],
    concurrency: { functionName: names.orderFunction, reserved, eventSourceMaximum },
  };
}

/** What a foundation target takes. */
export function foundationFootprint({ fleet }: TargetConfig): Footprint {
  const { topic } = foundationNames(fleet);
  return { names: named('topic', topic('critical'), topic('warning')), concurrency: null };
}

/** Topics and key of a deployed foundation, from its outputs; null where these do not tell. */
export function foundationShares(outputs: unknown): SharedParts | null {
  const parsed = foundationOutputsSchema.safeParse(outputs);
  return parsed.success ? { topics: Object.values(parsed.data.topics), keys: [parsed.data.alertKeyArn] } : null;
}

/** What an observability target takes: its dashboards. How many alarms it has the program decides. */
export function observabilityFootprint(config: TargetConfig): Footprint | null {
  const settings = observabilitySettingsSchema.safeParse(config.settings);
  if (!settings.success) return null;
  const names = observabilityNames(config.fleet, config);
  const { fleetWide, sharedDashboard } = settings.data;
  const dashboards = [
    names.regionDashboard,
    ...(fleetWide ? [names.overviewDashboard, names.accountDashboard, names.costDashboard] : []),
    ...(sharedDashboard ? [names.targetsDashboard] : []),
  ];
  return { names: named('dashboard', ...dashboards), concurrency: null };
}
