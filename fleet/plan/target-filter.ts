import type { AccountId, Region } from '../../contracts/ids';
import type { Target } from '../../contracts/target';
import { unitMatcher } from '../config/unit-matcher';

/** The filters every verb takes. Empty lists match everything; several values of one filter are alternatives. */
export interface TargetFilter {
  readonly layers: readonly string[];
  readonly accounts: readonly AccountId[];
  readonly units: readonly string[];
  readonly regions: readonly Region[];
  /** `Key=Value`. */
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly only: 'failed' | 'changed' | null;
  /** Targets that failed in the last rollout; consulted for `only: failed`. */
  readonly failed: ReadonlySet<string>;
}

/** The filter that matches every target. */
export const everything: TargetFilter = { layers: [], accounts: [], units: [], regions: [], tags: [], only: null, failed: new Set() };

/** What a filter looks at. */
export interface Filterable {
  readonly target: Target;
  readonly unit: string | null;
  readonly config: { readonly tags: Readonly<Record<string, string>> };
}

/** True where every given filter matches. An unknown unit matches no unit filter. */
export function matchesFilter(one: Filterable, filter: TargetFilter): boolean {
  const { layer, account, region, id } = one.target;
  const any = <Value>(values: readonly Value[], matches: (value: Value) => boolean) => values.length === 0 || values.some(matches);
  return (
    any(filter.layers, (value) => value === layer) &&
    any(filter.accounts, (value) => value === account) &&
    any(filter.regions, (value) => value === region) &&
    (filter.units.length === 0 || (one.unit !== null && unitMatcher(filter.units)(one.unit))) &&
    any(filter.tags, ({ key, value }) => one.config.tags[key] === value) &&
    (filter.only !== 'failed' || filter.failed.has(id))
  );
}

/** A filter as its flags. */
export function describeFilter(filter: TargetFilter): string {
  const flags = [
    ...filter.layers.map((value) => `--layer ${value}`),
    ...filter.accounts.map((value) => `--account ${value}`),
    ...filter.units.map((value) => `--unit ${value}`),
    ...filter.regions.map((value) => `--region ${value}`),
    ...filter.tags.map(({ key, value }) => `--tag ${key}=${value}`),
    ...(filter.only ? [`--only ${filter.only}`] : []),
  ];
  return flags.length === 0 ? 'the fleet' : flags.join(' ');
}
