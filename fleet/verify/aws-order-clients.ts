import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';

import { fleetRoles } from '../../contracts/names';
import { accountClients, type AccountClients, type FleetClientsOptions } from '../aws/account-clients';

/** The services of one account and region that a synthetic order passes. */
export interface OrderClients {
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  /** Ends the connections of all. */
  readonly destroy: () => void;
}

/** Clients of the role that sends orders and follows them, by account and region, one session an account. */
export function orderClients(options: FleetClientsOptions): AccountClients<OrderClients> {
  return accountClients(
    (settings): OrderClients => {
      const clients = {
        cloudwatch: new CloudWatchClient(settings),
        dynamodb: new DynamoDBClient(settings),
        // Otherwise the host of the queue's URL is asked, past an endpoint that the environment names.
        sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
      };
      return { ...clients, destroy: () => Object.values(clients).forEach((client) => client.destroy()) };
    },
    { ...options, role: fleetRoles(options.deployRole).operate, sessionName: 'fleet-verify' },
  );
}
