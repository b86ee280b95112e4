import type { AccountId, Region } from '../../contracts/ids';
import type { FleetConfig } from '../config/fleet-config';
import { unitMatcher, unitTreeMatcher } from '../config/unit-matcher';
import { positionOf } from '../config/file-positions';
import { problemAt, userProblems, type Problem } from '../errors';

import { checkScope, type ScopeFindings } from './check-scope';
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
  /** What fleet.yaml names that matches nothing any more, or may match what could not be read. */
  readonly advice: readonly Problem[];
}

/** What is selected from. */
export interface SelectPlacesInput {
  readonly config: FleetConfig;
  readonly inventory: Inventory;
  /**
   * What of fleet.yaml matches nothing: who wants something rolled out is told at once, who looks at what stands or takes it away is not
   * kept from it by a line about something else.
   * @default allowed
   */
  readonly unmatched?: 'refused' | 'allowed';
}

/**
 * Decides which account x region are workloads. Pure. Throws one `user/places` {@link FleetError} where the shared or monitoring account
 * cannot be used, nothing is left, or (where that is refused) something matches nothing.
 */
export function selectPlaces({ config, inventory, unmatched = 'allowed' }: SelectPlacesInput): SelectedPlaces {
  const byId = new Map(inventory.accounts.map((account) => [account.id, account]));
  const shared = byId.get(config.accounts.shared);
  const monitoring = byId.get(config.accounts.monitoring);
  const scope: ScopeFindings = unmatched === 'refused' ? checkScope({ config, inventory }) : { refused: [], advice: [] };
  const problems: Problem[] = [
    ...infrastructureProblems('shared', shared, config),
    ...infrastructureProblems('monitoring', monitoring, config),
    ...scope.refused,
  ];
  const { workloads, excluded } = selectWorkloads(config, inventory);
  // What matches nothing says better why nothing is left.
  if (workloads.length === 0 && scope.refused.length === 0) problems.push(nothingLeft(config, excluded));
  if (problems.length > 0 || !shared || !monitoring) throw userProblems('places', problems);
  return { workloads, shared, monitoring, excluded, advice: scope.advice };
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

/** Whether a reason says that something could not be read: no word of where the account is, or what it is. */
export function isUnknown(reason: string): boolean {
  return /^its (state|unit|tags) (is|are) unknown$/.test(reason);
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
  key: 'shared' | 'monitoring',
  account: InventoryAccount | undefined,
  config: FleetConfig,
): readonly Problem[] {
  const id = config.accounts[key];
  const problem = (message: string) => problemAt(`accounts.${key} is ${id}${message}`, positionOf(config.positions, ['accounts', key]));
  if (!account) return [problem(', which is no account of the organisation: correct it in fleet.yaml')];
  if (account.state !== 'ACTIVE') return [problem(`, which is ${account.state ?? 'in an unknown state'}: it must be an ACTIVE account`)];
  return config.regions.flatMap((region) => {
    const reason = regionReason(account, region);
    return reason === null ? [] : [problem(`: ${reason}; opt in to it there, or remove it from regions`)];
  });
}

function nothingLeft(config: FleetConfig, excluded: readonly Exclusion[]): Problem {
  const example = excluded.find((exclusion) => !exclusion.reason.startsWith('is the '));
  const why = example ? `; account ${example.account}: ${example.reason}` : '';
  const message = `no account and region is left to deploy to: check workloads (units ${config.workloads.units.join(', ')}) and regions in fleet.yaml${why}`;
  return problemAt(message, positionOf(config.positions, ['workloads']));
}
