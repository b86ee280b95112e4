import type { Region } from '../../contracts/ids';
import { knownRegions } from '../../contracts/regions';
import { regionStates, type Account, type Organization } from '../../sandbox/organization';

import { makeInventory, type Inventory, type InventoryAccount, type RegionStatus } from './inventory';

/** What an inventory of a file is taken with. */
export interface RecordedSourceOptions {
  readonly source: 'recorded' | 'sandbox';
  /** The fleet's regions: only these enter the inventory. */
  readonly regions: readonly Region[];
  readonly takenAt: Date;
}

/** The inventory that an organization.yaml describes. Nothing in it is unknown. */
export function recordedInventory(organization: Organization, options: RecordedSourceOptions): Inventory {
  return makeInventory({
    organizationId: organization.id,
    source: options.source,
    takenAt: options.takenAt,
    accounts: organization.accounts.map((account) =>
      recordedAccount(account, { regions: options.regions, managementAccount: account.id === organization.managementAccount }),
    ),
  });
}

function recordedAccount(
  account: Account,
  { regions, managementAccount }: { readonly regions: readonly Region[]; readonly managementAccount: boolean },
): InventoryAccount {
  const statuses = regions.map((region) => [region, statusOf(account, region)] as const);
  const limits = statuses.flatMap(([region, status]) => (status === 'enabled' ? [[region, account.lambdaConcurrency] as const] : []));
  return {
    id: account.id,
    name: account.name,
    email: account.email,
    unit: account.unit,
    state: account.state,
    tags: account.tags,
    regions: Object.fromEntries(statuses),
    lambdaConcurrency: Object.fromEntries(limits),
    managementAccount,
  };
}

function statusOf(account: Account, region: Region): RegionStatus {
  const stated = account.regions[region];
  if (stated !== undefined) return isUsable(stated) ? 'enabled' : 'disabled';
  return knownRegions.get(region) === 'default' ? 'enabled' : 'disabled';
}

/** Whether a state of a region is one that AWS had when this was written: of a later one nobody knows what it means. */
export function isKnown(state: string): boolean {
  return (regionStates as readonly string[]).includes(state);
}

/** The states in which AWS lets a region be used; while one is being enabled or disabled, calls still fail. */
export function isUsable(state: string): boolean {
  return state === 'ENABLED' || state === 'ENABLED_BY_DEFAULT';
}
