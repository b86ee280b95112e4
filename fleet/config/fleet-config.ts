import type { AccountId, Region } from '../../contracts/ids';
import type { Tags } from '../../contracts/tags';

import type { FilePositions } from './file-positions';

/** A number of targets, or a share of them; how a share is rounded is the planner's rule. */
export type Amount = { readonly kind: 'count'; readonly value: number } | { readonly kind: 'percent'; readonly value: number };

/** Where the organisation is read from. `path` is absolute. */
export type OrganizationSource = { readonly source: 'aws' } | { readonly source: 'recorded' | 'sandbox'; readonly path: string };

/** What carries out a target's program. */
export type EngineChoice =
  | { readonly kind: 'sandbox' }
  /** `backend` is a Pulumi backend URL, absolute. */
  | { readonly kind: 'pulumi'; readonly backend: string; readonly secretsProvider: string };

/** Where the fleet keeps what it knows. `path` is absolute; `prefix` has no slash at either end and may be empty. */
export type StateLocation =
  { readonly kind: 'folder'; readonly path: string } | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string };

/** How much runs at once, and how much may fail. */
export interface Limits {
  readonly maxConcurrent: Amount;
  readonly perAccount: number;
  /** Null: as many as `maxConcurrent` lets. */
  readonly perRegion: number | null;
  readonly failureTolerance: Amount;
  /** `strict` never lets failures exceed tolerance + 1; `soft` starts more at once. */
  readonly mode: 'strict' | 'soft';
  readonly targetTimeoutSeconds: number;
}

/** Which targets a wave may pick: every key that is there must match. */
export interface PickFilter {
  /** Glob over unit paths. */
  readonly unit?: string | undefined;
  readonly region?: Region | undefined;
  readonly account?: AccountId | undefined;
  readonly environment?: string | undefined;
  readonly tag?: { readonly key: string; readonly value: string } | undefined;
}

/** What a wave picks. */
export interface WavePick {
  /** Of the places (account and region) that match and where something changes; null: all of them. */
  readonly amount: Amount | null;
  readonly filter: PickFilter;
}

/** Whose approval a wave asks for: never that of who began the rollout. */
export interface Approvers {
  /** Different persons, for a start. */
  readonly required: number;
  /** Role paths and names; empty: whatever role they have. */
  readonly by: readonly string[];
  /** The longest that an approval is good for. @default as long as it says itself */
  readonly expiresSeconds?: number | undefined;
}

/** One configured wave. */
export interface Wave {
  readonly name: string;
  /** Null: the rest. Only the last wave has none. */
  readonly pick: WavePick | null;
  readonly bakeSeconds: number;
  /** Orders that the whole wave must have handled for its gate to pass, and at least one in each target; 0: none are asked for. */
  readonly minOrders: number;
  /** Synthetic orders count as orders. */
  readonly countSynthetic: boolean;
  /** A person must approve before it starts. */
  readonly approval: boolean;
  /** @default one person's approval, whoever it is */
  readonly approvers?: Approvers | undefined;
  /** At most one region of an account in a wave that picks a number or a share; all others go region by region. */
  readonly spread: boolean;
  /** Allows a bake and a traffic watch that are shorter than the alarms need. */
  readonly shortBake: boolean;
  /** The fleet's limits with the wave's own over them. */
  readonly limits: Limits;
}

/** The traffic shift inside a target. */
export interface Traffic {
  readonly canaryPercent: number;
  readonly watchSeconds: number;
  /** Names of the waves that shift. */
  readonly waves: readonly string[];
}

/** Part of a week, in the time zone of {@link Windows}. */
export interface Window {
  /** ISO days of the week: 1 is Monday, 7 Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight; `toMinute` is not part of the window and is at most 1,440. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** When targets may start. */
export interface Windows {
  readonly timezone: string;
  readonly allow: readonly Window[];
}

/** Which places an override is for: every key that is there must match. */
export interface OverrideMatch {
  readonly environment?: string | undefined;
  readonly account?: AccountId | undefined;
  /** Glob over unit paths. */
  readonly unit?: string | undefined;
  readonly region?: Region | undefined;
}

/** Settings for some places. */
export interface Override {
  readonly match: OverrideMatch;
  readonly tags: Tags;
  /** Parsed parts of layer blocks, by key of fleet.yaml. */
  readonly blocks: Readonly<Record<string, unknown>>;
}

/** Paths as fleet.yaml writes them: what they come to depends on where the file stands. */
export interface WrittenPaths {
  readonly organization: string | null;
  readonly state: string | null;
  readonly backend: string | null;
}

/** fleet.yaml resolved: nothing left to default, paths absolute, durations in seconds. Plain data. */
export interface FleetConfig {
  /** Absolute path of the file. */
  readonly file: string;
  /** Where its parts stand, for problems that only planning finds. */
  readonly positions: FilePositions;
  readonly written: WrittenPaths;
  readonly name: string;
  readonly homeRegion: Region;
  readonly organization: OrganizationSource;
  readonly engine: EngineChoice;
  readonly state: StateLocation;
  readonly accounts: { readonly shared: AccountId; readonly monitoring: AccountId };
  /** Role path and name, as `fleet/deploy`. */
  readonly deployRole: string;
  /** Also the order of a rollout. */
  readonly regions: readonly Region[];
  readonly tags: Tags;
  readonly workloads: {
    readonly units: readonly string[];
    readonly exclude: { readonly accounts: readonly AccountId[]; readonly units: readonly string[] };
  };
  /** Parsed blocks of the layers, by key of fleet.yaml; absent ones are absent. */
  readonly blocks: Readonly<Record<string, unknown>>;
  readonly overrides: readonly Override[];
  readonly waves: readonly Wave[];
  readonly limits: Limits;
  readonly rollback: 'target' | 'wave' | 'rollout';
  /** Null: a target takes all its traffic at once. */
  readonly traffic: Traffic | null;
  /** Null: always open. */
  readonly windows: Windows | null;
}
