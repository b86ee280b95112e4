import type { TargetId } from '../../contracts/target';
import type { RunInputs } from '../../contracts/target-config';
import type { PlannedTarget } from '../plan/rollout-plan';
import { upstreamDigests, warmVersions, type Deployment, type TargetRecord, type TargetRecords } from '../plan/target-record';
import type { EngineJob, ReleaseHandle } from '../ports';

import type { RunPhase } from './state';

/** What makes a job beside the target itself. */
export interface JobContext {
  readonly rollout: string;
  readonly attempt: number;
  readonly records: TargetRecords;
  readonly createdAt: string;
  readonly release: ReleaseHandle;
}

/** Names an attempt in the stack's own history: what recovery looks for. */
export function attemptId(rollout: string, target: TargetId, attempt: number): string {
  return `${rollout}/${target}#${attempt}`;
}

/** The job of one phase of a planned target. */
export function forwardJob(
  planned: PlannedTarget,
  phase: RunPhase,
  context: JobContext & { readonly fingerprint: string; readonly canaryPercent: number },
): EngineJob {
  return {
    ...commonJob(planned.target.id, context),
    target: planned.target,
    config: planned.config,
    run: {
      ...runInputs(planned.config, context),
      ...routing(planned, phase, context.canaryPercent),
      servedBefore: servedBefore(planned, context.records.get(planned.target.id)),
    },
    fingerprint: context.fingerprint,
    purpose: planned.purpose === 'rollback' ? 'rollback' : 'forward',
  };
}

/** The job that brings a target back to what was good: the old release and configuration, and the version that is still warm. */
export function rollbackJob(planned: PlannedTarget, good: Deployment, context: JobContext): EngineJob {
  const { live, previous } = warmVersions(good, context.records.get(planned.target.id)?.versionsLeft);
  return {
    ...commonJob(planned.target.id, context),
    target: planned.target,
    config: good.config,
    run: {
      ...runInputs(good.config, context),
      ...(live === null ? {} : { publish: false, stableVersion: live }),
      servedBefore: known(previous),
    },
    fingerprint: good.fingerprint,
    purpose: 'rollback',
  };
}

/** The job that brings a drifted target back to what is good: what AWS has is read first, nothing is published, and what serves goes on serving. */
export function repairJob(planned: PlannedTarget, good: Deployment, context: JobContext): EngineJob {
  return { ...rollbackJob(planned, good, context), purpose: 'forward', refresh: true };
}

/** The job that destroys a target, by the release and configuration it was deployed with. */
export function destroyJob(planned: PlannedTarget, context: JobContext & { readonly fingerprint: string }): EngineJob {
  const { records } = context;
  // Of an upstream target that was destroyed but for its data, the engine knows the outputs still.
  const missing = planned.config.upstream.map(({ target }) => target).filter((target) => (records.get(target)?.current ?? null) === null);
  return {
    ...commonJob(planned.target.id, context),
    target: planned.target,
    config: planned.config,
    run: { ...runInputs(planned.config, context), publish: false, missing, unprotect: planned.unprotect ?? 'nothing' },
    fingerprint: context.fingerprint,
    purpose: 'forward',
  };
}

/**
 * What alias `previous` is chosen from. Forward it is the version that serves now, unless that goes on serving; a way back leaves the alias as
 * it was before: never on the version that it goes back from.
 */
export function servedBefore(
  { purpose, stableVersion, previousVersion }: PlannedTarget,
  record: Pick<TargetRecord, 'found'> | null | undefined,
): readonly string[] {
  if (purpose === 'rollback') return known(previousVersion);
  return known(stableVersion ?? record?.found?.live, previousVersion ?? record?.found?.previous);
}

function known(...versions: readonly (string | null | undefined)[]): readonly string[] {
  return versions.filter((version) => typeof version === 'string');
}

function commonJob(target: TargetId, { rollout, attempt, release }: JobContext) {
  return { id: attemptId(rollout, target, attempt), release };
}

function runInputs(config: PlannedTarget['config'], { attempt, createdAt, records }: JobContext): RunInputs {
  const upstream = upstreamDigests(config, records);
  const missing = config.upstream.map(({ target }) => target).filter((target) => upstream[target] === null);
  return { createdAt, phase: 'full', publish: true, attempt, missing, unprotect: 'nothing' };
}

/** AWS.md B2: the stable version keeps serving while the new one is on trial, and serves alone again in a rollback. */
function routing(planned: PlannedTarget, phase: RunPhase, canaryPercent: number): Partial<RunInputs> {
  const { purpose, stableVersion } = planned;
  if (stableVersion === null) return {};
  if (purpose === 'rollback') return { publish: false, stableVersion };
  switch (phase) {
    case 'shift':
      return { phase: 'shift', stableVersion, canaryPercent };
    case 'full':
    case 'finish':
      return {};
    default:
      throw new Error(`unknown phase ${String(phase satisfies never)}`);
  }
}
