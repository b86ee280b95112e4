import type { MetricSource } from '../dashboards/metric-source';
import type { Engine } from '../ports';

import type { CommandContext, OpenFleet } from './context';
import { closing, openEngine, openSimulated } from './open-ports';

/** What knows the deployed dashboards, and what their metrics are asked of. */
export interface DashboardPorts {
  readonly engine: Engine;
  readonly source: MetricSource;
  /** Releases what both hold. */
  readonly close: () => Promise<void>;
}

/** The engine of fleet.yaml, and the metrics where its targets are: in CloudWatch, or in the simulated organisation. */
export async function openDashboards(fleet: OpenFleet, context: CommandContext): Promise<DashboardPorts> {
  const { organization, homeRegion, deployRole } = fleet.config;
  if (organization.source === 'sandbox') {
    const { engine, ...shared } = await openSimulated(fleet, context);
    const [{ sandboxMetricSource }, { openSandboxView }] = await Promise.all([
      import('../dashboards/sandbox-metric-source'),
      import('../gates/sandbox-view'),
    ]);
    const source = sandboxMetricSource(openSandboxView(shared));
    return { engine, source, close: closing(source, engine) };
  }
  const { engine } = await openEngine(fleet, context);
  const { openCloudWatchMetrics } = await import('../dashboards/cloudwatch-metric-source');
  const source = openCloudWatchMetrics({ homeRegion, deployRole, clock: context.clock });
  return { engine, source, close: closing(source, engine) };
}
