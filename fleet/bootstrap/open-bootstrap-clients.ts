import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';

import type { AccountId, Region } from '../../contracts/ids';
import { AccountSessions } from '../aws/account-sessions';
import type { Clock } from '../ports';
import { createS3Client } from '../state/s3-client';

/** AWS as the preparation asks it. */
export interface BootstrapClients {
  readonly organizations: OrganizationsClient;
  /** In the management account, at home, where its StackSet is. */
  readonly cloudformation: CloudFormationClient;
  readonly sts: STSClient;
  /** S3 in the shared-services account, by the role that may make the state store. */
  readonly sharedS3: () => Promise<S3Client>;
  /** What the state store is taken away with, by the same role. */
  readonly sharedState: () => Promise<{ readonly s3: S3Client; readonly kms: KMSClient }>;
}

/** What the clients are made for. */
export interface BootstrapClientsOptions {
  readonly homeRegion: Region;
  readonly shared: AccountId;
  readonly bootstrapRole: string;
  readonly clock: Clock;
}

/** Organizations has one endpoint for the whole partition. */
const GLOBAL_ENDPOINT_REGION = 'us-east-1';

const PATIENT = { retryMode: 'adaptive', maxAttempts: 10 } as const;

/** Clients with the credentials and the addresses of the environment; nothing is asked yet. */
export function openBootstrapClients({ homeRegion, shared, bootstrapRole: role, clock }: BootstrapClientsOptions): BootstrapClients {
  const sts = new STSClient({ region: homeRegion, ...PATIENT });
  const sessions = new AccountSessions({ sts, role, sessionName: 'fleet', clock });
  const s3 = async () => createS3Client({ region: homeRegion, credentials: await sessions.of(shared) });
  return {
    organizations: new OrganizationsClient({ region: GLOBAL_ENDPOINT_REGION, ...PATIENT }),
    cloudformation: new CloudFormationClient({ region: homeRegion, ...PATIENT }),
    sts,
    sharedS3: s3,
    sharedState: async () => ({
      s3: await s3(),
      kms: new KMSClient({ region: homeRegion, credentials: await sessions.of(shared), ...PATIENT }),
    }),
  };
}
