import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { STSClient } from '@aws-sdk/client-sts';

import type { Region } from '../../contracts/ids';
import type { Target } from '../../contracts/target';
import type { Clock } from '../ports';

import { AccountSessions } from '../aws/account-sessions';

/** CloudWatch of each target, asked with a role of its account. */
export interface CloudWatchClients {
  readonly at: (place: Pick<Target, 'account' | 'region'>) => CloudWatchClient;
  readonly close: () => void;
}

/** How CloudWatch is reached. */
export interface CloudWatchClientsOptions {
  /** Where roles are assumed. */
  readonly homeRegion: Region;
  /** Role that reads, by path and name below `role/`. @default fleet/preview */
  readonly role?: string;
  readonly clock: Clock;
  /** Keys that assume the role. @default those of the environment */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Address that answers for every service instead of AWS, as an emulator does. */
  readonly endpoint?: string;
  /** Times one request is sent before its failure counts. @default 5 */
  readonly maxAttempts?: number;
  /** Milliseconds that one request may take. @default 15000 */
  readonly requestTimeoutMs?: number;
}

const CONNECT_MS = 5000;

/** One client per account and region, one session per account. */
export function createCloudWatchClients(options: CloudWatchClientsOptions): CloudWatchClients {
  const timeout = options.requestTimeoutMs ?? 15_000;
  const common = {
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    // Adaptive mode slows all calls of a client down when AWS throttles one.
    retryMode: 'adaptive',
    maxAttempts: options.maxAttempts ?? 5,
    // The SDK waits without end unless told otherwise: for headers (it would only warn), and for a body that stalls.
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: timeout, throwOnRequestTimeout: true, socketTimeout: timeout },
  };
  const keys = options.credentials === undefined ? {} : { credentials: options.credentials };
  const sts = new STSClient({ region: options.homeRegion, ...common, ...keys });
  const sessions = new AccountSessions({ sts, role: options.role ?? 'fleet/preview', sessionName: 'fleet-gates', clock: options.clock });
  const clients = new Map<string, CloudWatchClient>();
  return {
    at: ({ account, region }) => {
      const place = `${account}/${region}`;
      const client = clients.get(place) ?? new CloudWatchClient({ region, ...common, credentials: () => sessions.of(account) });
      clients.set(place, client);
      return client;
    },
    close: () => {
      sts.destroy();
      clients.forEach((client) => client.destroy());
      clients.clear();
    },
  };
}
