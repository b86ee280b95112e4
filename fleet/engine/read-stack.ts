import { targetSchema } from '../../contracts/target';
import { FleetError, type ErrorSource } from '../errors';
import type { TargetRecord } from '../plan/target-record';
import type { Engine, EngineJob, EngineStep, Inspection, ReleaseHandle } from '../ports';
import { stackLost } from '../stack-lost';

/** A deployed target as it stands. */
export interface ReadStack {
  /** As it was deployed. */
  readonly inspection: Inspection;
  /** Each of its resources held against what AWS has now. */
  readonly steps: readonly EngineStep[];
}

/** What a stack is read with. */
export interface StackReader {
  readonly engine: Pick<Engine, 'inspect' | 'run'>;
  readonly releaseOf: (digest: string) => ReleaseHandle;
  /** Who reads, as the engine's history would name it. */
  readonly verb: string;
}

/** Reads a deployed target's stack, and what AWS has of it now; changes nothing. Rejects with why it could not, as `fleet/stack-lost`. */
export async function readStack(
  { target: id, current, createdAt }: TargetRecord,
  { engine, releaseOf, verb }: StackReader,
  signal: AbortSignal,
): Promise<ReadStack> {
  if (current === null) throw new FleetError('user/not-deployed', `${id} is not deployed`);
  const target = targetSchema.parse(id);
  const inspection = await engine.inspect(target);
  // Where there is no stack a refresh finds nothing that differs: lost is not clean.
  if (!inspection.exists) throw stackLost(id);
  const job: EngineJob = {
    id: `${verb}/${id}`,
    target,
    release: releaseOf(current.release),
    config: current.config,
    run: { createdAt, phase: 'full', publish: false, attempt: 1, missing: [], unprotect: 'nothing' },
    fingerprint: current.fingerprint,
    purpose: 'forward',
  };
  const result = await engine.run('refresh', job, { signal, onEvent: () => undefined });
  if (result.status === 'failed') throw new FleetError(result.error.code as `${ErrorSource}/${string}`, result.error.message);
  return { inspection, steps: result.steps };
}
