import type { Organization } from '../../sandbox/organization';
import { monitoringTokens } from '../../sandbox/types/common/monitoring-tokens';
import type { World } from '../../sandbox/world';

import type { LogGroups } from './log-groups';

/** Log groups of the simulated organisation: what was deployed or kept there, and what others made. */
export function sandboxLogGroups({
  world,
  foreign,
  organizationId,
}: {
  readonly world: World;
  readonly foreign: Organization['foreign'];
  readonly organizationId: string;
}): LogGroups {
  return {
    list: async ({ account, region }, prefixes, signal) => {
      signal.throwIfAborted();
      const place = { account, region, organizationId };
      const made = world.list(monitoringTokens.logGroup, place).map(({ key }) => key);
      const others = foreign
        .filter((one) => one.on === monitoringTokens.logGroup && one.account === account && one.region === region)
        .map(({ name }) => name);
      return [...new Set([...made, ...others])].filter((name) => prefixes.some((prefix) => name.startsWith(prefix))).sort();
    },
    close: () => Promise.resolve(),
  };
}
