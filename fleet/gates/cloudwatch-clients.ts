import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';

import { accountClients, type AccountClients, type AccountClientsOptions } from '../aws/account-clients';

/** CloudWatch of each target, asked with a role of its account. */
export type CloudWatchClients = AccountClients<CloudWatchClient>;

/** How CloudWatch is reached. */
export interface CloudWatchClientsOptions extends AccountClientsOptions {
  /** Role that reads, by path and name below `role/`. @default fleet/preview */
  readonly role?: string;
}

/** One client per account and region, one session per account. */
export function createCloudWatchClients({ role = 'fleet/preview', ...options }: CloudWatchClientsOptions): CloudWatchClients {
  return accountClients((settings) => new CloudWatchClient(settings), { ...options, role, sessionName: 'fleet-gates' });
}
