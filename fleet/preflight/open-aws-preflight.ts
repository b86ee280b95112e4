import { STSClient } from '@aws-sdk/client-sts';

import { accountClients, type AccountClientsOptions } from '../aws/account-clients';

import { awsPreflight } from './aws-preflight';
import { readClients } from './aws-preflight-clients';
import type { PreflightSource } from './preflight-source';

/** How AWS is reached. */
export interface AwsPreflightOptions extends AccountClientsOptions {
  /** Role that deploys, by path and name below `role/`. */
  readonly deployRole: string;
}

/** What AWS has, asked with the credentials of the environment. Nothing is asked before the first call. Loads the AWS SDK: import it late. */
export function openAwsPreflight({ deployRole, ...options }: AwsPreflightOptions): PreflightSource {
  const deployers = accountClients((settings) => new STSClient(settings), {
    ...options,
    role: deployRole,
    sessionName: 'fleet-preflight',
  });
  return awsPreflight({ clients: readClients(options), deployers, deployRole });
}
