import { secondsBetween } from '../../contracts/duration';
import { findLayer } from '../../contracts/layers';
import type { Target, TargetId } from '../../contracts/target';
import { FleetError, messageOf } from '../errors';
import type { PlannedTarget, PlannedWave } from '../plan/rollout-plan';
import { changedSecrets, withSecretsOf } from '../plan/secret-digests';
import { fingerprintOf, upstreamDigests, type Deployment, type TargetRecord, type TargetRecords } from '../plan/target-record';
import { noChanges, type EngineJob, type EngineResult, type Inspection } from '../ports';
import { stackLost } from '../stack-lost';

import type { DriverOptions, DriverPorts, RolloutEntry } from './driver-ports';
import type { RolloutCommand, RunPhase } from './state';
import { attemptId, destroyJob, forwardJob, repairJob, rollbackJob } from './target-job';
import { destroyEntries, forwardEntries, rollbackEntries, type EndedRun } from './target-result';
import { tellTarget } from './tell-target';
import { runWithTimeout } from './run-with-timeout';

type RunCommand = Extract<RolloutCommand, { readonly type: 'run-target' | 'roll-back' }>;

/** What running targets needs. `keep` makes a record known and durable before it resolves. */
export interface RunContext extends DriverPorts, Pick<DriverOptions, 'rollout'> {
  readonly planned: ReadonlyMap<TargetId, PlannedTarget>;
  readonly waves: ReadonlyMap<string, PlannedWave>;
  /** Records as the rollout began: what a rollback goes back to. */
  readonly goods: TargetRecords;
  readonly records: TargetRecords;
  readonly keep: (record: TargetRecord) => Promise<void>;
}

/** One attempt, worked out: what would be deployed, and the record that says so. */
interface Attempt {
  readonly planned: PlannedTarget;
  readonly action: 'up' | 'destroy';
  readonly phase: RunPhase;
  readonly job: EngineJob;
  readonly deployment: Deployment;
  readonly begun: TargetRecord;
}

/** How an engine says that it may or can write no more: another process writes its stacks by now, or there is no room for its own files. */
const NO_WRITER = ['fleet/fenced', 'fleet/sandbox-io'] as const;

const INSPECTIONS = 3;
const INSPECTION_SECONDS = 2;

/**
 * Carries out one run of the core: decides whether the target is unchanged now that its upstream is known, writes down that it begins, runs
 * the engine, and says what to write down of its end. Never rejects for what the engine does.
 */
export async function runTarget(command: RunCommand, context: RunContext): Promise<readonly RolloutEntry[]> {
  const attempt = attemptOf(command, context);
  const { planned, action, begun } = attempt;
  const target = planned.target.id;
  const unchanged = unchangedEnd(attempt, { command, context });
  if (unchanged !== null) return [unchanged];
  await context.keep(begun);
  tellTarget(context.reporter, { target, what: 'started', command, action, accountName: planned.accountName });
  const lost = await lostEnd(attempt, { command, context });
  if (lost !== null) return [lost];
  await context.confirm();
  const startedAt = now(context);
  const result = await runWithTimeout(attempt.job, { ...context, action, seconds: timeoutOf(planned, context) });
  // Says nothing of the target: whoever has taken over settles it, or who resumes.
  const stopped = NO_WRITER.find((code) => result.status === 'failed' && result.error.code === code);
  if (stopped !== undefined && result.status === 'failed') throw new FleetError(stopped, result.error.message);
  if (context.signals.cancel.aborted && result.status === 'failed') {
    const reason = `interrupted: ${result.error.message}`;
    tellTarget(context.reporter, { target, what: 'lost', reason });
    return [{ event: { type: 'attempt-lost', at: now(context), target, ran: true, reason } }];
  }
  return ended(attempt, { result, seconds: secondsBetween(startedAt, now(context)), command, context });
}

interface Asked {
  readonly command: RunCommand;
  readonly context: RunContext;
}

/** How a target ends that needs no run, now that its upstream is known; null: it needs one. */
function unchangedEnd(attempt: Attempt, { command, context }: Asked): RolloutEntry | null {
  const target = attempt.planned.target.id;
  const mayBe = attempt.action === 'up' && command.type === 'run-target' && command.phase !== 'finish';
  if (!mayBe || !isUnchanged(context.records.get(target), attempt)) return null;
  tellTarget(context.reporter, { target, what: 'unchanged' });
  return { event: { ...endWithoutRun(target, context), outcome: 'unchanged', error: null } };
}

/**
 * How a target ends that is to be destroyed and whose stack is not there; null: it is, or an earlier attempt has begun to destroy it. With
 * nothing to destroy an engine succeeds: what the stack was of may stand, and would be called gone.
 */
