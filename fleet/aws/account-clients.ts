import { STSClient } from '@aws-sdk/client-sts';

import type { Region } from '../../contracts/ids';
import type { Target } from '../../contracts/target';
import type { Clock } from '../ports';

import { AccountSessions, type AccountSession } from './account-sessions';

/** A service of each target, asked with a role of its account. */
export interface AccountClients<Client> {
  readonly at: (place: Pick<Target, 'account' | 'region'>) => Client;
  readonly close: () => void;
}

/** How a service is reached. */
export interface AccountClientsOptions {
  /** Where roles are assumed. */
  readonly homeRegion: Region;
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

/** Who asks: a role, by path and name below `role/`, under the name of a session. */
export interface AskedAs {
  readonly role: string;
  readonly sessionName: string;
}

/** What one client is made with. */
export interface ClientSettings {
  readonly region: Region;
  readonly endpoint?: string;
  readonly retryMode: string;
  readonly maxAttempts: number;
  readonly requestHandler: object;
  readonly credentials: () => Promise<AccountSession>;
}

const CONNECT_MS = 5000;

/** One client per account and region, one session per account. Nothing is asked before the first call of a client. */
export function accountClients<Client extends { destroy(): void }>(
  make: (settings: ClientSettings) => Client,
  options: AccountClientsOptions & AskedAs,
): AccountClients<Client> {
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
  const { role, sessionName, clock } = options;
  const sessions = new AccountSessions({ sts, role, sessionName, clock });
  const clients = new Map<string, Client>();
  return {
    at: ({ account, region }) => {
      const place = `${account}/${region}`;
      const client = clients.get(place) ?? make({ region, ...common, credentials: () => sessions.of(account) });
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
