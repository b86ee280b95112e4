import { userError } from '../errors';
import type { HealthReader } from '../gates/health-reader';
import type { ServiceReader } from '../health/service-reader';

import type { CommandContext, OpenFleet } from './context';

/** What reads the fleet's health, without an engine. */
export interface HealthPorts {
  readonly reader: HealthReader;
  readonly service: ServiceReader;
  /** Real seconds that an alarm may take to have its first data. */
  readonly warmUpSeconds: number;
  /** Targets read at once. */
  readonly concurrency: number;
  /** Seconds between two looks where nothing is said. */
  readonly intervalSeconds: number;
  readonly close: () => Promise<void>;
}

/** The longest warm-up of an alarm (15 minutes of a heartbeat) and a window, twice. */
const WARM_UP_SECONDS = 2400;
const CONCURRENCY = 20;

/** Opens the readers that fit fleet.yaml. */
export async function openHealth({ config, store }: OpenFleet, context: CommandContext): Promise<HealthPorts> {
  const { clock } = context;
  const { organization, homeRegion, deployRole } = config;
  switch (organization.source) {
    case 'sandbox': {
      const [{ sandboxReader }, { openSandboxView }, { sandboxServiceReader }] = await Promise.all([
        import('../gates/sandbox-reader'),
        import('../gates/sandbox-view'),
        import('../health/sandbox-service-reader'),
      ]);
      const records = await store.loadRecords();
      const promoted = [...records.values()].flatMap(({ good }) => (good ? [good.fingerprint] : []));
      const view = openSandboxView({ organization: organization.path, directory: store.sandbox, clock, promoted: () => promoted });
      const reader = sandboxReader(view);
      return {
        reader,
        service: sandboxServiceReader(view),
        warmUpSeconds: WARM_UP_SECONDS / view.clock.scale,
        concurrency: CONCURRENCY,
        intervalSeconds: 5,
        close: () => reader.close(),
      };
    }
    case 'aws': {
      const [{ createCloudWatchClients }, { cloudwatchReader }, { cloudwatchServiceReader }] = await Promise.all([
        import('../gates/cloudwatch-clients'),
        import('../gates/cloudwatch-reader'),
        import('../health/cloudwatch-service-reader'),
      ]);
      const clients = createCloudWatchClients({ homeRegion, deployRole, clock });
      const reader = cloudwatchReader(clients, { clock });
      return {
        reader,
        service: cloudwatchServiceReader(clients, { clock }),
        warmUpSeconds: WARM_UP_SECONDS,
        concurrency: CONCURRENCY,
        // Alarms are evaluated once a minute.
        intervalSeconds: 30,
        close: () => reader.close(),
      };
    }
    case 'recorded':
      throw userError('engine-not-supported', `organisation source recorded has no alarms to read: it is a record of an organisation`);
    default:
      throw new Error(`unknown source ${String(organization satisfies never)}`);
  }
}