async function lostEnd({ planned, action, begun }: Attempt, { command, context }: Asked): Promise<RolloutEntry | null> {
  if (action !== 'destroy' || command.attempt > 1 || begun.good === null) return null;
  const inspection = await inspectPatiently(planned.target, context);
  if (inspection instanceof Error || inspection.exists) return null;
  const target = planned.target.id;
  const { code, message } = stackLost(target);
  const event = { ...endWithoutRun(target, context), outcome: 'failed', error: { code, message, resource: null } } as const;
  tellTarget(context.reporter, { target, what: 'ended', action, event, seconds: null });
  return { event };
}

function endWithoutRun(target: TargetId, context: RunContext) {
  return { type: 'target-ended', at: now(context), target, engineRuns: 0, changes: noChanges } as const;
}

/**
 * Settles a run whose controller died: what the engine's own history says of that very attempt counts; what it never ended, or never began,
 * is run again; what cannot be found out has failed.
 */
export async function reconcileTarget(command: RunCommand, context: RunContext): Promise<readonly RolloutEntry[]> {
  const attempt = attemptOf(command, context);
  const target = attempt.planned.target.id;
  const lost = (ran: boolean, reason: string): readonly RolloutEntry[] => {
    tellTarget(context.reporter, { target, what: 'lost', reason });
    return [{ event: { type: 'attempt-lost', at: now(context), target, ran, reason } }];
  };
  const inspection = await inspectPatiently(attempt.planned.target, context);
  if (inspection instanceof Error) {
    const error = { code: 'fleet/unknown-outcome', message: `nobody knows how its run ended: ${inspection.message}`, resource: null };
    return ended(attempt, { result: { status: 'failed', changes: noChanges, steps: [], error }, seconds: null, command, context });
  }
  // A stack of which nothing is left keeps no history either, and it stood when this began.
  if (attempt.action === 'destroy' && !inspection.exists) {
    const result: EngineResult = { status: 'succeeded', changes: noChanges, steps: [], outputs: {} };
    return ended(attempt, { result, seconds: null, command, context });
  }
  const last = inspection.lastAttempt;
  if (last?.id !== attemptId(context.rollout, target, command.attempt)) return lost(false, 'its controller died before the run began');
  switch (last.result) {
    case null:
      return lost(true, `its controller died while it ran, with ${inspection.pending.length} operations under way`);
    case 'succeeded': {
      const result: EngineResult = { status: 'succeeded', changes: last.changes, steps: [], outputs: inspection.outputs ?? {} };
      return ended(attempt, { result, seconds: null, command, context });
    }
    case 'failed': {
      const error = last.error ?? { code: 'fleet/unknown-outcome', message: 'it failed, and its history does not say why', resource: null };
      return ended(attempt, { result: { status: 'failed', changes: last.changes, steps: [], error }, seconds: null, command, context });
    }
    default:
      throw new Error(`unknown result ${String(last.result satisfies never)}`);
  }
}

async function ended(
  attempt: Attempt,
  end: {
    readonly result: EngineResult;
    readonly seconds: number | null;
    readonly command: RunCommand;
    readonly context: RunContext;
  },
): Promise<readonly RolloutEntry[]> {
  const { result, seconds, context } = end;
  const { planned, action } = attempt;
  const entries = action === 'destroy' ? await destroyed(attempt, result, context) : await deployed(attempt, end);
  for (const entry of entries)
    if ('event' in entry) tellTarget(context.reporter, { target: planned.target.id, what: 'ended', action, event: entry.event, seconds });
  return entries;
}

async function deployed(attempt: Attempt, { result, seconds, command, context }: Parameters<typeof ended>[1]) {
  const { planned, phase, deployment, begun } = attempt;
  const versions = result.status === 'succeeded' ? await versionsOf(planned.target, context) : undefined;
  const run: EndedRun = { planned, phase, at: now(context), seconds, begun, deployment, versions, manifest: attempt.job.release.manifest };
  return command.type === 'roll-back' ? rollbackEntries(run, result) : forwardEntries(run, result);
}

async function destroyed({ planned, begun }: Attempt, result: EngineResult, context: RunContext): Promise<readonly RolloutEntry[]> {
  const inspection = result.status === 'succeeded' ? await inspectPatiently(planned.target, context) : null;
  const resources = inspection === null || inspection instanceof Error ? null : inspection.resources;
  return destroyEntries({ at: now(context), planned, begun }, { result, resources });
}

