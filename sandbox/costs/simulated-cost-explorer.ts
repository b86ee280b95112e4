import type {
  GetCostAndUsageCommandInput,
  GetCostAndUsageCommandOutput,
  ListCostAllocationTagsCommandInput,
  ListCostAllocationTagsCommandOutput,
  ResultByTime,
  UpdateCostAllocationTagsStatusCommandInput,
  UpdateCostAllocationTagsStatusCommandOutput,
} from '@aws-sdk/client-cost-explorer';
import { createHash } from 'node:crypto';

import { AwsError } from '../aws-error';

import type { ActiveTags } from './active-tags';
import { checkCostRequest, dayBefore, daysIn, METRIC } from './cost-request';
import { addDecimals } from './decimal-sum';
import { dimensionOf, matchesExpression } from './cost-expression';
import type { LedgerRow } from './ledger';

/** What the simulated Cost Explorer answers from. */
export interface SimulatedCostExplorerOptions {
  /** What a day is billed. */
  readonly rowsOf: (day: string) => readonly LedgerRow[];
  readonly tags: ActiveTags;
  /** The UTC day of now, as `2026-11-29`. */
  readonly today: () => string;
  /** Groups in one answer. */
  readonly pageSize: number;
  /** Days up to today that are estimates still. */
  readonly estimatedDays: number;
}

/** AWS: most keys in one update. */
const MOST_KEYS = 20;

/** Days that are looked through for keys that billing has seen. */
const SEEN_DAYS = 30;

interface CountedGroup {
  readonly keys: readonly string[];
  readonly amounts: string[];
}

interface DayEntry {
  readonly day: string;
  readonly group: CountedGroup | null;
}

/** Cost Explorer of the simulated payer: it groups, filters, pages and refuses as AWS's does. */
export class SimulatedCostExplorer {
  readonly #options: SimulatedCostExplorerOptions;

  constructor(options: SimulatedCostExplorerOptions) {
    this.#options = options;
  }

  getCostAndUsage(input: GetCostAndUsageCommandInput): Omit<GetCostAndUsageCommandOutput, '$metadata'> {
    const { pageSize, today } = this.#options;
    const { NextPageToken: token, ...request } = input;
    const { start, end, groups } = checkCostRequest(request, today());
    // One entry for each group of each day, and one for a day without any: pages end anywhere between them.
    const entries = daysIn(start, end).flatMap((day): readonly DayEntry[] => {
      const found = this.#groupsOf(day, request);
      return found.length === 0 ? [{ day, group: null }] : found.map((group) => ({ day, group }));
    });
    const digest = createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 16);
    const first = token === undefined ? 0 : readToken(token, digest);
    const results = new Map<string, ResultByTime>();
    for (const { day, group } of entries.slice(first, first + pageSize)) {
      const Estimated = daysIn(day, today()).length < this.#options.estimatedDays;
      const result = results.get(day) ?? { TimePeriod: { Start: day, End: dayBefore(day, -1) }, Total: {}, Groups: [], Estimated };
      results.set(day, result);
      const amount = group && { [METRIC]: { Amount: addDecimals(group.amounts), Unit: 'USD' } };
      if (groups.length === 0) result.Total = amount ?? { [METRIC]: { Amount: '0', Unit: 'USD' } };
      else if (group && amount) result.Groups?.push({ Keys: [...group.keys], Metrics: amount });
    }
    const next = first + pageSize;
    return {
      ResultsByTime: [...results.values()],
      GroupDefinitions: request.GroupBy,
      DimensionValueAttributes: [],
      ...(next < entries.length && { NextPageToken: makeToken(next, digest) }),
    };
  }

  /** Of the tags of users: those that billing has seen, up to yesterday. */
  listCostAllocationTags(input: ListCostAllocationTagsCommandInput): Omit<ListCostAllocationTagsCommandOutput, '$metadata'> {
    const { TagKeys, Status, NextToken, MaxResults = 100 } = input;
    if (MaxResults < 1 || MaxResults > 1000) throw refused(`MaxResults ${MaxResults} is not 1 to 1000`);
    const size = Math.min(MaxResults, this.#options.pageSize);
    const digest = createHash('sha256').update(JSON.stringify([TagKeys, Status])).digest('hex').slice(0, 16); // prettier-ignore
    const first = NextToken === undefined ? 0 : readToken(NextToken, digest);
    const listed = [...this.#seenKeys()]
      .sort()
      .map((TagKey) => ({
        TagKey,
        Type: 'UserDefined' as const,
        Status: this.#options.tags.isActive(TagKey) ? ('Active' as const) : ('Inactive' as const),
      }))
      .filter((tag) => (TagKeys === undefined || TagKeys.includes(tag.TagKey)) && (Status === undefined || Status === tag.Status));
    const next = first + size;
    return { CostAllocationTags: listed.slice(first, next), ...(next < listed.length && { NextToken: makeToken(next, digest) }) };
  }

  updateCostAllocationTagsStatus(
    input: UpdateCostAllocationTagsStatusCommandInput,
  ): Omit<UpdateCostAllocationTagsStatusCommandOutput, '$metadata'> {
    const entries = input.CostAllocationTagsStatus ?? [];
    if (entries.length < 1 || entries.length > MOST_KEYS)
      throw refused(`CostAllocationTagsStatus has ${entries.length} entries, not 1 to ${MOST_KEYS}`);
    const seen = this.#seenKeys();
    const Errors = [];
    for (const { TagKey = '', Status } of entries) {
      if (seen.has(TagKey)) this.#options.tags.set(TagKey, Status === 'Active');
      else Errors.push({ TagKey, Code: 'TagKeysNotFoundException', Message: `Tag keys not found: ${TagKey}` });
    }
    return { Errors };
  }

  #groupsOf(day: string, { Filter, GroupBy = [] }: GetCostAndUsageCommandInput): readonly CountedGroup[] {
    const { rowsOf, tags } = this.#options;
    const groups = new Map<string, CountedGroup>();
    for (const row of rowsOf(day)) {
      const facts = { row, isActive: (key: string) => tags.isActive(key) };
      if (Filter && !matchesExpression(Filter, facts)) continue;
      const keys = GroupBy.map(({ Type, Key = '' }) =>
        Type === 'TAG' ? `${Key}$${tags.isActive(Key) ? (row.tags[Key] ?? '') : ''}` : dimensionOf(row, Key),
      );
      const id = JSON.stringify(keys);
      const group = groups.get(id) ?? { keys, amounts: [] };
      group.amounts.push(row.amount);
      groups.set(id, group);
    }
    return [...groups].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, group]) => group);
  }

  #seenKeys(): ReadonlySet<string> {
    const { rowsOf, today } = this.#options;
    const days = Array.from({ length: SEEN_DAYS }, (_, index) => dayBefore(today(), index + 1));
    return new Set(days.flatMap((day) => rowsOf(day).flatMap(({ tags }) => Object.keys(tags))));
  }
}

function makeToken(next: number, digest: string): string {
  return Buffer.from(`${digest}:${next}`).toString('base64url');
}

function readToken(token: string, digest: string): number {
  const [of, next] = Buffer.from(token, 'base64url').toString('utf8').split(':');
  if (of !== digest || !/^\d+$/.test(next ?? '')) throw new AwsError('InvalidNextTokenException', 'the token belongs to another request');
  return Number(next);
}

function refused(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
