import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

import type { AccountId, Region } from '../../contracts/ids';
import { targetAt } from '../../contracts/target';
import { confirmAccount } from '../engine/pulumi/confirm-account';
import { FleetError, messageOf } from '../errors';
import type { Clock } from '../ports';
import { s3ErrorName } from '../state/s3-error';

/** Whose credentials these are. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
}

/** What AWS is asked. */
export interface AwsDoor {
  /** Whose the credentials of the environment are. Rejects with `aws/<name>`, after 10 s at the latest. */
  caller(): Promise<Caller>;
  /** Rejects with `aws/<name>` or `aws/wrong-account` unless the deploy role of an account can be assumed and leads into it. */
  confirm(account: AccountId): Promise<void>;
}

/** How AWS is reached. */
export interface AwsDoorOptions {
  readonly homeRegion: Region;
  /** Role path and name, as `fleet/deploy`. */
  readonly deployRole: string;
  readonly clock: Clock;
  /** Keys in place of those of the environment. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Address that answers instead of AWS, as an emulator does. */
  readonly endpoint?: string;
}

const CALLER_SECONDS = 10;
const ROLE_SECONDS = 30;

/** AWS with the credentials of the environment. */
export function openAwsDoor({ homeRegion, deployRole, clock, ...more }: AwsDoorOptions): AwsDoor {
  const confirm = confirmAccount({ homeRegion, role: deployRole, clock, ...more });
  return {
    caller: () => within(CALLER_SECONDS, { clock, work: () => callerOf(homeRegion, more) }),
    confirm: (account) =>
      within(ROLE_SECONDS, { clock, work: () => confirm(targetAt({ layer: 'foundation', account, region: homeRegion })) }),
  };
}

async function callerOf(region: Region, more: Pick<AwsDoorOptions, 'credentials' | 'endpoint'>): Promise<Caller> {
  const sts = new STSClient({ region, maxAttempts: 2, ...more });
  try {
    const { Account: account, Arn: arn } = await sts.send(new GetCallerIdentityCommand({}));
    if (account === undefined || arn === undefined) throw new Error('the answer names no account');
    return { account, arn };
  } catch (cause) {
    throw awsError(cause);
  } finally {
    sts.destroy();
  }
}

function awsError(cause: unknown): FleetError {
  const said = messageOf(cause).split('\n')[0] ?? '';
  const name = s3ErrorName(cause);
  return new FleetError(`aws/${name}`, `sts:GetCallerIdentity failed: ${said === '' ? name : said}`, { cause });
}

/** The SDK's own limits are on requests: looking for credentials has none, and may wait for an address that nobody has. */
async function within<Result>(
  seconds: number,
  { clock, work }: { readonly clock: Clock; readonly work: () => Promise<Result> },
): Promise<Result> {
  const over = new AbortController();
  const late = clock.sleep(seconds * 1000, over.signal).then((): never => {
    throw awsError(Object.assign(new Error(`no answer within ${seconds} s`), { name: 'TimeoutError' }));
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    late.catch(() => undefined);
    over.abort();
  }
}
