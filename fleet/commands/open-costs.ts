import { join } from 'node:path';

import type { AccountId } from '../../contracts/ids';
import { fleetRoles } from '../../contracts/names';
import type { CostExplorer } from '../cost/cost-explorer';
import { dayOf } from '../cost/days';
import type { OrderSource } from '../cost/order-source';
import type { Inventory } from '../discovery/inventory';
import { readOrganizationFile } from '../discovery/organization-file';
import { userError } from '../errors';
import type { TargetRecords } from '../plan/target-record';

import { discoverOrganization, type CommandContext, type OpenFleet } from './context';

/** Who tells the bill, and who counts orders. */
export interface CostPorts {
  readonly explorer: CostExplorer;
  readonly orders: OrderSource;
  /** Nothing is paid for its calls. */
  readonly simulated: boolean;
  /** Releases what both hold. */
  readonly close: () => Promise<void>;
}

/** Whose Cost Explorer is asked. */
export interface CostPlace {
  readonly payer: AccountId;
  /** Role in it; null: its own credentials; undefined: the fleet's. */
  readonly role: string | null | undefined;
  readonly records: TargetRecords;
}

/** Cost Explorer of the organisation of fleet.yaml: AWS's, or the simulated one over its ledger. A record of an organisation has no bill. */
export async function openCosts(fleet: OpenFleet, context: CommandContext, place: CostPlace): Promise<CostPorts> {
  const { organization, homeRegion, deployRole } = fleet.config;
  if (organization.source === 'sandbox') return openSandboxCosts(organization.path, { directory: fleet.store.sandbox, context, place });
  refuseRecorded(fleet);
  const { clock } = context;
  const [{ awsCostExplorer }, { cloudwatchOrders }] = await Promise.all([
    import('../cost/aws-cost-explorer'),
    import('../cost/cloudwatch-orders'),
  ]);
  const role = place.role === undefined ? fleetRoles(deployRole).cost : place.role;
  const explorer = awsCostExplorer({ homeRegion, clock, payer: place.payer, role });
  const orders = cloudwatchOrders({ homeRegion, clock, deployRole });
  return { explorer, orders, simulated: false, close: async () => void (await Promise.all([explorer.close(), orders.close()])) };
}

/** Whose names and units the accounts have: as they were last seen, in a real organisation; a file is read anew. */
export async function inventoryOf(fleet: OpenFleet, context: CommandContext): Promise<Inventory> {
  const kept = fleet.config.organization.source === 'aws' ? await fleet.store.loadInventory() : undefined;
  return kept ?? discoverOrganization(fleet, context);
}

/** Throws where nobody can be asked for a bill. */
export function refuseRecorded({ config: { organization } }: OpenFleet): void {
  if (organization.source === 'recorded')
    throw userError('no-costs', 'organisation source recorded is a record of an organisation: it has no bill; use aws or sandbox');
}

interface SandboxCosts {
  readonly directory: string;
  readonly context: CommandContext;
  readonly place: CostPlace;
}

async function openSandboxCosts(path: string, { directory, context: { clock }, place: { records } }: SandboxCosts): Promise<CostPorts> {
  const [{ ActiveTags }, { SimulatedCostExplorer }, { ledgerRows }, { sandboxCostExplorer }, { sandboxOrders }] = await Promise.all([
    import('../../sandbox/costs/active-tags'),
    import('../../sandbox/costs/simulated-cost-explorer'),
    import('../cost/sandbox-ledger'),
    import('../cost/sandbox-cost-explorer'),
    import('../cost/sandbox-orders'),
  ]);
  const organization = readOrganizationFile(path);
  const { activeTags, pageSize, estimatedDays } = organization.ledger;
  const simulated = new SimulatedCostExplorer({
    rowsOf: ledgerRows(organization, records.values()),
    tags: new ActiveTags({ path: join(directory, 'costs', 'active-tags.ndjson'), initial: activeTags }),
    today: () => dayOf(clock.now()),
    pageSize,
    estimatedDays,
  });
  return {
    explorer: sandboxCostExplorer(simulated),
    orders: sandboxOrders(organization, clock),
    simulated: true,
    close: () => Promise.resolve(),
  };
}
