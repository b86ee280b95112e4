import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';

import { fleetRoles } from '../../contracts/names';
import { accountClients, type FleetClientsOptions } from '../aws/account-clients';
import { askAt } from '../aws/ask-at';

import type { LogGroups } from './log-groups';

/** Log groups in AWS, read with the role that reads. Loads the AWS SDK: import it late. */
export function openAwsLogGroups(options: FleetClientsOptions): LogGroups {
  const clients = accountClients((settings) => new CloudWatchLogsClient(settings), {
    ...options,
    role: fleetRoles(options.deployRole).preview,
    sessionName: 'fleet-audit',
  });
  return {
    list: (target, prefixes, signal) =>
      askAt({
        operation: 'logs:DescribeLogGroups',
        at: target,
        signal,
        role: clients.role,
        call: async () => {
          const names: string[] = [];
          for (const logGroupNamePrefix of prefixes) {
            // The paginator takes no signal: what stops a run is looked at before each page.
            for await (const { logGroups = [] } of paginateDescribeLogGroups({ client: clients.at(target) }, { logGroupNamePrefix })) {
              signal.throwIfAborted();
              names.push(...logGroups.flatMap(({ logGroupName }) => logGroupName ?? []));
            }
          }
          return [...new Set(names)].sort();
        },
      }),
    close: async () => clients.close(),
  };
}
