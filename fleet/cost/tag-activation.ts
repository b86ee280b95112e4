import { requiredTagKeys, reservedTagKeys } from '../../contracts/tags';
import { allPages } from '../discovery/pages';

import type { CallOptions, CostExplorer } from './cost-explorer';

/** Tags of the standard that costs are told apart by; those that the fleet sets itself tell nothing of who pays. The same as organization/ activates. */
export const costTagKeys: readonly string[] = requiredTagKeys.filter((key) => !reservedTagKeys.some((reserved) => reserved === key));

/** What is the matter with one tag. `not-seen`: billing has not met it yet, which takes up to a day after its first use. */
export interface TagState {
  readonly key: string;
  readonly state: 'active' | 'inactive' | 'not-seen' | 'refused';
  /** Why AWS refused to activate it. */
  readonly reason: string | null;
}

/** What billing knows of tags, in the order given. */
export async function lookAtTags(explorer: CostExplorer, keys: readonly string[], options: CallOptions): Promise<readonly TagState[]> {
  const listed = await allPages(async (token) => {
    const input = { TagKeys: [...keys], Type: 'UserDefined' as const, ...(token !== undefined && { NextToken: token }) };
    const page = await explorer.listCostAllocationTags(input, options);
    return { items: page.CostAllocationTags, next: page.NextToken };
  });
  const statuses = new Map(listed.map(({ TagKey, Status }) => [TagKey, Status]));
  return keys.map((key): TagState => {
    const status = statuses.get(key);
    return { key, state: status === 'Active' ? 'active' : status === undefined ? 'not-seen' : 'inactive', reason: null };
  });
}

/** AWS: most keys in one update. */
const MOST_KEYS = 20;

/** Activates those that are inactive, and tells what became of each. */
export async function activateTags(explorer: CostExplorer, tags: readonly TagState[], options: CallOptions): Promise<readonly TagState[]> {
  const keys = tags.flatMap(({ key, state }) => (state === 'inactive' ? [key] : []));
  const refused = new Map<string, string>();
  for (let first = 0; first < keys.length; first += MOST_KEYS) {
    const CostAllocationTagsStatus = keys.slice(first, first + MOST_KEYS).map((TagKey) => ({ TagKey, Status: 'Active' as const }));
    const { Errors = [] } = await explorer.updateCostAllocationTagsStatus({ CostAllocationTagsStatus }, options);
    for (const { TagKey, Code, Message } of Errors) refused.set(TagKey ?? '', `${Code ?? 'Error'}: ${Message ?? 'AWS does not say why'}`);
  }
  return tags.map((tag): TagState => {
    if (tag.state !== 'inactive') return tag;
    const reason = refused.get(tag.key) ?? null;
    return { ...tag, state: reason === null ? 'active' : 'refused', reason };
  });
}
