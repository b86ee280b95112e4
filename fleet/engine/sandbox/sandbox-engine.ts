import { setMaxListeners } from 'node:events';

import { targetSchema, type Target } from '../../../contracts/target';
import { StaleWriter, type OpenLog } from '../../../sandbox/append-log';
import type { Drift } from '../../../sandbox/organization';
import { ProviderCrash, type SandboxProvider } from '../../../sandbox/provider';
import type { World } from '../../../sandbox/world';
import { FleetError, messageOf } from '../../errors';
import {
  type Clock,
  type Engine,
  type EngineAction,
  type EngineJob,
  type EngineOptions,
  type EngineResult,
  type EngineStep,
  type Inspection,
  type TargetError,
} from '../../ports';
import { countChanges } from '../count-changes';
import { isOvertaken } from '../is-overtaken';

import { applySteps, applyUnprotected, deleteResources, foreseenSteps, refuseProtected } from './apply-steps';
import { Checkpoint, type StackResource } from './checkpoint';
import { driftSteps } from './drift-steps';
import { PROVIDER_TYPE } from './plan-stack';
import { recover } from './recover';
import { takeInFound } from './take-in-found';
import type { PlannedStack, RenderStack } from './render-stack';
import { codeOfLog, ResourceFailure } from './resource-failure';
import { MASK, concealOutputs, maskSecrets, standInForSecrets } from '../../../sandbox/secrets';

/** What the sandbox engine is made of. */
export interface SandboxEngineOptions {
  /** Folder of the stacks' checkpoints. */
  readonly directory: string;
  readonly openLog: OpenLog;
  readonly provider: SandboxProvider;
  readonly world: World;
  readonly drift: readonly Drift[];
  readonly clock: Pick<Clock, 'now'>;
  readonly render: RenderStack;
}

/** One run under way. */
/** More than the targets that run at once with default limits. */
const MOST_CHECKPOINTS = 64;

interface Run {
  readonly action: EngineAction;
  readonly job: EngineJob;
  readonly checkpoint: Checkpoint;
  readonly options: EngineOptions;
  /** What took effect so far. */
  readonly done: EngineStep[];
}

/**
 * Deploys into the simulated organisation: plans a target by rendering its program in this process, then applies the difference with no
 * program running. Where another process has written, a run ends with `fleet/fenced` and writes nothing more.
 */
export class SandboxEngine implements Engine {
  readonly name = 'sandbox';
  readonly #options: SandboxEngineOptions;
  /** The last used ones, oldest first. */
  readonly #checkpoints = new Map<string, Checkpoint>();
  /** Targets whose run is under way: theirs must stay the one that is written to. */
  readonly #running = new Set<string>();

  constructor(options: SandboxEngineOptions) {
    this.#options = options;
  }

