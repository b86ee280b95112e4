import type { FleetClientsOptions } from '../aws/account-clients';
import { readClients } from '../preflight/aws-preflight-clients';

import { awsDeployed } from './aws-deployed';
import { orderClients } from './aws-order-clients';
import { awsOrders } from './aws-orders';
import type { DeployedSource } from './deployed-source';

/** Seconds between two looks: metrics come by the minute, orders by the second. */
const POLL_SECONDS = 5;

/** What stands in AWS, asked with the credentials of the environment. Nothing is asked before the first call. Loads the AWS SDK: import it late. */
export function openAwsDeployed(options: FleetClientsOptions): DeployedSource {
  const orders = orderClients(options);
  const deployed = awsDeployed(readClients(options));
  return {
    pollSeconds: POLL_SECONDS,
    ...deployed,
    ...awsOrders(orders, options.clock),
    close: async () => {
      orders.close();
      await deployed.close();
    },
  };
}
