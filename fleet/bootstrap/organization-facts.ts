import {
  DescribeOrganizationCommand,
  ListAccountsCommand,
  ListRootsCommand,
  type OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

import { accountIdSchema, type AccountId } from '../../contracts/ids';
import { userError } from '../errors';
import { mapBounded } from '../discovery/bounded';
import type { InventoryAccount } from '../discovery/inventory';
import { unitReader } from '../discovery/organization-units';
import { allPages } from '../discovery/pages';

import { asked } from './asked';

/** What AWS says of the organisation and of who asks. */
export interface OrganizationFacts {
  /** Account and ARN of the credentials. */
  readonly caller: { readonly account: string; readonly arn: string };
  readonly organizationId: string;
  readonly rootId: string;
  readonly managementAccount: AccountId;
  readonly accounts: readonly Pick<InventoryAccount, 'id' | 'unit' | 'state' | 'managementAccount'>[];
}

/** Organizations answers few calls a second. */
const CONCURRENCY = 4;

/** Reads the organisation with the credentials of its management account. Rejects with an `aws/...` {@link FleetError}: nothing is guessed. */
export async function readOrganizationFacts(
  { organizations, sts }: { readonly organizations: OrganizationsClient; readonly sts: STSClient },
  signal: AbortSignal,
): Promise<OrganizationFacts> {
  const abort = { abortSignal: signal };
  const identity = await asked('sts:GetCallerIdentity', () => sts.send(new GetCallerIdentityCommand({}), abort));
  const head = await asked('organizations:DescribeOrganization', () => organizations.send(new DescribeOrganizationCommand({}), abort));
  // With consolidated billing alone there are neither tag policies nor service-managed StackSets.
  if (head.Organization?.FeatureSet !== 'ALL')
    throw userError(
      'not-all-features',
      `organisation ${head.Organization?.Id ?? ''} has feature set ${head.Organization?.FeatureSet ?? 'unknown'}: enable all features in Organizations first`,
    );
  const managementAccount = accountIdSchema.parse(head.Organization?.MasterAccountId);
  const listed = await asked('organizations:ListAccounts', () =>
    allPages(async (NextToken) => {
      const page = await organizations.send(new ListAccountsCommand({ NextToken }), abort);
      return { items: page.Accounts, next: page.NextToken };
    }),
  );
  const roots = await asked('organizations:ListRoots', () => organizations.send(new ListRootsCommand({}), abort));
  const unitOf = unitReader(organizations, signal);
  const accounts = await mapBounded(listed, CONCURRENCY, async (account) => ({
    id: accountIdSchema.parse(account.Id),
    unit: await asked(`reading the unit of account ${account.Id ?? ''}`, () => unitOf(account)),
    state: account.State ?? account.Status ?? null,
    managementAccount: account.Id === managementAccount,
  }));
  return {
    caller: { account: identity.Account ?? '', arn: identity.Arn ?? '' },
    organizationId: head.Organization?.Id ?? '',
    rootId: roots.Roots?.[0]?.Id ?? '',
    managementAccount,
    accounts,
  };
}
