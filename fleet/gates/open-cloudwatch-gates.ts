import type { Gates } from '../ports';

import { createCloudWatchClients, type CloudWatchClientsOptions } from './cloudwatch-clients';
import { cloudwatchReader } from './cloudwatch-reader';
import { createGates, type GatesOptions } from './gates';

/** Seconds between two questions: alarms are evaluated once a minute. */
const INTERVAL_SECONDS = 30;

/** How gates ask AWS; what is left out has the gates' usual value. */
export type CloudWatchGatesOptions = CloudWatchClientsOptions & Partial<Omit<GatesOptions, 'clock'>>;

/** Gates over CloudWatch with the credentials of the environment. Nothing is asked before the first question. Loads the AWS SDK: import it late. */
export function openCloudWatchGates(options: CloudWatchGatesOptions): Gates {
  const reader = cloudwatchReader(createCloudWatchClients(options), options);
  return createGates(reader, {
    clock: options.clock,
    intervalSeconds: options.intervalSeconds ?? INTERVAL_SECONDS,
    retrySeconds: options.retrySeconds ?? 10,
    attempts: options.attempts ?? 5,
    concurrency: options.concurrency ?? 20,
  });
}
