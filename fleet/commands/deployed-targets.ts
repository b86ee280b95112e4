import { layers } from '../../contracts/layers';
import { compareTargetIds, targetSchema, type Target, type TargetId } from '../../contracts/target';
import { userError } from '../errors';
import { describeFilter, matchesFilter, type TargetFilter } from '../plan/target-filter';
import type { TargetRecord, TargetRecords } from '../plan/target-record';

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
  /** What it works on of them. @default all */
  readonly takes?: (target: Target) => boolean;
  /** How that is told: `target that keeps versions`. @default target */
  readonly called?: string;
}

/** Records of deployed targets that match, in the records' order. Throws a user error where none does. */
export function deployedTargets(
  records: TargetRecords,
  { filter, takes = () => true, called = 'target' }: DeployedQuery,
): readonly TargetRecord[] {
  const standing = [...records.values()].filter((record) => record.current !== null && takes(targetSchema.parse(record.target)));
  const chosen = standing.filter((record) => matchesFilter(filterable(record), filter));
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

function filterable(record: TargetRecord) {
  const config = record.current?.config ?? record.good?.config;
  return { target: targetSchema.parse(record.target), unit: config?.account.unit ?? null, config: { tags: config?.tags ?? {} } };
}
