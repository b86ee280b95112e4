import { STSClient } from '@aws-sdk/client-sts';

import type { Region } from '../../contracts/ids';
import type { Target } from '../../contracts/target';
import type { Clock } from '../ports';

import { AccountSessions, type AccountSession } from './account-sessions';
import { clientLimits, type ClientLimitsOptions } from './client-limits';

/** A service of each target, asked with a role of its account. */
export interface AccountClients<Client> {
  readonly at: (place: Pick<Target, 'account' | 'region'>) => Client;
  /** The role that asks, by path and name below `role/`. */
  readonly role: string;
  readonly close: () => void;
}

/** How a service is reached. */
export interface AccountClientsOptions extends ClientLimitsOptions {
  /** Where roles are assumed. */
  readonly homeRegion: Region;
  readonly clock: Clock;
  /** Keys that assume the role. @default those of the environment */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Address that answers for every service instead of AWS, as an emulator does. */
  readonly endpoint?: string;
}

/** How a service is reached with one of the fleet's own roles. */
export interface FleetClientsOptions extends AccountClientsOptions {
  /** The role that deploys, by path and name below `role/`: the others stand beside it. */
  readonly deployRole: string;
}

/** Who asks: a role, by path and name below `role/`, under the name of a session. */
export interface AskedAs {
  readonly role: string;
  readonly sessionName: string;
}

/** What one client is made with. */
export interface ClientSettings extends ReturnType<typeof clientLimits> {
  readonly region: Region;
  readonly endpoint?: string;
  readonly credentials: () => Promise<AccountSession>;
}

/** One client per account and region, one session per account. Nothing is asked before the first call of a client. */
export function accountClients<Client extends { destroy(): void }>(
  make: (settings: ClientSettings) => Client,
  options: AccountClientsOptions & AskedAs,
): AccountClients<Client> {
  const common = { ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }), ...clientLimits(options) };
  const keys = options.credentials === undefined ? {} : { credentials: options.credentials };
  const sts = new STSClient({ region: options.homeRegion, ...common, ...keys });
  const { role, sessionName, clock } = options;
  const sessions = new AccountSessions({ sts, role, sessionName, clock });
  const clients = new Map<string, Client>();
  return {
    role,
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
