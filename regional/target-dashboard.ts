import type { RegionalNames } from '../contracts/names';
import type { RegionalSettings } from '../contracts/regional';
import { dashboardBody } from '../layer-kit/dashboard';
import { orderWidgets } from '../layer-kit/order-widgets';

/** What a target's dashboard shows. */
export interface TargetDashboardInput {
  readonly names: RegionalNames;
  readonly settings: RegionalSettings;
  readonly region: string;
}

/** Body of a target's dashboard: the eight widgets of the requirements, with the thresholds of its alarms. */
export function targetDashboard({ names, region, settings }: TargetDashboardInput): string {
  const { alarms, memoryMb } = settings;
  const capacity = settings.reservedConcurrency ?? settings.eventSourceMaximum;
  return dashboardBody(
    orderWidgets({
      names,
      region,
      account: null,
      memoryMb,
      thresholds: {
        errorRatePercent: alarms.errorRatePercent,
        slowOrderPercent: alarms.slowOrderPercent,
        concurrency: (capacity * alarms.concurrencyPercent) / 100,
      },
    }),
  );
}
