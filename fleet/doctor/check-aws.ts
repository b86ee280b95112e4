import type { AccountId } from '../../contracts/ids';
import { deployRoleArn } from '../../contracts/names';
import { isFleetError } from '../errors';

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

/** Names that AWS and its SDK give to credentials that are missing, wrong or past their time. */
const CREDENTIALS = /Credential|Token|AccessKey|ClientTokenId|Signature|TooSkewed/;

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
    const isTheirs = isFleetError(error) && CREDENTIALS.test(error.code);
    const advice = isTheirs ? 'set or renew the AWS credentials of this environment' : "see to this machine's way to AWS, and try again";
    return failed('credentials', error, advice);
  }
}

async function checkRole({ what, account }: SampleAccount, { door, deployRole }: Omit<CheckAwsOptions, 'accounts'>): Promise<Check> {
  const name = `role ${what}`;
  if (typeof account !== 'string') return skipped(name, account.unknown);
  try {
    await door.confirm(account);
    return ok(name, `${deployRoleArn(account, deployRole)} can be assumed`);
  } catch (error) {
    const saysWhatToDo = isFleetError(error) && error.code === 'aws/wrong-account';
    const advice = `see that the role is there (organization/ makes it in every member account) and trusts these credentials, or correct \`deployRole\``;
    return failed(name, error, saysWhatToDo ? null : advice);
  }
}
