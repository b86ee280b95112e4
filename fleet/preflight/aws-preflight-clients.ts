import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

import { fleetRoles } from '../../contracts/names';
import { accountClients, type AccountClients, type FleetClientsOptions, type ClientSettings } from '../aws/account-clients';

/** The services of one account and region that are asked what stands there. */
export interface ReadClients {
  readonly cloudwatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly dynamodb: DynamoDBClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly quotas: ServiceQuotasClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  /** Ends the connections of all. */
  readonly destroy: () => void;
}

/** Clients of the role that reads what stands, by account and region, one session an account. */
export function readClients(options: FleetClientsOptions): AccountClients<ReadClients> {
  return accountClients(clientsOf, { ...options, role: fleetRoles(options.deployRole).preview, sessionName: 'fleet-checks' });
}

function clientsOf(settings: ClientSettings): ReadClients {
  const clients = {
    cloudwatch: new CloudWatchClient(settings),
    logs: new CloudWatchLogsClient(settings),
    dynamodb: new DynamoDBClient(settings),
    iam: new IAMClient(settings),
    kms: new KMSClient(settings),
    lambda: new LambdaClient(settings),
    s3: new S3Client(settings),
    quotas: new ServiceQuotasClient(settings),
    sns: new SNSClient(settings),
    // Otherwise the host of the queue's URL is asked, past an endpoint that the environment names.
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }),
  };
  return { ...clients, destroy: () => Object.values(clients).forEach((client) => client.destroy()) };
}
