import type { Stage } from '../../contracts/layers';
import type { Target, TargetId } from '../../contracts/target';
import type { TargetConfig } from '../../contracts/target-config';

import { digestOf } from '../digest';
import type { Exclusion } from '../discovery/select-targets';

import type { DesiredParts } from './target-record';

/** Why a target changes. `upstream` is decided again when its turn comes, and may turn out to be no change. */
export type ChangeReason = 'new' | 'program' | 'config' | 'provider' | 'upstream' | 'dirty';

/** A target that must come first. */
export interface Dependency {
  readonly target: TargetId;
  /** `hard` needs success; `soft` any terminal state. */
  readonly kind: 'hard' | 'soft';
}

/** One target of a plan. */
export interface PlannedTarget {
  readonly target: Target;
  readonly accountName: string;
  readonly stage: Stage;
  readonly config: TargetConfig;
  readonly parts: DesiredParts;
  readonly desired: string;
  /** Empty: unchanged, nothing will be run. */
  readonly reasons: readonly ChangeReason[];
  /** What changed in the configuration, as `settings.memoryMb 1024 -> 512`. */
  readonly details: readonly string[];
  /** The sub-wave; null where nothing changes. */
  readonly wave: string | null;
  readonly dependencies: readonly Dependency[];
}

/** Effective limits: whole numbers, percentages already applied. */
export interface EffectiveLimits {
  readonly maxConcurrent: number;
  readonly perAccount: number;
  readonly perRegion: number;
  readonly failureTolerance: number;
  readonly mode: 'strict' | 'soft';
}

/** Targets rolled out together. */
export interface PlannedWave {
  readonly name: string;
  readonly stage: Stage;
  readonly targets: readonly TargetId[];
  readonly limits: EffectiveLimits;
  readonly bakeSeconds: number;
  readonly targetTimeoutSeconds: number;
}

/** Which targets change, why, in which waves, under which limits. Plain data. */
export interface RolloutPlan {
  readonly version: 1;
  readonly digest: string;
  readonly fleet: string;
  readonly release: string;
  readonly inventory: string;
  readonly targets: readonly PlannedTarget[];
  readonly waves: readonly PlannedWave[];
  readonly limits: EffectiveLimits;
  /** Deployed targets that fleet.yaml and the organisation no longer name. Nothing is deleted without `destroy`. */
  readonly orphans: readonly TargetId[];
  readonly excluded: readonly Exclusion[];
}

/** Identity of a plan. Target configs enter by their digests, which `parts` holds: writing ten thousand out again would take seconds. */
export function planDigest(plan: Omit<RolloutPlan, 'digest'>): string {
  return digestOf({ ...plan, digest: undefined, targets: plan.targets.map((planned) => ({ ...planned, config: undefined })) });
}
