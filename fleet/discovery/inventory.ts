import * as z from 'zod';

import { accountIdSchema, organizationIdSchema, type AccountId } from '../../contracts/ids';
import { digestOf } from '../digest';
import { FleetError } from '../errors';

/** What AWS adds later is carried as it is: only ACTIVE is deployed to. */
const accountState = z.string();

const regionStatus = z.enum(['enabled', 'disabled', 'unknown']);

/** Of a region that this fleet does not know as well, and with a status that a later one may know. */
const byRegion = <Value extends z.ZodType>(value: Value) => z.partialRecord(z.string(), value).readonly();

const inventoryAccountSchema = z.object({
  id: accountIdSchema,
  name: z.string(),
  email: z.string(),
  /** Path of organisational units, as `Workloads/Prod`, a slash in a name as `%2F`; empty at the root; null: could not be read. */
  unit: z.string().nullable(),
  /** Null: Organizations said neither state nor status. */
  state: accountState.nullable(),
  /** Null: could not be read. */
  tags: z.record(z.string(), z.string()).readonly().nullable(),
  /** Of the fleet's regions. */
  regions: byRegion(regionStatus.catch('unknown')),
  /** Limit of concurrent Lambda executions of regions that are not disabled; null: could not be read. */
  lambdaConcurrency: byRegion(z.number().int().nullable()),
  managementAccount: z.boolean(),
});

const contentSchema = z.object({
  version: z.literal(1),
  organizationId: organizationIdSchema,
  source: z.enum(['aws', 'recorded', 'sandbox']),
  /** Sorted by id. */
  accounts: z.array(inventoryAccountSchema).readonly(),
  /** Accounts that an earlier inventory knew and that are gone, sorted. Absent: none. */
  departed: z.array(accountIdSchema).readonly().optional(),
});

const inventorySchema = contentSchema.extend({ takenAt: z.iso.datetime({ precision: 3 }), digest: z.string() });

/** State of an account, as AWS Organizations names it; `ACTIVE` is the one that counts. */
export type AccountState = z.output<typeof accountState>;

/** Whether a region can be used in an account. Unknown is not disabled. */
export type RegionStatus = z.output<typeof regionStatus>;

/** One account of the organisation. */
export type InventoryAccount = Readonly<z.output<typeof inventoryAccountSchema>>;

/** A snapshot of the organisation: plain data. `digest` is of all but `takenAt`, so that an unchanged organisation keeps its digest. */
export type Inventory = Readonly<z.output<typeof inventorySchema>>;

/** What an inventory is made of. */
export interface InventoryContent {
  readonly organizationId: string;
  readonly source: Inventory['source'];
  readonly accounts: readonly InventoryAccount[];
  readonly departed?: readonly AccountId[] | undefined;
  readonly takenAt: Date;
}

/** Something that could not be read; what it was about is unknown in the inventory, never a default. */
export interface DiscoveryWarning {
  /** Null: the whole organisation. */
  readonly account: string | null;
  readonly message: string;
}

/** An inventory, and what is missing in it. */
export interface Discovery {
  readonly inventory: Inventory;
  readonly warnings: readonly DiscoveryWarning[];
}

/** Puts accounts in their order and adds the digest. */
export function makeInventory(content: InventoryContent): Inventory {
  const accounts = [...content.accounts].sort((left, right) => (left.id < right.id ? -1 : 1));
  const departed = [...new Set(content.departed)].filter((id) => !accounts.some((account) => account.id === id)).sort();
  const digested = {
    version: 1 as const,
    organizationId: content.organizationId,
    source: content.source,
    accounts,
    ...(departed.length === 0 ? {} : { departed }),
  };
  return { ...digested, takenAt: content.takenAt.toISOString(), digest: digestOf(digested) };
}

/** Reads an inventory back. Throws `user/inventory` where it is of another version, damaged or changed by hand. */
export function parseInventory(data: unknown): Inventory {
  const version = (data as { readonly version?: unknown } | null)?.version;
  if (version !== 1)
    throw new FleetError(
      'user/inventory',
      `inventory has version ${JSON.stringify(version)}, this fleet reads 1: run fleet discover again`,
    );
  const parsed = inventorySchema.safeParse(data);
  if (!parsed.success)
    throw new FleetError('user/inventory', `inventory is damaged: run fleet discover again (${z.prettifyError(parsed.error)})`);
  // Of all that was written: a later fleet may have written more than this one reads.
  const { takenAt: _takenAt, digest, ...digested } = data as Inventory;
  if (digestOf(digested) !== digest)
    throw new FleetError('user/inventory', `inventory does not have its digest ${digest}: run fleet discover again`);
  return parsed.data;
}
