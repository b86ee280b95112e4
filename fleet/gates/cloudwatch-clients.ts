import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';

import { fleetRoles } from '../../contracts/names';
import { accountClients, type AccountClients, type FleetClientsOptions } from '../aws/account-clients';

/** CloudWatch of each target, asked with a role of its account. */
export type CloudWatchClients = AccountClients<CloudWatchClient>;

/** How CloudWatch is reached. */
export interface CloudWatchClientsOptions extends FleetClientsOptions {
  /** Role that reads, by path and name below `role/`. @default the fleet's role that reads */
  readonly role?: string;
}

/** One client per account and region, one session per account. */
export function createCloudWatchClients(options: CloudWatchClientsOptions): CloudWatchClients {
  const { role = fleetRoles(options.deployRole).preview } = options;
  return accountClients((settings) => new CloudWatchClient(settings), { ...options, role, sessionName: 'fleet-gates' });
}
