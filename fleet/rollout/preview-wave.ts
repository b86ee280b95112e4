import { isIrreversible } from '../../contracts/irreversible';
import type { TargetId } from '../../contracts/target';
import { digestOf } from '../digest';
import { messageOf } from '../errors';
import type { PlannedTarget } from '../plan/rollout-plan';
import { changedSecrets } from '../plan/secret-digests';
import { fingerprintOf, upstreamDigests, type TargetRecord } from '../plan/target-record';
import { noChanges, type EngineResult, type TargetError } from '../ports';

import type { RunContext } from './run-targets';
import { SECRET_VARIABLE, type IrreversibleStep } from './state';
import { forwardJob, repairJob } from './target-job';

/** What a preview of some targets found. One that failed may have found irreversible operations nevertheless: those it would refuse. */
export interface WavePreview {
  readonly irreversible: readonly IrreversibleStep[];
  readonly failed: readonly { readonly target: TargetId; readonly error: TargetError }[];
}

/** Previews that run at once; a program's render is the work of this machine, not of AWS. */
const AT_ONCE = 4;

/**
 * Finds the operations that cannot be undone before anything is done. Programs are functions of their configuration, so of targets that
 * change in the same way (same programs, settings and state before and after, another place) one is previewed for all; a dirty one always is.
 */
export async function previewTargets(
  targets: readonly TargetId[],
  context: Pick<RunContext, 'engine' | 'planned' | 'records' | 'releaseOf' | 'clock' | 'rollout'>,
  signal: AbortSignal,
): Promise<WavePreview> {
  const groups = new Map<string, TargetId[]>();
  const irreversible: IrreversibleStep[] = [];
  for (const id of targets) {
    const planned = context.planned.get(id);
    const record = context.records.get(id);
    if (!planned || !record) continue;
    irreversible.push(...secretSteps(planned, record));
    const key = kindOfChange(planned, record);
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  const failed: { target: TargetId; error: TargetError }[] = [];
  const queue = [...groups.values()];
  const work = async (): Promise<void> => {
    for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
      for (const [index, id] of group.entries()) {
        const result = await preview(id, context, signal);
        if (result === null) break;
        const steps = result.steps.filter(isIrreversible);
        if (result.status === 'failed') {
          // It says nothing of the others: the next of the group is previewed for them.
          failed.push({ target: id, error: { ...result.error, message: `could not be previewed: ${result.error.message}` } });
          irreversible.push(...steps.map(({ op, type, urn }) => ({ target: id, op, type, urn })));
          continue;
        }
        for (const target of group.slice(index))
          irreversible.push(...steps.map(({ op, type, urn }) => ({ target, op, type, urn: urnOf(urn, id, target) })));
        break;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { irreversible, failed };
}

/** What a secret was is kept nowhere: its change cannot be undone. */
function secretSteps({ target, reasons, secrets }: PlannedTarget, { good, current }: TargetRecord): readonly IrreversibleStep[] {
  if (!reasons.includes('secret')) return [];
  const variables = new Set([good, current].flatMap((before) => changedSecrets(before?.secrets, secrets)));
  return [...variables].sort().map((urn) => ({ target: target.id, op: 'change', type: SECRET_VARIABLE, urn }));
}

/** Equal for targets whose `up` does the same in another place. */
function kindOfChange({ target, parts, config, purpose }: PlannedTarget, record: TargetRecord): string {
  if (record.dirty || record.current === null || purpose === 'repair') return target.id;
  const { program, lambdas, provider } = parts;
  const before = record.current.parts;
  return digestOf({
    before: [before.program, before.lambdas, before.provider, record.current.config.settings],
    after: [program, lambdas, provider, config.settings],
    layer: target.layer,
    // Another role or account of the shared services makes another provider, and with it other resources.
    accounts: config.accounts,
    role: config.deployRole,
  });
}

async function preview(
  id: TargetId,
  context: Pick<RunContext, 'engine' | 'planned' | 'records' | 'releaseOf' | 'clock' | 'rollout'>,
  signal: AbortSignal,
): Promise<EngineResult | null> {
  const planned = context.planned.get(id);
  if (!planned || signal.aborted) return null;
  const record = context.records.get(id);
  const common = {
    rollout: context.rollout,
    attempt: 1,
    records: context.records,
    createdAt: record?.createdAt ?? context.clock.now().toISOString(),
    release: context.releaseOf(planned.release),
  };
  const fingerprint = fingerprintOf(planned.desired, upstreamDigests(planned.config, context.records));
  const job =
    planned.purpose === 'repair' && record?.good
      ? repairJob(planned, record.good, common)
      : forwardJob(planned, 'full', { ...common, fingerprint, canaryPercent: 0 });
  try {
    return await context.engine.run('preview', job, { signal, onEvent: () => undefined });
  } catch (error) {
    // An engine that throws fails its target and no other.
    return { status: 'failed', changes: noChanges, steps: [], error: { code: 'fleet/engine', message: messageOf(error), resource: null } };
  }
}

/** The same resource's URN in another target's stack. */
function urnOf(urn: string, from: TargetId, to: TargetId): string {
  const stack = (id: TargetId) => id.split('/').slice(1).join('.');
  return urn.replace(stack(from), stack(to));
}