  async run(action: EngineAction, job: EngineJob, options: EngineOptions): Promise<EngineResult> {
    // Every operation under way listens for the abort, and lets go when it ends.
    setMaxListeners(0, options.signal);
    const run: Run = { action, job, checkpoint: this.#checkpoint(job.target), options, done: [] };
    const { done } = run;
    this.#running.add(job.target.id);
    try {
      this.#noteStart(run);
      const outputs = await this.#carryOut(run);
      this.#noteEnd(run, null);
      return { status: 'succeeded', changes: countChanges(done), steps: done, outputs };
    } catch (thrown) {
      const error = this.#noteFailure(run, thrown);
      return { status: 'failed', changes: countChanges(done), steps: done, error };
    } finally {
      this.#running.delete(job.target.id);
    }
  }

  inspect(target: Target): Promise<Inspection> {
    const checkpoint = this.#checkpoint(target);
    const shown = [...checkpoint.resources.values()].map(
      ({ type, name, urn, id, parent, protect, provider, inputs, outputs, secretOutputs }) => ({
        type,
        name,
        urn,
        id,
        parent,
        protect,
        provider,
        inputs: maskSecrets(inputs) as Record<string, unknown>,
        outputs: maskSecrets({
          ...outputs,
          ...Object.fromEntries(secretOutputs.filter((key) => key in outputs).map((key) => [key, MASK])),
        }) as Record<string, unknown>,
      }),
    );
    return Promise.resolve({
      exists: checkpoint.exists && (checkpoint.resources.size > 0 || checkpoint.outputs !== null),
      lastAttempt: checkpoint.lastAttempt,
      lock: null,
      pending: [...checkpoint.pending.values()].map(({ urn, op }) => ({ urn, op })),
      resources: shown,
      outputs: checkpoint.outputs && (maskSecrets(checkpoint.outputs) as Record<string, unknown>),
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #noteStart({ action, job, checkpoint }: Run): void {
    if (!writes(action)) return;
    if (isOvertaken(job.id, checkpoint.lastAttempt?.id ?? null)) throw new StaleWriter(`the stack of ${job.target.id}`);
    checkpoint.started({ id: job.id, action, startedAt: this.#options.clock.now().toISOString() });
  }

  #noteEnd({ action, checkpoint, done }: Run, error: TargetError | null): void {
    if (!writes(action)) return;
    const endedAt = this.#options.clock.now().toISOString();
    checkpoint.ended({ result: error ? 'failed' : 'succeeded', endedAt, changes: countChanges(done), error });
  }

  /** Why a run failed; noted as well, unless the stack is another process's by now. */
  #noteFailure(run: Run, thrown: unknown): TargetError {
    const error = classify(thrown);
    if (error.code === 'fleet/fenced' || error.code === 'fleet/sandbox-io') return error;
    try {
      this.#noteEnd(run, error);
      return error;
    } catch (later) {
      if (codeOfLog(later) !== undefined) return classify(later);
      throw later;
    }
  }

  async #carryOut({ action, job, checkpoint, options, done }: Run): Promise<Readonly<Record<string, unknown>>> {
    const { provider, world, drift } = this.#options;
    const { signal, onEvent } = options;
    const stack = { target: job.target.id, provider };
    const context = { job, checkpoint, provider, signal, onEvent, onDone: (step: EngineStep) => void done.push(step) };
    if (signal.aborted)
      throw new ResourceFailure({ code: 'fleet/cancelled', message: 'cancelled before it began', resource: null }, undefined);
    switch (action) {
      case 'preview': {
        const draft = checkpoint.draft(job.target);
        recover(draft, stack);
        if (job.refresh === true) this.#refresh(draft, stack, 'looks');
        const { steps, outputs } = await this.#plan(job, draft);
        done.push(...foreseenSteps(steps, draft));
        refuseProtected(steps, draft);
        return maskSecrets(outputs) as Record<string, unknown>;
      }
      case 'up': {
        recover(checkpoint, stack);
        if (job.refresh === true) this.#refresh(checkpoint, stack, 'writes');
        const { steps, outputs } = await this.#plan(job, checkpoint);
        await applySteps(steps, context);
        checkpoint.setOutputs(concealOutputs(outputs, provider.digestSecret));
        return maskSecrets(outputs) as Record<string, unknown>;
      }
      case 'destroy': {
        recover(checkpoint, stack);
        await applyUnprotected((await this.#plan(job, checkpoint, { readFormer: true })).steps, context);
        const kept = withAncestors(checkpoint.resources);
        const doomed = [...checkpoint.resources.values()].filter((resource) => !kept.has(resource.urn));
        await deleteResources([...checkpoint.superseded.values(), ...doomed], context);
        if (checkpoint.resources.size === 0) checkpoint.remove();
        else checkpoint.standDown();
        return {};
      }
      case 'refresh':
        assumeRoles(checkpoint, stack);
        done.push(...driftSteps(checkpoint, { world, drift }));
        return maskSecrets(checkpoint.outputs ?? {}) as Record<string, unknown>;
      default:
        throw new Error(`unknown action ${action satisfies never as string}`);
    }
  }

  #refresh(checkpoint: Checkpoint, stack: RoleUser, how: 'writes' | 'looks'): void {
    const { world, drift } = this.#options;
    assumeRoles(checkpoint, stack);
    takeInFound(checkpoint, { world, drift }, how);
  }

  #plan(job: EngineJob, checkpoint: Checkpoint, { readFormer = false }: { readonly readFormer?: boolean } = {}): Promise<PlannedStack> {
    return this.#options.render({
      job,
      prior: checkpoint.resources,
      stackOutputs: (reference) => this.#stackOutputs(reference, readFormer),
    });
  }

