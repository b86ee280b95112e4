import type { AccountId, Region } from '../../contracts/ids';
import type { FleetConfig } from '../config/fleet-config';
import { unitMatcher, unitTreeMatcher } from '../config/unit-matcher';
import { userProblems, type Problem } from '../errors';

import type { Inventory, InventoryAccount } from './inventory';

/** An account x region that workloads run in. */
export interface WorkloadPlace {
  readonly account: InventoryAccount;
  readonly region: Region;
}

/** What is not deployed to, and why. */
export interface Exclusion {
  readonly account: AccountId;
  /** Null: the whole account. */
  readonly region: Region | null;
  readonly reason: string;
}

/** Where the fleet stands in an organisation. */
export interface SelectedPlaces {
  /** In the order of the configured regions, then by account id. */
  readonly workloads: readonly WorkloadPlace[];
  readonly shared: InventoryAccount;
  readonly monitoring: InventoryAccount;
  readonly excluded: readonly Exclusion[];
}

/** What is selected from. */
export interface SelectPlacesInput {
  readonly config: FleetConfig;
  readonly inventory: Inventory;
}

/**
 * Decides which account x region are workloads. Pure. Throws one `user/places` {@link FleetError} where the shared or monitoring account
 * cannot be used, an excluded account does not exist, or nothing is left.
 */
export function selectPlaces({ config, inventory }: SelectPlacesInput): SelectedPlaces {
  const byId = new Map(inventory.accounts.map((account) => [account.id, account]));
  const shared = byId.get(config.accounts.shared);
  const monitoring = byId.get(config.accounts.monitoring);
  const problems = [
    ...infrastructureProblems('accounts.shared', shared, config),
    ...infrastructureProblems('accounts.monitoring', monitoring, config),
    ...config.workloads.exclude.accounts
      .filter((id) => !byId.has(id))
      .map((id) => `workloads.exclude.accounts names ${id}, which is no account of organisation ${inventory.organizationId}: remove it`),
  ];
  const { workloads, excluded } = selectWorkloads(config, inventory);
  if (workloads.length === 0) problems.push(nothingLeft(config, excluded));
  if (problems.length > 0 || !shared || !monitoring)
    throw userProblems(
      'places',
      problems.map((message): Problem => ({ message })),
    );
  return { workloads, shared, monitoring, excluded };
}

function selectWorkloads(config: FleetConfig, inventory: Inventory): Pick<SelectedPlaces, 'workloads' | 'excluded'> {
  const reasonOf = accountReason(config);
  const excluded: Exclusion[] = [];
  const chosen = inventory.accounts.filter((account) => {
    const reason = reasonOf(account);
    if (reason !== null) excluded.push({ account: account.id, region: null, reason });
    return reason === null;
  });
  const workloads: WorkloadPlace[] = [];
  for (const region of config.regions) {
    for (const account of chosen) {
      const reason = regionReason(account, region);
      if (reason === null) workloads.push({ account, region });
      else excluded.push({ account: account.id, region, reason });
    }
  }
  return { workloads, excluded };
}

/** Why an account as a whole holds no workload; null when it does. */
export function accountReason(
  config: FleetConfig,
): (account: Pick<InventoryAccount, 'id' | 'unit' | 'state' | 'tags' | 'managementAccount'>) => string | null {
  const inUnits = unitMatcher(config.workloads.units);
  const inExcludedUnits = unitTreeMatcher(config.workloads.exclude.units);
  const excludedAccounts = new Set<AccountId>(config.workloads.exclude.accounts);
  return (account) => {
    if (account.managementAccount) return 'is the management account';
    if (account.id === config.accounts.shared) return 'is the shared-services account';
    if (account.id === config.accounts.monitoring) return 'is the monitoring account';
    if (account.state === null) return 'its state is unknown';
    if (account.state !== 'ACTIVE') return `is ${account.state}`;
    if (excludedAccounts.has(account.id)) return 'is in workloads.exclude.accounts';
    if (account.unit === null) return 'its unit is unknown';
    if (inExcludedUnits(account.unit)) return `unit ${account.unit} is in workloads.exclude.units`;
    if (!inUnits(account.unit))
      return account.unit === '' ? 'is at the root, in no unit' : `unit ${account.unit} is not in workloads.units`;
    // Deploying without them would move the account's cost to another cost centre until they can be read again.
    return account.tags === null ? 'its tags are unknown' : null;
  };
}

function regionReason(account: InventoryAccount, region: Region): string | null {
  const status = account.regions[region] ?? 'unknown';
  switch (status) {
    case 'enabled':
      return null;
    case 'disabled':
      return `region ${region} is not enabled in the account`;
    case 'unknown':
      return `status of region ${region} is unknown`;
    default:
      throw new Error(`unknown region status ${String(status satisfies never)}`);
  }
}

function infrastructureProblems(
  key: 'accounts.shared' | 'accounts.monitoring',
  account: InventoryAccount | undefined,
  config: FleetConfig,
): string[] {
  const id = key === 'accounts.shared' ? config.accounts.shared : config.accounts.monitoring;
  if (!account) return [`${key} is ${id}, which is no account of the organisation: correct it in fleet.yaml`];
  if (account.state !== 'ACTIVE')
    return [`${key} is ${id}, which is ${account.state ?? 'in an unknown state'}: it must be an ACTIVE account`];
  return config.regions.flatMap((region) => {
    const reason = regionReason(account, region);
    return reason === null ? [] : [`${key} is ${id}: ${reason}; opt in to it there, or remove it from regions`];
  });
}

function nothingLeft(config: FleetConfig, excluded: readonly Exclusion[]): string {
  const example = excluded.find((exclusion) => !exclusion.reason.startsWith('is the '));
  const why = example ? `; account ${example.account}: ${example.reason}` : '';
  return `no account and region is left to deploy to: check workloads (units ${config.workloads.units.join(', ')}) and regions in fleet.yaml${why}`;
}