function attemptOf(command: RunCommand, context: RunContext): Attempt {
  const planned = plannedTarget(command.target, context);
  const record = context.records.get(command.target);
  const createdAt = record?.createdAt ?? now(context);
  const common = { rollout: context.rollout, attempt: command.attempt, records: context.records, createdAt };
  if (planned.purpose === 'destroy') {
    const deployment = record?.current;
    if (!deployment) throw new Error(`${command.target} is to be destroyed and is not deployed`);
    const job = destroyJob(planned, { ...common, release: context.releaseOf(planned.release), fingerprint: deployment.fingerprint });
    return { planned, action: 'destroy', phase: 'full', job, deployment, begun: { ...record, dirty: true } };
  }
  if (command.type === 'roll-back') {
    const was = context.goods.get(command.target)?.good;
    if (!was) throw new Error(`${command.target} is to be rolled back and had nothing to go back to`);
    const good = withSecretsOf(was, planned.secrets);
    const job = rollbackJob(planned, good, { ...common, release: context.releaseOf(good.release) });
    return {
      planned,
      action: 'up',
      phase: 'full',
      job,
      deployment: good,
      begun: begunRecord(record, { createdAt, deployment: good, planned }),
    };
  }
  if (planned.purpose === 'repair') {
    const was = record?.good;
    if (!was) throw new Error(`${command.target} is to be repaired and nothing of it is good`);
    const good = withSecretsOf(was, planned.secrets);
    const job = repairJob(planned, good, { ...common, release: context.releaseOf(good.release) });
    return {
      planned,
      action: 'up',
      phase: 'full',
      job,
      deployment: good,
      begun: begunRecord(record, { createdAt, deployment: good, planned }),
    };
  }
  const upstream = upstreamDigests(planned.config, context.records);
  const fingerprint = fingerprintOf(planned.desired, upstream);
  const { desired, parts, config, release, secrets, stableVersion, previousVersion } = planned;
  // In the trial of a new version, and in a rollback, the version that serves is known beforehand.
  const live = command.phase === 'shift' || planned.purpose === 'rollback' ? stableVersion : null;
  const previous = live === null ? null : previousVersion;
  const deployment: Deployment = { release, desired, fingerprint, parts, upstream, config, live, previous, ...(secrets && { secrets }) };
  const wave = context.waves.get(planned.wave ?? '');
  const job = forwardJob(planned, command.phase, {
    ...common,
    release: context.releaseOf(release),
    fingerprint,
    canaryPercent: wave?.traffic?.canaryPercent ?? 0,
  });
  return { planned, action: 'up', phase: command.phase, job, deployment, begun: begunRecord(record, { createdAt, deployment, planned }) };
}

function begunRecord(
  record: TargetRecord | undefined,
  { createdAt, deployment, planned }: { readonly createdAt: string; readonly deployment: Deployment; readonly planned: PlannedTarget },
): TargetRecord {
  return {
    target: planned.target.id,
    createdAt,
    good: record?.good ?? null,
    current: deployment,
    dirty: true,
    traffic: record?.traffic ?? 'settled',
    outputs: record?.outputs ?? null,
    health: record?.health ?? null,
    seconds: record?.seconds ?? null,
    versionsLeft: record?.versionsLeft ?? null,
    ...(record?.found && { found: record.found }),
  };
}

function isUnchanged(record: TargetRecord | undefined, { planned, deployment }: Pick<Attempt, 'planned' | 'deployment'>): boolean {
  // What is asked for is done, and what drifted is as it was deployed by all that is on record.
  if (planned.reasons.includes('asked') || planned.purpose === 'repair') return false;
  const isSame = (other: Deployment | null | undefined) =>
    other?.fingerprint === deployment.fingerprint && changedSecrets(other.secrets, deployment.secrets).length === 0;
  // What stands must be what is good: a deployment that was never promoted may stand in its place.
  return record !== undefined && isSame(record.good) && isSame(record.current) && !record.dirty && record.traffic === 'settled';
}

async function versionsOf(target: Target, context: RunContext): Promise<EndedRun['versions']> {
  const versions = findLayer(target.layer)?.versions;
  if (!versions) return undefined;
  const inspection = await inspectPatiently(target, context);
  return inspection instanceof Error ? 'unknown' : versions(inspection.resources);
}

/** An answer that cannot be read at once may be readable in a moment. */
async function inspectPatiently(target: Target, { engine, clock }: RunContext): Promise<Inspection | Error> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await engine.inspect(target);
    } catch (error) {
      if (tries >= INSPECTIONS) return new Error(messageOf(error));
      await clock.sleep(INSPECTION_SECONDS * 1000);
    }
  }
}

function timeoutOf({ target, wave }: PlannedTarget, { waves }: RunContext): number {
  const seconds = waves.get(wave ?? '')?.targetTimeoutSeconds;
  if (seconds === undefined) throw new Error(`${target.id} was started and is in no wave of the plan`);
  return seconds;
}

function plannedTarget(id: TargetId, { planned: all }: RunContext): PlannedTarget {
  const planned = all.get(id);
  if (!planned) throw new Error(`the core named ${id}, which is no target of the plan`);
  return planned;
}

function now({ clock }: Pick<DriverPorts, 'clock'>): string {
  return clock.now().toISOString();
}
