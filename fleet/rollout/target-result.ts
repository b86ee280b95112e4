import { findLayer } from '../../contracts/layers';
import type { CodeVersions } from '../../contracts/health';
import { digestOf } from '../digest';
import type { PlannedTarget } from '../plan/rollout-plan';
import { destroyedRecord, type Deployment, type TargetRecord } from '../plan/target-record';
import type { Changes, DeployedResource, EngineResult, ReleaseManifest, TargetError } from '../ports';

import type { RolloutEntry } from './driver-ports';
import type { RunPhase } from './state';

/** A lock or a person keeps a target from being run: nothing was done. */
const LOCKED = 'pulumi/locked';

/** A run that ended, and what is known of it. */
export interface EndedRun {
  readonly planned: PlannedTarget;
  readonly phase: RunPhase;
  readonly at: string;
  readonly seconds: number | null;
  /** The record as it was when the run began: dirty, `current` is what was deployed. */
  readonly begun: TargetRecord;
  readonly deployment: Deployment;
  /** Versions as they stand now; undefined where the layer has none or nothing tells, `unknown` where the stack cannot be read. */
  readonly versions: CodeVersions | 'unknown' | undefined;
  readonly manifest: ReleaseManifest;
}

type RunResult =
  | { readonly status: 'succeeded'; readonly changes: Changes; readonly outputs: Readonly<Record<string, unknown>> }
  | { readonly status: 'failed'; readonly changes: Changes; readonly error: TargetError };

/** What is written down of a forward run that ended: its new record and what the core is told, together. */
export function forwardEntries(run: EndedRun, result: RunResult | EngineResult): readonly RolloutEntry[] {
  const { planned, at } = run;
  const target = planned.target.id;
  if (result.status === 'failed') {
    const outcome = result.error.code === LOCKED ? ('blocked' as const) : ('failed' as const);
    return [{ event: { type: 'target-ended', at, target, outcome, engineRuns: 1, changes: result.changes, error: result.error } }];
  }
  const error = versionProblem(run);
  if (error !== null) {
    return [{ event: { type: 'target-ended', at, target, outcome: 'failed', engineRuns: 1, changes: result.changes, error } }];
  }
  const onTrial = isOnTrial(run);
  const record = standing(run, { outputs: result.outputs, traffic: onTrial ? 'shifting' : 'settled' });
  return [
    { record },
    {
      event: onTrial
        ? { type: 'target-shifted', at, target, changes: result.changes }
        : { type: 'target-ended', at, target, outcome: 'succeeded', engineRuns: 1, changes: result.changes, error: null },
    },
  ];
}

/** What is written down of a way back that ended. Once back, what was good is good again. */
export function rollbackEntries(run: EndedRun, result: RunResult | EngineResult): readonly RolloutEntry[] {
  const { at, planned } = run;
  const target = planned.target.id;
  if (result.status === 'failed')
    return [{ event: { type: 'rollback-ended', at, target, outcome: 'rollback_failed', changes: result.changes, error: result.error } }];
  const record = standing(run, { outputs: result.outputs, traffic: 'settled' });
  return [
    { record: promoted(record) },
    { event: { type: 'rollback-ended', at, target, outcome: 'rolled_back', changes: result.changes, error: null } },
  ];
}

/** What is written down of a destroy that ended. `resources`: what stands of it still; null: that cannot be read, and nobody knows. */
export function destroyEntries(
  { at, planned, begun }: Pick<EndedRun, 'at' | 'planned' | 'begun'>,
  { result, resources }: { readonly result: RunResult | EngineResult; readonly resources: readonly DeployedResource[] | null },
): readonly RolloutEntry[] {
  const end = { type: 'target-ended', at, target: planned.target.id, engineRuns: 1, changes: result.changes } as const;
  const error = result.status === 'failed' ? result.error : resources === null ? unknownRemains : null;
  if (error !== null) return [{ event: { ...end, outcome: error.code === LOCKED ? 'blocked' : 'failed', error } }];
  const kept = (resources ?? []).filter(({ protect }) => protect).map(({ type, name, id }) => ({ type, name, id }));
  return [
    { record: destroyedRecord(begun, { keeps: kept.length > 0 }) },
    { event: { ...end, outcome: 'succeeded', error: null, ...(kept.length > 0 && { kept }) } },
  ];
}

const unknownRemains: TargetError = {
  code: 'fleet/unknown-outcome',
  message: 'destroyed, but its stack cannot be read: nobody knows what was kept',
  resource: null,
};

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
    current: standingVersions(deployment, known(versions)),
    dirty: false,
    traffic,
    outputs: digestOf(outputs),
    health: layer?.health?.(outputs, deployment.config) ?? null,
    seconds: seconds ?? begun.seconds,
  };
}

/** As the stack tells them; where it does not, as they were planned. */
function standingVersions(deployment: Deployment, versions: CodeVersions | undefined): Deployment {
  return versions === undefined ? deployment : { ...deployment, live: versions.live, previous: versions.previous };
}

/** A new version was published, and the one before still serves beside it. */
function isOnTrial({ phase, versions }: EndedRun): boolean {
  const serving = known(versions);
  return phase === 'shift' && serving !== undefined && serving.live !== serving.published;
}

function known(versions: EndedRun['versions']): CodeVersions | undefined {
  return versions === 'unknown' ? undefined : versions;
}

/** The alias must stand on the newest version, and that must be made from this release's code (AWS.md B3). */
function versionProblem({ planned, phase, versions, manifest }: EndedRun): TargetError | null {
  // Both serve a version of an earlier rollout.
  if (versions === undefined || planned.purpose === 'rollback' || planned.purpose === 'repair') return null;
  if (versions === 'unknown') {
    const message = 'deployed, but its stack cannot be read: nobody knows which version serves';
    return { code: 'fleet/unknown-outcome', message, resource: null };
  }
  if (phase === 'shift') return null;
  const { live, published, liveDigest } = versions;
  const wrong = (message: string): TargetError => ({
    code: 'fleet/wrong-version',
    message: `version ${live} serves ${message}: fleet rollout deploys it again`,
    resource: null,
  });
  if (live !== published) return wrong(`though ${published} was published`);
  const digests = findLayer(planned.target.layer)?.lambdas.map((name) => manifest.lambdas[name]?.digest) ?? [];
  if (liveDigest === null || digests.includes(liveDigest)) return null;
  return wrong(`code ${liveDigest.slice(0, 12)} that is not of release ${planned.release.slice(0, 12)}, publishing failed`);
}
