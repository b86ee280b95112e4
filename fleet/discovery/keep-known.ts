import type { Region } from '../../contracts/ids';

import {
  makeInventory,
  type Discovery,
  type DiscoveryWarning,
  type Inventory,
  type InventoryAccount,
  type RegionStatus,
} from './inventory';

/**
 * Fills what could not be read this time with what the last inventory knew: unknown is not absent, and an account that cannot be read for
 * an hour must not lose its reservation or drop out of the dashboards. Each value that was kept is said. Accounts that are gone stay known
 * as departed.
 */
export function keepKnown(discovery: Discovery, previous: Inventory | undefined): Discovery {
  if (previous?.organizationId !== discovery.inventory.organizationId) return discovery;
  const known = new Map(previous.accounts.map((account) => [account.id, account]));
  const warnings: DiscoveryWarning[] = [...discovery.warnings];
  const accounts = discovery.inventory.accounts.map((account) => {
    const last = known.get(account.id);
    if (!last) return account;
    const { filled, kept } = fill(account, last);
    if (kept.length > 0) warnings.push({ account: account.id, message: `${kept.join(', ')} kept as of ${previous.takenAt}` });
    return filled;
  });
  const { organizationId, source, takenAt } = discovery.inventory;
  const departed = [...known.keys(), ...(previous.departed ?? [])];
  return { inventory: makeInventory({ organizationId, source, accounts, departed, takenAt: new Date(takenAt) }), warnings };
}

function fill(account: InventoryAccount, last: InventoryAccount): { readonly filled: InventoryAccount; readonly kept: readonly string[] } {
  const kept: string[] = [];
  const known = <Value>(
    what: string,
    { now, then, unknown }: { readonly now: Value; readonly then: Value; readonly unknown: (value: Value) => boolean },
  ): Value => {
    if (!unknown(now) || unknown(then)) return now;
    kept.push(what);
    return then;
  };
  const isNull = (value: unknown) => value === null || value === undefined;
  const regions = Object.entries(account.regions).map(([region, status]) => [
    region,
    known<RegionStatus>(`status of ${region}`, {
      now: status ?? 'unknown',
      then: last.regions[region as Region] ?? 'unknown',
      unknown: (value) => value === 'unknown',
    }),
  ]);
  const limits = Object.entries(account.lambdaConcurrency).map(([region, limit]) => [
    region,
    known<number | null>(`Lambda limit of ${region}`, {
      now: limit ?? null,
      then: last.lambdaConcurrency[region as Region] ?? null,
      unknown: isNull,
    }),
  ]);
  const filled: InventoryAccount = {
    ...account,
    unit: known('unit', { now: account.unit, then: last.unit, unknown: isNull }),
    tags: known('tags', { now: account.tags, then: last.tags, unknown: isNull }),
    regions: Object.fromEntries(regions) as InventoryAccount['regions'],
    lambdaConcurrency: Object.fromEntries(limits) as InventoryAccount['lambdaConcurrency'],
  };
  return { filled, kept };
}
