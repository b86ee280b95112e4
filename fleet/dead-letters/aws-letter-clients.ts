import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

import { fleetRoles } from '../../contracts/names';
import { accountClients, type AccountClients, type FleetClientsOptions } from '../aws/account-clients';

/** Archive and queue of a target, asked with a role of its account. */
export interface LetterClients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  /** Ends the connections of both. */
  readonly destroy: () => void;
}

/** How AWS is reached. */
export interface AwsLetterClientsOptions extends FleetClientsOptions {
  /** Role that reads archives and sends orders, by path and name below `role/`. @default the fleet's role that operates */
  readonly role?: string;
}

/** Clients by account and region, one session an account. */
export function awsLetterClients(options: AwsLetterClientsOptions): AccountClients<LetterClients> {
  const { role = fleetRoles(options.deployRole).operate } = options;
  return accountClients(
    (settings): LetterClients => {
      const s3 = new S3Client(settings);
      // Otherwise the host of the queue's URL is asked, past an endpoint that the environment names.
      const sqs = new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
      return {
        s3,
        sqs,
        destroy: () => {
          s3.destroy();
          sqs.destroy();
        },
      };
    },
    { ...options, role, sessionName: 'fleet-dlq' },
  );
}
