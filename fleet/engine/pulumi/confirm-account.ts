import { STSClient } from '@aws-sdk/client-sts';

import type { AccountId, Region } from '../../../contracts/ids';
import { deployRoleArn } from '../../../contracts/names';
import type { Target } from '../../../contracts/target';
import { AccountSessions } from '../../aws/account-sessions';
import { callerIdentity } from '../../aws/caller-identity';
import { FleetError } from '../../errors';
import type { Clock } from '../../ports';

/** How accounts are confirmed. */
export interface ConfirmAccountOptions {
  /** Where roles are assumed. */
  readonly homeRegion: Region;
  /** Role path and name below `role/`, as `fleet/deploy`. */
  readonly role: string;
  readonly clock: Clock;
  /** Keys that assume the role. @default those of the environment */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Address that answers instead of AWS, as an emulator does. */
  readonly endpoint?: string;
}

/** A provider with credentials that have ended waits for minutes; this call does not. */
const LIMIT = { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true, socketTimeout: 10_000 };

/**
 * Asks, before a target is deployed, whose account its deploy role leads into; once an account and session. Rejects with AWS's own error, or
 * `aws/wrong-account`.
 */
export function confirmAccount(options: ConfirmAccountOptions): (target: Target) => Promise<void> {
  const { homeRegion: region, role, clock, credentials, endpoint } = options;
  const common = { region, requestHandler: LIMIT, maxAttempts: 3, ...(endpoint !== undefined && { endpoint }) };
  const sessions = new AccountSessions({
    sts: new STSClient({ ...common, ...(credentials && { credentials }) }),
    role,
    sessionName: 'fleet',
    clock,
  });
  const confirmed = new Map<AccountId, string>();
  return async ({ account }) => {
    const session = await sessions.of(account);
    if (confirmed.get(account) === session.sessionToken) return;
    const { account: found } = await callerIdentity(new STSClient({ ...common, credentials: session }));
    const arn = deployRoleArn(account, role);
    if (found !== account)
      throw new FleetError(
        'aws/wrong-account',
        `${arn} leads into account ${found}, not ${account}: nothing was deployed; see who owns that role`,
      );
    confirmed.set(account, session.sessionToken);
  };
}
