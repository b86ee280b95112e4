import type { AccountId, Region } from '../../contracts/ids';
import { optionalTagKeys, requiredTagKeys, reservedTagKeys, type Tags } from '../../contracts/tags';

import type { FleetConfig, Override, OverrideMatch } from './fleet-config';
import { unitMatcher, type UnitMatcher } from './unit-matcher';

/** What decides which overrides hold in an account and region. */
export interface PlaceFacts {
  readonly account: AccountId;
  readonly region: Region;
  /** Null when unknown: no override by unit holds then. */
  readonly unit: string | null;
  /** The account's own tags; null when unknown. */
  readonly accountTags: Tags | null;
}

/** What fleet.yaml says for one account and region. */
export interface PlaceSettings {
  /** The layers' blocks, overrides merged in. */
  readonly blocks: Readonly<Record<string, unknown>>;
  /** As configured: not checked against the standard, and without what the fleet adds itself. */
  readonly tags: Tags;
  /** Numbers of the overrides that hold there, in the order of the file. */
  readonly overrides: readonly number[];
  /** Keys of tags that the account's own tags set, over the file's. */
  readonly accountTags: readonly string[];
}

/** Tags of an account that its resources take over: those of the standard, without the ones the fleet sets. */
const INHERITED_KEYS: readonly string[] = [...requiredTagKeys, ...optionalTagKeys].filter(
  (key) => !reservedTagKeys.some((reserved) => reserved === key),
);

/**
 * The settings of places, with the globs compiled once for all of them. Later overrides win over earlier ones, all of them over the
 * account's own tags, and these over the file's. The environment an override is matched by is the one that the tags say at that point.
 */
export function placeSettings(config: FleetConfig): (facts: PlaceFacts) => PlaceSettings {
  const overrides = config.overrides.map((override, index) => ({
    override,
    index,
    unit: override.match.unit === undefined ? undefined : unitMatcher([override.match.unit]),
  }));
  return (facts) => {
    let { blocks } = config;
    const own = inherited(facts.accountTags);
    let tags: Tags = { ...config.tags, ...own };
    const held: number[] = [];
    for (const { override, index, unit } of overrides) {
      if (!holds(override.match, { facts, unit, environment: tags.Environment })) continue;
      blocks = merge(blocks, override.blocks);
      tags = { ...tags, ...override.tags };
      held.push(index);
    }
    return { blocks, tags, overrides: held, accountTags: Object.keys(own) };
  };
}

/** The layers' blocks for one place; for many places use {@link placeSettings}. */
export function resolveBlocks(config: FleetConfig, facts: PlaceFacts): Readonly<Record<string, unknown>> {
  return placeSettings(config)(facts).blocks;
}

/** The configured tags for one place; for many places use {@link placeSettings}. */
export function resolveTags(config: FleetConfig, facts: PlaceFacts): Tags {
  return placeSettings(config)(facts).tags;
}

interface MatchInput {
  readonly facts: PlaceFacts;
  readonly unit: UnitMatcher | undefined;
  readonly environment: string | undefined;
}

function holds(match: Override['match'], { facts, unit, environment }: MatchInput): boolean {
  const same = <Key extends keyof OverrideMatch>(key: Key, value: OverrideMatch[Key]) => match[key] === undefined || match[key] === value;
  return (
    same('account', facts.account) &&
    same('region', facts.region) &&
    same('environment', environment) &&
    (unit === undefined || (facts.unit !== null && unit(facts.unit)))
  );
}

function inherited(tags: Tags | null): Tags {
  return tags === null ? {} : Object.fromEntries(Object.entries(tags).filter(([key]) => INHERITED_KEYS.includes(key)));
}

type PlainObject = Readonly<Record<string, unknown>>;

/** Mappings are merged key by key, all else is replaced; a key without a value says nothing. */
function merge(base: PlainObject, over: PlainObject): PlainObject {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const before = merged[key];
    merged[key] = isMapping(before) && isMapping(value) ? merge(before, value) : value;
  }
  return merged;
}

function isMapping(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
