import { findLayer } from '../../contracts/layers';
import type { Target } from '../../contracts/target';
import type { FleetConfig } from '../config/fleet-config';

import type { Inventory } from './inventory';
import { accountReason, isUnknown } from './select-targets';

/** Why nothing can, or may, be deployed to a target any more; null: nothing that is known speaks against it. */
export type Departure = (target: Pick<Target, 'layer' | 'account' | 'region'>) => string | null;

/**
 * What the organisation itself says of a place: its account left, is closed or suspended, its region is disabled. What could not be read is
 * not absent. Pure.
 */
export function lostPlaces(inventory: Inventory): Departure {
  const accounts = new Map(inventory.accounts.map((account) => [account.id, account]));
  return ({ account: id, region }) => {
    const account = accounts.get(id);
    if (account === undefined) return `account ${id} is not in organisation ${inventory.organizationId}: it left, or was closed`;
    if (account.state !== null && account.state !== 'ACTIVE') return `account ${id} (${account.name}) is ${account.state}`;
    if (account.regions[region] === 'disabled') return `region ${region} is not enabled in account ${id} (${account.name})`;
    return null;
  };
}

/** As {@link lostPlaces}, and what fleet.yaml says of it now: moved out of the units, excluded, not the account or region of the fleet any more. Pure. */
export function departures({ config, inventory }: { readonly config: FleetConfig; readonly inventory: Inventory }): Departure {
  const lost = lostPlaces(inventory);
  const reasonOf = accountReason(config);
  const accounts = new Map(inventory.accounts.map((account) => [account.id, account]));
  return (target) => {
    const reason = lost(target);
    if (reason !== null) return reason;
    if (!config.regions.includes(target.region)) return `region ${target.region} is not in regions of fleet.yaml`;
    const placement = findLayer(target.layer)?.placement;
    if (placement === 'shared' || placement === 'monitoring') {
      const now = config.accounts[placement];
      return now === target.account ? null : `accounts.${placement} of fleet.yaml is ${now}, not ${target.account}`;
    }
    const account = accounts.get(target.account);
    const left = account === undefined ? null : reasonOf(account);
    return account === undefined || left === null || isUnknown(left) ? null : `account ${account.id} (${account.name}) ${left}`;
  };
}
