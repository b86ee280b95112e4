import type { AccountId } from '../../contracts/ids';
import { layers } from '../../contracts/layers';
import { compareTargetIds, targetSchema, type Target, type TargetId } from '../../contracts/target';
import type { Inventory } from '../discovery/inventory';
import { didYouMean } from '../config/known-keys';
import { userError, type FleetError } from '../errors';
import { describeFilter, matchesFilter, type TargetFilter } from '../plan/target-filter';
import type { TargetRecord, TargetRecords } from '../plan/target-record';

import type { OpenFleet } from './context';
import { parseFilter, type FilterFlags } from './filters';

/** The filter of a verb about what is deployed, which no plan is made for. */
export function parseDeployedFilter(flags: FilterFlags): TargetFilter {
  // A plan would be needed to tell what is new: taken for no filter at all, it would mean the whole fleet.
  if (flags.only !== undefined) throw userError('invalid-flag', `--only ${flags.only} says nothing of what is deployed: remove it`);
  return parseFilter(flags, new Set());
}

/** What a verb looks for among the deployed targets. */
export interface DeployedQuery {
  readonly filter: TargetFilter;
  /** Where accounts stand now. @default where they stood when they were deployed */
  readonly inventory?: Inventory | undefined;
  /** What it works on of them. @default all */
  readonly takes?: (target: Target) => boolean;
  /** How that is told: `target that keeps versions`. @default target */
  readonly called?: string;
}

/** The query that flags make. A filter by units goes by where accounts stand now: moving one redeploys nothing. */
export async function deployedQuery(
  flags: FilterFlags,
  { store }: OpenFleet,
): Promise<Required<Pick<DeployedQuery, 'filter' | 'inventory'>>> {
  const filter = parseDeployedFilter(flags);
  return { filter, inventory: filter.units.length === 0 ? undefined : await store.loadInventory() };
}

/** Records of deployed targets that match, in the records' order. Throws a user error where none does. */
export function deployedTargets(
  records: TargetRecords,
  { filter, inventory, takes = () => true, called = 'target' }: DeployedQuery,
): readonly TargetRecord[] {
  const standing = [...records.values()].filter((record) => record.current !== null && takes(targetSchema.parse(record.target)));
  const units = new Map(inventory?.accounts.map(({ id, unit }) => [id, unit]));
  const chosen = standing.filter((record) => matchesFilter(filterable(record, units), filter));
  if (chosen.length > 0) return chosen;
  const message = `no deployed ${called} matches ${describeFilter(filter)}; ${standing.length} of them are deployed`;
  throw userError('filter-matches-nothing', message);
}

/** Upstream layers first, then by id. */
export function inLayerOrder(left: TargetId, right: TargetId): number {
  return rank(left) - rank(right) || compareTargetIds(left, right);
}

function rank(id: TargetId): number {
  return layers.findIndex(({ name }) => name === targetSchema.parse(id).layer);
}

function filterable(record: TargetRecord, units: ReadonlyMap<AccountId, string | null>) {
  const config = record.current?.config ?? record.good?.config;
  const target = targetSchema.parse(record.target);
  return { target, unit: units.get(target.account) ?? config?.account.unit ?? null, config: { tags: config?.tags ?? {} } };
}

/** A user error that names a target which is not deployed, and what it may have been meant to be. */
export function notDeployed(id: string, deployed: readonly string[]): FleetError {
  const near = didYouMean(id, deployed) || (deployed.length === 0 ? '; nothing is deployed yet' : `; deployed are ${few(deployed)}`);
  return userError('not-deployed', `${id} is not deployed${near}`);
}

const FEW = 5;

function few(ids: readonly string[]): string {
  const more = ids.length - FEW;
  return `${[...ids].sort().slice(0, FEW).join(', ')}${more > 0 ? ` and ${more} more: \`fleet plan --json\` lists all targets` : ''}`;
}
