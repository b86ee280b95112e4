import type { TargetId } from '../../contracts/target';
import { digestOf } from '../digest';
import { messageOf } from '../errors';
import type { PlannedTarget } from '../plan/rollout-plan';
import { isDestroyed, type TargetRecords } from '../plan/target-record';
import type { DeployedResource, Engine, EngineStep, ReleaseHandle } from '../ports';
import { destroyJob } from './target-job';
import type { KeptResource } from './state';

/** What a destroy takes of one target, and what it keeps since that holds data. */
export interface ForeseenDestroy {
  readonly id: TargetId;
  readonly goes: readonly KeptResource[];
  readonly keeps: readonly KeptResource[];
  /** Why that is not known; null: it is. */
  readonly unknown: string | null;
}

/** What is looked with. */
export interface DestroyLook {
  readonly engine: Pick<Engine, 'inspect' | 'run'>;
  readonly records: TargetRecords;
  readonly releaseOf: (digest: string) => ReleaseHandle;
  readonly signal: AbortSignal;
}

const AT_ONCE = 8;

/** Components and providers have nothing behind them. */
const NOTHING_BEHIND = /^pulumi:|^fleet:/;

/**
 * Looks at what the targets of a destroy's plan are made of and what of it stays. What stays a program says: of targets made by the same
 * program with the same settings one is previewed for all. Changes nothing; what cannot be looked at is told, never thrown.
 */
export async function foreseeDestroy(targets: readonly PlannedTarget[], look: DestroyLook): Promise<readonly ForeseenDestroy[]> {
  const keeping = { look, previews: new Map<string, Promise<ReadonlySet<string>>>() };
  const foreseen: ForeseenDestroy[] = [];
  for (let start = 0; start < targets.length; start += AT_ONCE)
    foreseen.push(...(await Promise.all(targets.slice(start, start + AT_ONCE).map((planned) => foreseeOne(planned, keeping)))));
  return foreseen;
}

async function foreseeOne(planned: PlannedTarget, keeping: Omit<Keeping, 'planned'>): Promise<ForeseenDestroy> {
  const { id } = planned.target;
  try {
    const { resources } = await keeping.look.engine.inspect(planned.target);
    const real = resources.filter(({ type }) => !NOTHING_BEHIND.test(type));
    const keeps = await keptOf(real, { ...keeping, planned });
    const [kept, goes] = [real.filter((one) => keeps(one)), real.filter((one) => !keeps(one))];
    return { id, goes: goes.map(named), keeps: kept.map(named), unknown: null };
  } catch (error) {
    return { id, goes: [], keeps: [], unknown: messageOf(error) };
  }
}

interface Keeping {
  readonly planned: PlannedTarget;
  readonly look: DestroyLook;
  readonly previews: Map<string, Promise<ReadonlySet<string>>>;
}

async function keptOf(
  resources: readonly DeployedResource[],
  { planned, look, previews }: Keeping,
): Promise<(one: DeployedResource) => boolean> {
  const record = look.records.get(planned.target.id);
  if (planned.unprotect === 'everything' || !resources.some(({ protect }) => protect)) return () => false;
  // What an earlier destroy kept is kept by this one, too.
  if (record && isDestroyed(record)) return ({ protect }) => protect;
  const kind = digestOf([planned.target.layer, planned.release, planned.config.settings]);
  const known = previews.get(kind) ?? protectedBy(planned, look);
  previews.set(kind, known);
  const names = await known;
  return ({ type, name, protect }) => protect && names.has(`${type} ${name}`);
}

/** What a program protects still once it was told to give up the protection of what holds no data, as `<type> <name>`. */
async function protectedBy(planned: PlannedTarget, { engine, records, releaseOf, signal }: DestroyLook): Promise<ReadonlySet<string>> {
  const record = records.get(planned.target.id);
  const createdAt = record?.createdAt ?? '1970-01-01T00:00:00.000Z';
  const context = { rollout: 'destroy', attempt: 1, records, createdAt, release: releaseOf(planned.release) };
  const job = destroyJob(planned, { ...context, fingerprint: record?.current?.fingerprint ?? '' });
  const result = await engine.run('preview', job, { signal, onEvent: () => undefined });
  if (result.status === 'failed') throw new Error(`could not be previewed: ${result.error.message}`);
  return new Set(result.steps.filter(({ protect }) => protect === true).map(({ type, name }: EngineStep) => `${type} ${name}`));
}

function named({ type, name, id }: DeployedResource): KeptResource {
  return { type, name, id };
}
