import { layers } from '../../contracts/layers';
import { targetAt, targetSchema, type Target, type TargetId } from '../../contracts/target';
import type { Region } from '../../contracts/ids';
import type { FleetConfig } from '../config/fleet-config';
import type { Inventory } from '../discovery/inventory';
import { selectPlaces } from '../discovery/select-targets';
import { messageOf } from '../errors';
import type { TargetRecords } from '../plan/target-record';

import type { KnownPlace } from './survey-health';

/** Every target that the matrix has. */
export interface KnownPlaces {
  readonly places: readonly KnownPlace[];
  readonly regions: readonly Region[];
  /** What may be missing among them, and why. */
  readonly notes: readonly string[];
}

/**
 * Targets with a health: those that fleet.yaml and the last inventory name, and those that the records know to be deployed. Pure, never
 * throws: who is on call gets what is known, and is told what is not.
 */
export function knownPlaces({
  config,
  inventory,
  records,
}: {
  readonly config: FleetConfig;
  readonly inventory: Inventory | undefined;
  readonly records: TargetRecords;
}): KnownPlaces {
  const notes: string[] = [];
  const places = new Map<TargetId, KnownPlace>();
  const add = (target: Target, accountName: string) => places.set(target.id, { target, accountName, record: records.get(target.id) });
  const withHealth = layers.filter(({ signals }) => signals !== null);
  const isOfHealth = ({ layer }: Target) => withHealth.some(({ name }) => name === layer);

  for (const { target: id, current } of records.values()) {
    const target = targetSchema.parse(id);
    if (current !== null && isOfHealth(target)) add(target, current.config.account.name);
  }
  if (inventory === undefined)
    notes.push('there is no inventory yet: targets that were never deployed are not shown (fleet discover takes one)');
  else {
    try {
      const { workloads, shared, monitoring } = selectPlaces({ config, inventory });
      for (const { name: layer, placement } of withHealth) {
        const own = placement === 'shared' ? shared : monitoring;
        const sites = placement === 'workload' ? workloads : config.regions.map((region) => ({ account: own, region }));
        for (const { account, region } of sites) {
          const target = targetAt({ layer, account: account.id, region });
          // The inventory may be older than the day on which somebody let go of it.
          if (records.get(target.id)?.forgotten === undefined) add(target, account.name);
        }
      }
    } catch (error) {
      notes.push(`targets that were never deployed are not shown: ${messageOf(error)}`);
    }
  }
  return { places: [...places.values()], regions: config.regions, notes };
}
