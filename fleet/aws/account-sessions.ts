import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';

import type { AccountId } from '../../contracts/ids';
import { deployRoleArn } from '../../contracts/names';
import type { Clock } from '../ports';

import { sdkFailure } from './sdk-error';

/** Keys of an assumed role, and when they end. */
export interface AccountSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** How sessions are made. */
export interface AccountSessionsOptions {
  readonly sts: STSClient;
  /** Role path and name below `role/`, as `fleet/preview`. */
  readonly role: string;
  readonly sessionName: string;
  readonly clock: Clock;
}

/** The SDK's own margin: it asks for new keys when old ones have less than this left. */
const REFRESH_BEFORE_MS = 5 * 60 * 1000;

/** AWS says the same of a role that is not there and of one that does not trust these credentials. */
const SEE_TO_THE_ROLE = 'see that the role is there (`fleet bootstrap` makes it in every member account) and trusts these credentials';

/** One session an account, shared by its regions and by all who ask at once, and replaced five minutes before it ends. */
export class AccountSessions {
  readonly #options: AccountSessionsOptions;
  readonly #sessions = new Map<AccountId, Promise<AccountSession>>();

  constructor(options: AccountSessionsOptions) {
    this.#options = options;
  }

  /** A session with time left. Rejects with an `aws/...` {@link FleetError} that names the role; the next call tries again. */
  async of(account: AccountId): Promise<AccountSession> {
    const kept = this.#sessions.get(account);
    if (kept !== undefined && this.#lasts(await kept)) return kept;
    // Whoever first sees the old session end asks for the new one; the others find that.
    const next = this.#sessions.get(account);
    return next === undefined || next === kept ? this.#begin(account) : next;
  }

  #lasts({ expiration }: AccountSession): boolean {
    return expiration.getTime() - this.#options.clock.now().getTime() > REFRESH_BEFORE_MS;
  }

  #begin(account: AccountId): Promise<AccountSession> {
    const session = this.#assume(account);
    this.#sessions.set(account, session);
    session.catch(() => this.#sessions.delete(account));
    return session;
  }

  async #assume(account: AccountId): Promise<AccountSession> {
    const { role, sessionName, sts } = this.#options;
    const RoleArn = deployRoleArn(account, role);
    try {
      const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: sessionName }));
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) throw new Error('the answer has no credentials');
      return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiration: Expiration };
    } catch (cause) {
      throw sdkFailure(cause, { what: `sts:AssumeRole of ${RoleArn}`, refused: SEE_TO_THE_ROLE });
    }
  }
}
