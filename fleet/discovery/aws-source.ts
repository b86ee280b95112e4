import { ListRegionsCommand } from '@aws-sdk/client-account';
import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListTagsForResourceCommand,
  type Account as AwsAccount,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';

import { accountIdSchema, type AccountId, type Region } from '../../contracts/ids';
import { deployRoleArn } from '../../contracts/names';
import type { Tags } from '../../contracts/tags';
import { FleetError, messageOf } from '../errors';

import type { AwsClients, SessionCredentials } from './aws-clients';
import { mapBounded } from './bounded';
import { makeInventory, type Discovery, type DiscoveryWarning, type InventoryAccount, type RegionStatus } from './inventory';
import { unitReader, type UnitReader } from './organization-units';
import { allPages } from './pages';
import { isKnown, isUsable } from './recorded-source';

/** Under Account Management's 5 calls a second. */
const DEFAULT_CONCURRENCY = 4;

/** How an organisation is read from AWS. */
export interface AwsSourceOptions {
  readonly clients: AwsClients;
  /** The fleet's regions: only these are looked at. */
  readonly regions: readonly Region[];
  /** Role that reads in member accounts, by path and name below `role/`. */
  readonly previewRole: string;
  /** Whose Lambda limits are wanted, as each takes a session in the account. @default every ACTIVE account but the management account */
  readonly needsLimits?: (account: Omit<InventoryAccount, 'lambdaConcurrency'>) => boolean;
  /** Accounts read at once. @default 4 */
  readonly concurrency?: number;
  readonly takenAt: Date;
  readonly signal: AbortSignal;
}

/**
 * Takes an inventory of the organisation whose management or delegated administrator account the credentials are of. What cannot be read of
 * an account is unknown and warned about. Throws an `aws/...` {@link FleetError} where the organisation itself cannot be read.
 */
