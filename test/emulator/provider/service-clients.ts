import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** Keys of a session, or long-lived ones. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** One client a service, all with the same keys in the same region. */
export interface ServiceClients {
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly scheduler: SchedulerClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
}

/** Where AWS is: real, or an emulator at an address; and whose keys assume roles. */
export interface AwsAt {
  /** @default AWS itself */
  readonly endpoint?: string;
  /** @default those of the environment */
  readonly credentials?: Keys;
}

/** Clients of a place, with these keys. */
export function serviceClients({ endpoint, credentials, region }: AwsAt & { readonly region: string }): ServiceClients {
  const common = { region, ...(endpoint !== undefined && { endpoint }), ...(credentials && { credentials }) };
  return {
    cloudwatch: new CloudWatchClient(common),
    dynamodb: new DynamoDBClient(common),
    iam: new IAMClient(common),
    kms: new KMSClient(common),
    lambda: new LambdaClient(common),
    logs: new CloudWatchLogsClient(common),
    s3: new S3Client({ ...common, forcePathStyle: endpoint !== undefined }),
    scheduler: new SchedulerClient(common),
    sns: new SNSClient(common),
    sqs: new SQSClient(common),
  };
}

/** Clients with a session of a role, and the account that the session leads into. */
export async function assumedClients(
  roleArn: string,
  { region, ...at }: AwsAt & { readonly region: string },
): Promise<{ readonly clients: ServiceClients; readonly account: string }> {
  const { endpoint, credentials } = at;
  const common = { region, ...(endpoint !== undefined && { endpoint }) };
  const sts = new STSClient({ ...common, ...(credentials && { credentials }) });
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'fleet' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const { Account = '' } = await new STSClient({ ...common, credentials: keys }).send(new GetCallerIdentityCommand({}));
  return { clients: serviceClients({ ...common, credentials: keys }), account: Account };
}
