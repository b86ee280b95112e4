import { AccountClient } from '@aws-sdk/client-account';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { STSClient } from '@aws-sdk/client-sts';

import type { Region } from '../../contracts/ids';

/** Keys of an assumed role. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The AWS services that discovery asks. */
export interface AwsClients {
  readonly organizations: OrganizationsClient;
  readonly account: AccountClient;
  readonly sts: STSClient;
  readonly lambda: (region: Region, credentials: SessionCredentials) => LambdaClient;
}

/** Organizations and Account Management have one endpoint for the whole partition. */
const GLOBAL_ENDPOINT_REGION = 'us-east-1';

// Adaptive mode slows all calls of a client down when AWS throttles one; ten attempts outlast a burst of the organisation's other tools.
const PATIENT = { retryMode: 'adaptive', maxAttempts: 10 } as const;

/** Clients with the credentials of the environment. `homeRegion` is where roles are assumed. */
export function createAwsClients(homeRegion: Region): AwsClients {
  return {
    organizations: new OrganizationsClient({ region: GLOBAL_ENDPOINT_REGION, ...PATIENT }),
    account: new AccountClient({ region: GLOBAL_ENDPOINT_REGION, ...PATIENT }),
    sts: new STSClient({ region: homeRegion, ...PATIENT }),
    lambda: (region, credentials) => new LambdaClient({ region, credentials, ...PATIENT }),
  };
}