export async function discoverAws(options: AwsSourceOptions): Promise<Discovery> {
  const { organizations, sts } = options.clients;
  const abort = { abortSignal: options.signal };
  const head = await required('organizations:DescribeOrganization', () => organizations.send(new DescribeOrganizationCommand({}), abort));
  const caller = await required('sts:GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({}), abort));
  const listed = await required('organizations:ListAccounts', () =>
    allPages(async (NextToken) => {
      const page = await organizations.send(new ListAccountsCommand({ NextToken }), abort);
      return { items: page.Accounts, next: page.NextToken };
    }),
  );
  const warnings: DiscoveryWarning[] = [];
  const reader = new AccountReader({
    options,
    caller: caller.Account,
    management: head.Organization?.MasterAccountId,
    units: unitReader(organizations, options.signal),
    warn: (account, message) => warnings.push({ account, message }),
  });
  const accounts = await mapBounded(listed, options.concurrency ?? DEFAULT_CONCURRENCY, (account) => reader.read(account));
  const inventory = makeInventory({ organizationId: head.Organization?.Id ?? '', source: 'aws', accounts, takenAt: options.takenAt });
  return { inventory, warnings: warnings.sort((left, right) => compare(left.account, right.account)) };
}

interface ReaderParts {
  readonly options: AwsSourceOptions;
  readonly caller: string | undefined;
  readonly management: string | undefined;
  readonly units: UnitReader;
  readonly warn: (account: AccountId, message: string) => void;
}

/** Reads one account after another; whatever fails is unknown. */
class AccountReader {
  readonly #parts: ReaderParts;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  async read(listed: AwsAccount): Promise<InventoryAccount> {
    this.#parts.options.signal.throwIfAborted();
    const id = accountIdSchema.parse(listed.Id);
    // AWS retires Status in favour of State, which knows more; an account without both is not taken for an active one.
    const state = listed.State ?? listed.Status ?? null;
    if (state === null) this.#parts.warn(id, 'organizations:ListAccounts gave neither State nor Status');
    const active = state === 'ACTIVE';
    const account = {
      id,
      name: listed.Name ?? '',
      email: listed.Email ?? '',
      unit: await this.#orNull(id, 'its unit', () => this.#parts.units(listed)),
      state,
      tags: await this.#orNull(id, 'organizations:ListTagsForResource', () => this.#tags(id)),
      regions: active ? await this.#regions(id) : this.#unknownRegions(),
      managementAccount: id === this.#parts.management,
    };
    return { ...account, lambdaConcurrency: await this.#limits(account) };
  }

  async #tags(id: AccountId): Promise<Tags> {
    const { clients, signal } = this.#parts.options;
    const tags = await allPages(async (NextToken) => {
      const page = await clients.organizations.send(new ListTagsForResourceCommand({ ResourceId: id, NextToken }), { abortSignal: signal });
      return { items: page.Tags, next: page.NextToken };
    });
    return Object.fromEntries(tags.map((tag) => [tag.Key ?? '', tag.Value ?? '']));
  }

  async #regions(id: AccountId): Promise<InventoryAccount['regions']> {
    const states = await this.#orNull(id, 'account:ListRegions', () => this.#regionStates(id));
    if (states === null) return this.#unknownRegions();
    const status = (region: Region): RegionStatus => {
      const state = states.get(region);
      if (state === undefined) this.#parts.warn(id, `account:ListRegions does not mention ${region}`);
      else if (!isKnown(state)) this.#parts.warn(id, `account:ListRegions calls ${region} ${state}, which this fleet does not know`);
      return state === undefined || !isKnown(state) ? 'unknown' : isUsable(state) ? 'enabled' : 'disabled';
    };
    return Object.fromEntries(this.#parts.options.regions.map((region) => [region, status(region)]));
  }

  async #regionStates(id: AccountId): Promise<ReadonlyMap<string, string>> {
    const { clients, signal } = this.#parts.options;
    // An account may not name itself, and the management account cannot be asked about by another.
    if (id === this.#parts.management && id !== this.#parts.caller) throw new Error('the management account can only ask about itself');
    const of = id === this.#parts.caller ? {} : { AccountId: id };
    const regions = await allPages(async (NextToken) => {
      const page = await clients.account.send(new ListRegionsCommand({ ...of, NextToken, MaxResults: 50 }), { abortSignal: signal });
      return { items: page.Regions, next: page.NextToken };
    });
    return new Map(regions.map((region) => [region.RegionName ?? '', region.RegionOptStatus ?? '']));
  }

  #unknownRegions(): InventoryAccount['regions'] {
    return Object.fromEntries(this.#parts.options.regions.map((region) => [region, 'unknown' as const]));
  }

  async #limits(account: Omit<InventoryAccount, 'lambdaConcurrency'>): Promise<InventoryAccount['lambdaConcurrency']> {
    const { options } = this.#parts;
    const wanted = !account.managementAccount && account.state === 'ACTIVE' && (options.needsLimits?.(account) ?? true);
    if (!wanted) return {};
    const regions = options.regions.filter((region) => account.regions[region] !== 'disabled');
    const canAsk = regions.some((region) => account.regions[region] === 'enabled');
    const credentials = canAsk ? await this.#orNull(account.id, 'sts:AssumeRole', () => this.#assumeRole(account.id)) : null;
    const limits = await mapBounded(regions, options.concurrency ?? DEFAULT_CONCURRENCY, async (region) => {
      if (credentials === null || account.regions[region] !== 'enabled') return [region, null] as const;
      const limit = await this.#orNull(account.id, `lambda:GetAccountSettings in ${region}`, () => this.#limit(region, credentials));
      return [region, limit] as const;
    });
    return Object.fromEntries(limits);
  }

  /** One session per account, shared by its regions. */
  async #assumeRole(id: AccountId): Promise<SessionCredentials> {
    const { clients, previewRole, signal } = this.#parts.options;
    const RoleArn = deployRoleArn(id, previewRole);
    const answer = await clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'fleet-discovery' }), { abortSignal: signal });
    const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error(`${RoleArn} gave no credentials`);
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  }

  async #limit(region: Region, credentials: SessionCredentials): Promise<number> {
    const { clients, signal } = this.#parts.options;
    const lambda = clients.lambda(region, credentials);
    try {
      const settings = await lambda.send(new GetAccountSettingsCommand({}), { abortSignal: signal });
      const limit = settings.AccountLimit?.ConcurrentExecutions;
      if (limit === undefined) throw new Error('the answer has no ConcurrentExecutions');
      return limit;
    } finally {
      lambda.destroy();
    }
  }

  async #orNull<Value>(account: AccountId, what: string, read: () => Promise<Value>): Promise<Value | null> {
    try {
      return await read();
    } catch (error) {
      // Being told to stop is no reason to go on with less.
      this.#parts.options.signal.throwIfAborted();
      this.#parts.warn(account, `${what} failed: ${messageOf(error)}`);
      return null;
    }
  }
}

async function required<Value>(what: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    const name = (cause as { readonly name?: string } | null)?.name ?? 'Error';
    throw new FleetError(
      `aws/${name}`,
      `${what} failed: ${messageOf(cause)}; run with credentials of the management account or a delegated administrator`,
      { cause },
    );
  }
}

function compare(left: string | null, right: string | null): number {
  return (left ?? '') < (right ?? '') ? -1 : left === right ? 0 : 1;
}
