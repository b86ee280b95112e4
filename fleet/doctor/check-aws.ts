import type { AccountId } from '../../contracts/ids';
import { deployRoleArn } from '../../contracts/names';

import type { AwsDoor } from './aws-door';
import { failed, ok, skipped, type Check } from './check';

/** An account whose deploy role is tried, and what it is to the fleet. */
export interface SampleAccount {
  readonly what: 'shared' | 'monitoring' | 'workload';
  /** Or why no account is known. */
  readonly account: AccountId | { readonly unknown: string };
}

/** What is asked. */
export interface CheckAwsOptions {
  readonly door: AwsDoor;
  readonly deployRole: string;
  readonly accounts: readonly SampleAccount[];
}

/** Whether there are credentials, and whether they lead into a sample of the accounts; every one would take too long. */
export async function checkAws({ door, deployRole, accounts }: CheckAwsOptions): Promise<readonly Check[]> {
  const credentials = await checkCredentials(door);
  if (credentials.status === 'failed')
    return [credentials, ...accounts.map(({ what }) => skipped(`role ${what}`, 'without credentials no role can be assumed'))];
  return [credentials, ...(await Promise.all(accounts.map((sample) => checkRole(sample, { door, deployRole }))))];
}

async function checkCredentials(door: AwsDoor): Promise<Check> {
  try {
    const { account, arn } = await door.caller();
    return ok('credentials', `${arn}, of account ${account}`);
  } catch (error) {
    return failed('credentials', error);
  }
}

async function checkRole({ what, account }: SampleAccount, { door, deployRole }: Omit<CheckAwsOptions, 'accounts'>): Promise<Check> {
  const name = `role ${what}`;
  if (typeof account !== 'string') return skipped(name, account.unknown);
  try {
    await door.confirm(account);
    return ok(name, `${deployRoleArn(account, deployRole)} can be assumed`);
  } catch (error) {
    return failed(name, error);
  }
}
