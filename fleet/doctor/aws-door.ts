import { STSClient } from '@aws-sdk/client-sts';

import type { AccountId, Region } from '../../contracts/ids';
import { targetAt } from '../../contracts/target';
import { callerError, callerIdentity, type Caller } from '../aws/caller-identity';
import { confirmAccount } from '../engine/pulumi/confirm-account';
import type { Clock } from '../ports';

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
    caller: () =>
      within(CALLER_SECONDS, { clock, work: () => callerIdentity(new STSClient({ region: homeRegion, maxAttempts: 2, ...more })) }),
    confirm: (account) =>
      within(ROLE_SECONDS, { clock, work: () => confirm(targetAt({ layer: 'foundation', account, region: homeRegion })) }),
  };
}

/** The SDK's own limits are on requests: looking for credentials has none, and may wait for an address that nobody has. */
async function within<Result>(
  seconds: number,
  { clock, work }: { readonly clock: Clock; readonly work: () => Promise<Result> },
): Promise<Result> {
  const over = new AbortController();
  const late = clock.sleep(seconds * 1000, over.signal).then((): never => {
    throw callerError(Object.assign(new Error(`no answer within ${seconds} s`), { name: 'TimeoutError' }));
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    late.catch(() => undefined);
    over.abort();
  }
}