  #checkpoint(target: Target): Checkpoint {
    const known = this.#checkpoints.get(target.id);
    known?.refresh();
    const checkpoint = known ?? new Checkpoint(this.#options.directory, target, { openLog: this.#options.openLog });
    // Last in, last out: a fleet of a thousand targets does not fit into memory.
    this.#checkpoints.delete(target.id);
    this.#checkpoints.set(target.id, checkpoint);
    for (const id of this.#checkpoints.keys()) {
      if (this.#checkpoints.size <= MOST_CHECKPOINTS) break;
      if (id !== target.id && !this.#running.has(id)) this.#checkpoints.delete(id);
    }
    return checkpoint;
  }

  #stackOutputs(reference: string, readFormer: boolean): Readonly<Record<string, unknown>> | undefined {
    const match = /^organization\/([^/]+)\/(\d{12})\.([^.]+)(?:\.(\d+))?$/.exec(reference);
    if (!match) return undefined;
    const [, layer, account, region, part] = match;
    const target = targetSchema.safeParse([layer, account, region, ...(part ? [part] : [])].join('/'));
    const checkpoint = target.success ? this.#checkpoint(target.data) : undefined;
    const outputs = checkpoint?.outputs ?? (readFormer ? checkpoint?.formerOutputs : undefined);
    return outputs ? standInForSecrets(outputs) : undefined;
  }
}

interface RoleUser {
  readonly target: string;
  readonly provider: SandboxProvider;
}

/** Looking takes the same role as deploying. Throws where it cannot be assumed: what nobody could look at is not as it was. */
function assumeRoles(checkpoint: Checkpoint, { target, provider }: RoleUser): void {
  for (const { type, urn, inputs } of checkpoint.resources.values()) {
    if (type !== PROVIDER_TYPE) continue;
    try {
      provider.configure(inputs, target);
    } catch (error) {
      throw ResourceFailure.from(error, { urn, redact: (text) => text });
    }
  }
}

function writes(action: EngineAction): boolean {
  return action === 'up' || action === 'destroy';
}

/** Protected resources, and what they stand on. */
function withAncestors(resources: ReadonlyMap<string, StackResource>): ReadonlySet<string> {
  const kept = new Set<string>();
  const keep = (urn: string | null): void => {
    const resource = urn === null ? undefined : resources.get(urn);
    if (!resource || kept.has(resource.urn)) return;
    kept.add(resource.urn);
    [resource.parent, resource.provider, ...resource.dependencies].forEach(keep);
  };
  for (const resource of resources.values()) if (resource.protect) keep(resource.urn);
  return kept;
}

function classify(error: unknown): TargetError {
  const log = codeOfLog(error);
  if (log !== undefined) return { code: log, message: messageOf(error), resource: null };
  if (error instanceof ResourceFailure) {
    // A process that is gone has named no resource, as the real one has not.
    return error.cause instanceof ProviderCrash ? { ...error.error, code: 'pulumi/crashed', resource: null } : error.error;
  }
  if (error instanceof FleetError) return { code: error.code, message: error.message, resource: error.resource ?? null };
  return { code: 'pulumi/program-failed', message: messageOf(error), resource: null };
}
