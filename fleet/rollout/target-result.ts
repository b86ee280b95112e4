import { findLayer } from '../../contracts/layers';
import type { CodeVersions } from '../../contracts/health';
import { digestOf } from '../digest';
import type { PlannedTarget } from '../plan/rollout-plan';
import type { Deployment, TargetRecord } from '../plan/target-record';
import type { Changes, EngineResult, ReleaseManifest, TargetError } from '../ports';

import type { RolloutEntry } from './driver-ports';
import type { RunPhase } from './state';

/** A run that ended, and what is known of it. */
export interface EndedRun {
  readonly planned: PlannedTarget;
  readonly phase: RunPhase;
  readonly at: string;
  readonly seconds: number | null;
  /** The record as it was when the run began: dirty, `current` is what was deployed. */
  readonly begun: TargetRecord;
  readonly deployment: Deployment;
  /** Versions as they stand now; undefined where the layer has none or nothing tells. */
  readonly versions: CodeVersions | undefined;
  readonly manifest: ReleaseManifest;
}

type RunResult =
  | { readonly status: 'succeeded'; readonly changes: Changes; readonly outputs: Readonly<Record<string, unknown>> }
  | { readonly status: 'failed'; readonly changes: Changes; readonly error: TargetError };

/** What is written down of a forward run that ended: its new record and what the core is told, together. */
export function forwardEntries(run: EndedRun, result: RunResult | EngineResult): readonly RolloutEntry[] {
  const { planned, phase, at } = run;
  const target = planned.target.id;
  if (result.status === 'failed') {
    const outcome = result.error.code === 'pulumi/locked' ? ('blocked' as const) : ('failed' as const);
    return [{ event: { type: 'target-ended', at, target, outcome, engineRuns: 1, changes: result.changes, error: result.error } }];
  }
  const wrong = versionProblem(run);
  if (wrong !== null) {
    const error = { code: 'fleet/wrong-version', message: wrong, resource: null };
    return [{ event: { type: 'target-ended', at, target, outcome: 'failed', engineRuns: 1, changes: result.changes, error } }];
  }
  const onTrial = isOnTrial(run);
  const record = standing(run, { outputs: result.outputs, traffic: onTrial ? 'shifting' : 'settled' });
  return [
    { record },
    {
      event:
        onTrial && phase === 'shift'
          ? { type: 'target-shifted', at, target, changes: result.changes }
          : { type: 'target-ended', at, target, outcome: 'succeeded', engineRuns: 1, changes: result.changes, error: null },
    },
  ];
}

/** What is written down of a way back that ended. Once back, what was good is good again. */
export function rollbackEntries(run: EndedRun, result: RunResult | EngineResult): readonly RolloutEntry[] {
  const { at, planned, deployment } = run;
  const target = planned.target.id;
  if (result.status === 'failed')
    return [{ event: { type: 'rollback-ended', at, target, outcome: 'rollback_failed', changes: result.changes, error: result.error } }];
  const record = standing(run, { outputs: result.outputs, traffic: 'settled' });
  return [
    { record: { ...record, good: deployment, current: deployment } },
    { event: { type: 'rollback-ended', at, target, outcome: 'rolled_back', changes: result.changes, error: null } },
  ];
}

/** A record whose deployment its wave's gate let pass. */
export function promoted(record: TargetRecord): TargetRecord {
  return { ...record, good: record.current };
}

function standing(
  { begun, deployment, planned, seconds, versions }: EndedRun,
  { outputs, traffic }: { readonly outputs: Readonly<Record<string, unknown>>; readonly traffic: TargetRecord['traffic'] },
): TargetRecord {
  const layer = findLayer(planned.target.layer);
  return {
    ...begun,
    current: { ...deployment, live: versions?.live ?? deployment.live },
    dirty: false,
    traffic,
    outputs: digestOf(outputs),
    health: layer?.health?.(outputs, deployment.config) ?? null,
    seconds: seconds ?? begun.seconds,
  };
}

/** A new version was published, and the one before still serves beside it. */
function isOnTrial({ phase, versions }: EndedRun): boolean {
  return phase === 'shift' && versions !== undefined && versions.live !== versions.published;
}

/** The alias must stand on the newest version, and that must be made from this release's code (AWS.md B3). */
function versionProblem({ planned, phase, versions, manifest }: EndedRun): string | null {
  if (versions === undefined || phase === 'shift' || planned.purpose === 'rollback') return null;
  const { live, published, liveDigest } = versions;
  if (live !== published) return `version ${live} serves though ${published} was published: deploy it again`;
  const digests = findLayer(planned.target.layer)?.lambdas.map((name) => manifest.lambdas[name]?.digest) ?? [];
  return liveDigest === null || digests.includes(liveDigest)
    ? null
    : `version ${live} serves code ${liveDigest.slice(0, 12)}, which is not of release ${planned.release.slice(0, 12)}: publishing failed, deploy it again`;
}
