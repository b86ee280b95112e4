import { STSClient } from '@aws-sdk/client-sts';

import { accountClients, type FleetClientsOptions } from '../aws/account-clients';

import { awsPreflight } from './aws-preflight';
import { readClients } from './aws-preflight-clients';
import type { PreflightSource } from './preflight-source';

/** What AWS has, asked with the credentials of the environment. Nothing is asked before the first call. Loads the AWS SDK: import it late. */
export function openAwsPreflight(options: FleetClientsOptions): PreflightSource {
  const { deployRole } = options;
  const deployers = accountClients((settings) => new STSClient(settings), {
    ...options,
    role: deployRole,
    sessionName: 'fleet-preflight',
  });
  return awsPreflight({ clients: readClients(options), deployers, deployRole });
}
