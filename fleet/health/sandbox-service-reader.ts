import { SimulatedCloudWatch } from '../../sandbox/metrics/simulated-cloudwatch';
import { noteConditions, refuseInactive, type SandboxView } from '../gates/sandbox-view';

import type { ServiceReader } from './service-reader';

/** Counts orders in the sandbox's simulated metrics, in simulated seconds. They reach back to a target's last deployment. */
export function sandboxServiceReader(view: SandboxView): ServiceReader {
  return {
    read: async ({ account, region }, metrics, { windows, signal }) => {
      signal.throwIfAborted();
      const organization = noteConditions(view);
      refuseInactive(account, organization);
      const watch = new SimulatedCloudWatch({ account, region, organizationId: organization.id }, view);
      return windows.map((seconds) => {
        const [failed, slow, errors] = [metrics.failed, metrics.slow, metrics.errors].map((metric) => watch.last(metric, seconds));
        return {
          orders: failed?.data?.samples ?? 0,
          failed: failed?.data?.sum ?? 0,
          slow: slow?.data?.sum ?? 0,
          invocations: errors?.data?.samples ?? 0,
          errors: errors?.data?.sum ?? 0,
          coveredSeconds: Math.min(seconds, failed?.knownSeconds ?? 0),
        };
      });
    },
  };
}
