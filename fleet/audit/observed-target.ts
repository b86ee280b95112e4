import type { AuditedResource } from '../../contracts/audit/audited-stack';
import type { TargetConfig } from '../../contracts/target-config';
import type { TargetRecord } from '../plan/target-record';
import type { EngineStep } from '../ports';

/** A target as it stands. */
export interface ObservedTarget {
  readonly record: TargetRecord;
  /** What was deployed with. */
  readonly config: TargetConfig;
  /** AWS's resources that are there, as they are now. */
  readonly resources: readonly AuditedResource[];
  /** What differs from what was deployed. */
  readonly drift: readonly EngineStep[];
  /** Number of resources that were held against AWS. */
  readonly compared: number;
  readonly outputs: Readonly<Record<string, unknown>> | null;
  /** Published versions that `prune` would remove; null: not known, or the layer has none. */
  readonly unusedVersions: readonly string[] | null;
  /** Log groups with the fleet's names in that account and region; null: not known, or nobody looked. */
  readonly logGroups: readonly string[] | null;
}
