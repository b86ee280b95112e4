import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

import { messageOf, type FleetError } from '../errors';

import { sdkErrorName, sdkFailure } from './sdk-error';

/** Whose credentials these are. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
  /** As policies see it (`aws:userid`): of a role's session the role's unique id and the session's name. */
  readonly userId: string;
}

/** Asks whose the client's credentials are, and closes it. Rejects with `aws/<name>` and what to do. */
export async function callerIdentity(sts: STSClient): Promise<Caller> {
  try {
    const { Account: account, Arn: arn, UserId: userId = '' } = await sts.send(new GetCallerIdentityCommand({}));
    if (account === undefined || arn === undefined) throw new Error('the answer names no account');
    return { account, arn, userId };
  } catch (cause) {
    throw callerError(cause);
  } finally {
    sts.destroy();
  }
}

/** Why nobody knows whose credentials these are. */
export function callerError(cause: unknown): FleetError {
  const said = messageOf(cause).split('\n')[0] ?? '';
  // AWS lets everyone ask who they are: a refusal says by itself what is the matter.
  return sdkFailure(cause, { what: 'sts:GetCallerIdentity', said: said === '' ? sdkErrorName(cause) : said, refused: 'see what STS says' });
}
