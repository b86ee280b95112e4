import type { Stage } from '../../contracts/layers';
import type { Target, TargetId } from '../../contracts/target';
import type { TargetConfig } from '../../contracts/target-config';

import type { Approvers, Windows } from '../config/fleet-config';
import { digestOf } from '../digest';
import type { Exclusion } from '../discovery/select-targets';
import type { FilePosition } from '../errors';

import type { SecretDigests } from './secret-digests';
import type { DesiredParts } from './target-record';
import { toldDigest } from './told-config';

export type { Approvers, Window, Windows } from '../config/fleet-config';

/** Why a target changes. `upstream` is decided again when its turn comes, and may turn out to be no change. */
export type ChangeReason =
  | 'new'
  | 'program'
  | 'config'
  | 'provider'
  /** A secret that it refers to has another value. */
  | 'secret'
  | 'upstream'
  | 'dirty'
  | 'drift'
  /** Nothing changed: somebody wants it deployed again. */
  | 'asked'
  | 'rollback'
  | 'destroy';

/** What a plan is for: the same core runs all of them, and none has an order, a limit or a record of its own. */
export type PlanPurpose = 'rollout' | 'rollback' | 'destroy' | 'repair';

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
  /** Digest of that, for which the plan's digest stands: what is read back is held against it. @default nothing is deployed to it, or the plan was made before plans said so */
  readonly told?: string | undefined;
  readonly parts: DesiredParts;
  readonly desired: string;
  /** Of the secrets that its configuration refers to. Beside `desired`, so that what was deployed without them is not changed by them. @default it refers to none */
  readonly secrets?: SecretDigests | undefined;
  /** Empty: unchanged or blocked, nothing will be run. */
  readonly reasons: readonly ChangeReason[];
  /** What changed in the configuration, as `settings.memoryMb 1024 -> 512`. */
  readonly details: readonly string[];
  /** The sub-wave; null where nothing changes, or it is blocked. */
  readonly wave: string | null;
  /** Why it may not be touched, in one line: it is left as it is, and the rest goes on. Absent: it is not blocked. */
  readonly blocked?: string;
  /** What it ends with. @default `fleet/blocked` */
  readonly blockedCode?: 'fleet/restore-first';
  readonly dependencies: readonly Dependency[];
  /** The release it gets, and to what end. In a rollback each target goes back to its own, and is destroyed by its own. */
  readonly release: string;
  readonly purpose: 'forward' | 'rollback' | 'destroy' | 'repair';
  /** What loses its protection before it is destroyed (AWS.md G1). @default nothing is destroyed */
  readonly unprotect?: 'identity' | 'everything';
  /** The version that keeps serving while another one is on trial, or that serves again after a rollback; null: none is known. */
  readonly stableVersion: string | null;
  /** The version that was to be switched back to while that one served; null: none is known. */
  readonly previousVersion: string | null;
}

/** Changes that leave release and settings as they are. */
const SAME: readonly ChangeReason[] = ['secret', 'drift', 'asked'];
/** What may come with them and gives nothing to go back to either. */
const BESIDE: readonly ChangeReason[] = ['upstream', 'dirty'];

/** What it would be rolled back to is what it gets: its former secret is nowhere, and nothing else differs. */
export function hasNoWayBack({ reasons }: Pick<PlannedTarget, 'reasons'>): boolean {
  return reasons.some((reason) => SAME.includes(reason)) && reasons.every((reason) => SAME.includes(reason) || BESIDE.includes(reason));
}

/** Effective limits: whole numbers, percentages already applied. */
export interface EffectiveLimits {
  readonly maxConcurrent: number;
  readonly perAccount: number;
  readonly perRegion: number;
  readonly failureTolerance: number;
  readonly mode: 'strict' | 'soft';
}

/** The traffic shift inside each target of a wave. */
export interface PlannedTraffic {
  readonly canaryPercent: number;
  readonly watchSeconds: number;
}

/** Targets rolled out together. */
export interface PlannedWave {
  /** `foundation/<region>`, `<configured wave>[/<region>]`, `observability`. */
  readonly name: string;
  /** The configured wave it is a part of; its own name for the others. */
  readonly group: string;
  readonly stage: Stage;
  readonly targets: readonly TargetId[];
  readonly limits: EffectiveLimits;
  readonly bakeSeconds: number;
  readonly targetTimeoutSeconds: number;
  /** Alarms are asked before, during and after it. Not for dashboards, nor for a rollback. */
  readonly gated: boolean;
  /** Whose alarms are asked: its own targets, or for a leading layer the deployed targets that stand on it. */
  readonly watches: readonly TargetId[];
  /** A person must approve before it starts: each sub-wave of a configured wave asks. */
  readonly approval: boolean;
  /** Whose approval counts, and of how many. @default one person's, whoever it is */
  readonly approvers?: Approvers | undefined;
  /** Orders that the whole wave must have taken by its bake's end; at least one per target unless 0. */
  readonly minOrders: number;
  /** Synthetic orders count as orders. */
  readonly countSynthetic: boolean;
  /** Null: a target takes all its traffic at once. */
  readonly traffic: PlannedTraffic | null;
}

/** What a person should know before a rollout: once, however many targets it is about. */
export interface PlanWarning {
  /** Kebab case; does not change. */
  readonly code: string;
  readonly message: string;
  /** Null: no line of fleet.yaml makes it so. */
  readonly at: FilePosition | null;
  /** How many targets it is about; 0: the plan as a whole. */
  readonly targets: number;
  /** The first of them, as `shop (200000000001) in eu-west-1`. */
  readonly example: string | null;
}

/** Which targets change, why, in which waves, under which limits. Plain data. */
export interface RolloutPlan {
  readonly version: 1;
  readonly digest: string;
  readonly purpose: PlanPurpose;
  readonly fleet: string;
  readonly release: string;
  readonly inventory: string;
  readonly targets: readonly PlannedTarget[];
  readonly waves: readonly PlannedWave[];
  readonly limits: EffectiveLimits;
  /** What is rolled back where a gate fails. */
  readonly rollback: 'target' | 'wave' | 'rollout';
  /** When targets may start; null: always. */
  readonly windows: Windows | null;
  /** Digest of what fleet.yaml says: a rollout is resumed and approved under the configuration it was planned with. */
  readonly configuration: string;
  /** The rollout that this plan takes back; null for a plan that goes forward. */
  readonly rollsBack: string | null;
  /** Deployed targets that fleet.yaml and the organisation no longer name. Nothing is deleted without `destroy`. */
  readonly orphans: readonly TargetId[];
  readonly excluded: readonly Exclusion[];
  /** What a person should know before it starts. No part of its digest. */
  readonly warnings: readonly PlanWarning[];
}

/** A plan as it is agreed to: with the digests of what its targets are told, and its own. */
export function agreedPlan(made: Omit<RolloutPlan, 'digest'>): RolloutPlan {
  const targets = made.targets.map(({ told: _earlier, ...planned }): PlannedTarget =>
    planned.wave === null ? planned : { ...planned, told: toldDigest(planned.config) },
  );
  const plan = { ...made, targets };
  return { ...plan, digest: planDigest(plan) };
}

/** Identity of a plan. Target configs enter by their digests, `told` and what `parts` holds: writing ten thousand out again would take seconds. */
export function planDigest(plan: Omit<RolloutPlan, 'digest'>): string {
  return digestOf({
    ...plan,
    digest: undefined,
    warnings: undefined,
    targets: plan.targets.map((planned) => ({ ...planned, config: undefined })),
  });
}
