import { createFoundation } from '../../../foundation/create-foundation';
import { accountIdSchema } from '../../../contracts/ids';
import { foundationSettingsSchema } from '../../../contracts/foundation';
import { targetAt } from '../../../contracts/target';
import { readConfig } from '../../../layer-kit/read-config';
import observability from '../../../observability/index';
import type { Rendering } from '../../../sandbox/recording-monitor';
import { ireland, monitoring, renderLayer, shared, workload } from '../../layer-kit/render-layer';
import { foundationId, foundationOutputs, renderRegional } from '../../regional/render-regional';

const email = { email: 'a@example.com' };
const https = { https: 'https://alerts.example.com' };

/** The three layers of a fleet with all that a fleet can have, by name: customer keys, receivers, heartbeat, dashboards of every kind. */
export async function renderFleet(fleet: string): Promise<Readonly<Record<'foundation' | 'regional' | 'observability', Rendering>>> {
  const config = { fleet };
  const foundation = await renderLayer(
    async () => createFoundation({ ...readConfig('foundation', foundationSettingsSchema), environment: {} }),
    {
      layer: 'foundation',
      account: shared,
      config,
      settings: {
        sourceAccounts: { kind: 'organisation' },
        subscriptions: { critical: [email, https], warning: [email] },
        existingSink: null,
      },
    },
  );
  const topics = { critical: topicArn(fleet, 'critical'), warning: topicArn(fleet, 'warning') };
  const stacks = { [foundationId]: { ...foundationOutputs, topics } };
  const regional = await renderRegional({ config, stacks, order: { encryption: 'customer' } });
  const member = targetAt({ layer: 'regional', account: accountIdSchema.parse(workload), region: ireland }).id;
  const views = (part: number) =>
    renderLayer(observability, {
      layer: 'observability',
      account: monitoring,
      part,
      config,
      settings: { fleetWide: part === 1, sharedDashboard: part === 1 },
      upstream: [
        { target: foundationId, accountName: 'shared' },
        { target: member, accountName: 'orders' },
      ],
      stacks: { ...stacks, [member]: regional.outputs },
    });
  // One after the other: programs share the engine's stack.
  const whole = await views(1);
  const second = await views(12);
  return { foundation, regional, observability: { ...whole, resources: [...whole.resources, ...second.resources] } };
}

function topicArn(fleet: string, severity: string): string {
  return `arn:aws:sns:${ireland}:${shared}:${fleet}-alerts-${severity}`;
}
