import { Provider } from '@pulumi/aws/provider';

import type { AccountId } from '../contracts/ids';
import { deployRoleArn } from '../contracts/names';
import { resourceTags } from '../contracts/tags';
import type { ProgramInput } from './read-config';

/** Constant: a session name per rollout would change the provider, and with it every resource, each time (AWS.md E4). */
const SESSION_NAME = 'fleet';

/**
 * The explicit provider of one account in the target's region: it assumes the account's deploy role, refuses any other account, and puts
 * the complete tags on every taggable resource.
 */
export function targetProvider(name: string, input: ProgramInput, account: AccountId = input.config.account.id): Provider {
  const { config, run } = input;
  return new Provider(name, {
    region: config.region,
    assumeRoles: [{ roleArn: deployRoleArn(account, config.deployRole), sessionName: SESSION_NAME }],
    allowedAccountIds: [account],
    defaultTags: { tags: { ...resourceTags(config.tags, run.createdAt) } },
    // Tokens of the global endpoint are refused by opt-in regions.
    stsRegion: config.homeRegion,
  });
}
