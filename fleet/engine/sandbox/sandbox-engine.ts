import { setMaxListeners } from 'node:events';
import { isDeepStrictEqual } from 'node:util';

import { RUN_INPUTS_KEY, TARGET_CONFIG_KEY } from '../../../contracts/target-config';
import { stackName, targetSchema, type Target } from '../../../contracts/target';
import { ProviderCrash, type SandboxProvider } from '../../../sandbox/provider';
import { renderProgram, type RecordedResource } from '../../../sandbox/recording-monitor';
import type { World } from '../../../sandbox/world';
import { FleetError, messageOf } from '../../errors';
import {
  noChanges,
  type Changes,
  type Clock,
  type Engine,
  type EngineAction,
  type EngineJob,
  type EngineOptions,
  type EngineResult,
  type EngineStep,
  type Inspection,
  type ReleaseHandle,
  type TargetError,
} from '../../ports';
import type { LayerProgram } from '../load-program';

import { applySteps, applyUnprotected, deleteResources } from './apply-steps';
import { assetHasher } from './asset-hash';
import { Checkpoint, type StackResource } from './checkpoint';
import { StackPlanner, type PlannedStep } from './plan-stack';
import { ResourceFailure } from './resource-failure';
import { MASK, concealOutputs, maskSecrets, standInForSecrets } from './secrets';

/** What the sandbox engine is made of. */
export interface SandboxEngineOptions {
  /** Folder of the stacks' checkpoints. */
  readonly directory: string;
  readonly provider: SandboxProvider;
  readonly world: World;
  readonly clock: Pick<Clock, 'now'>;
  /** Finds a layer's program in a release. */
  readonly loadProgram: (release: ReleaseHandle, layer: string) => LayerProgram;
}

/**
 * Deploys into the simulated organisation: renders a target's program in this process, then applies the difference with no program
 * running. Renders go one at a time, since the SDK's run is process-wide; applying goes on beside them.
 */
export class SandboxEngine implements Engine {
  readonly name = 'sandbox';
  readonly #options: SandboxEngineOptions;
  readonly #programs = new Map<string, LayerProgram>();
  readonly #checkpoints = new Map<string, Checkpoint>();
  readonly #hashAssets = assetHasher();
  #renders: Promise<unknown> = Promise.resolve();

  constructor(options: SandboxEngineOptions) {
    this.#options = options;
  }

  async run(action: EngineAction, job: EngineJob, options: EngineOptions): Promise<EngineResult> {
    const done: EngineStep[] = [];
    // Every operation under way listens for the abort, and lets go when it ends.
    setMaxListeners(0, options.signal);
    const checkpoint = this.#checkpoint(job.target);
    const writes = action === 'up' || action === 'destroy';
    if (writes) checkpoint.started({ action, attempt: job.run.attempt, startedAt: this.#options.clock.now().toISOString() });
    try {
      const outputs = await this.#carryOut(action, { job, checkpoint, options, done });
      if (writes) checkpoint.ended('succeeded', this.#options.clock.now().toISOString());
      return { status: 'succeeded', changes: countChanges(done), steps: done, outputs };
    } catch (error) {
      if (writes) checkpoint.ended('failed', this.#options.clock.now().toISOString());
      return { status: 'failed', changes: countChanges(done), steps: done, error: classify(error) };
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

  async #carryOut(
    action: EngineAction,
    run: { readonly job: EngineJob; readonly checkpoint: Checkpoint; readonly options: EngineOptions; readonly done: EngineStep[] },
  ) {
    const { job, checkpoint, options, done } = run;
    const context = {
      job,
      checkpoint,
      provider: this.#options.provider,
      signal: options.signal,
      onEvent: options.onEvent,
      onDone: (step: EngineStep) => void done.push(step),
    };
    if (options.signal.aborted)
      throw new ResourceFailure({ code: 'fleet/cancelled', message: 'cancelled before it began', resource: null }, undefined);
    switch (action) {
      case 'preview': {
        const { steps, outputs } = await this.#render(job, checkpoint);
        done.push(...steps.map(({ op, urn, type, name, keys }) => ({ op, urn, type, name, keys })));
        const declared = new Set(steps.flatMap((step) => [step.urn, ...(step.prior ? [step.prior.urn] : [])]));
        const undeclared = [...checkpoint.resources.values()].filter(({ urn }) => !declared.has(urn));
        for (const { urn, type, name, retainOnDelete } of [...checkpoint.superseded.values(), ...undeclared])
          done.push({ op: retainOnDelete ? 'retain' : 'delete', urn, type, name, keys: [] });
        return maskSecrets(outputs) as Record<string, unknown>;
      }
      case 'up': {
        this.#recover(job, checkpoint);
        const { steps, outputs } = await this.#render(job, checkpoint);
        await applySteps(steps, context);
        checkpoint.setOutputs(concealOutputs(outputs));
        return maskSecrets(outputs) as Record<string, unknown>;
      }
      case 'destroy': {
        this.#recover(job, checkpoint);
        await applyUnprotected((await this.#render(job, checkpoint, { readFormer: true })).steps, context);
        const kept = withAncestors(checkpoint.resources);
        const doomed = [...checkpoint.resources.values()].filter((resource) => !kept.has(resource.urn));
        await deleteResources([...checkpoint.superseded.values(), ...doomed], context);
        if (checkpoint.resources.size === 0) checkpoint.remove();
        else checkpoint.standDown();
        return {};
      }
      case 'refresh':
        done.push(...this.#drift(checkpoint));
        return maskSecrets(checkpoint.outputs ?? {}) as Record<string, unknown>;
      default:
        throw new Error(`unknown action ${action satisfies never as string}`);
    }
  }

  #render(
    job: EngineJob,
    checkpoint: Checkpoint,
    { readFormer = false }: { readonly readFormer?: boolean } = {},
  ): Promise<{ readonly steps: readonly PlannedStep[]; readonly outputs: Readonly<Record<string, unknown>> }> {
    const render = async () => {
      const planner = new StackPlanner({
        target: job.target.id,
        provider: this.#options.provider,
        prior: checkpoint.resources,
        hashAssets: this.#hashAssets,
        stackOutputs: (reference) => this.#stackOutputs(reference, readFormer),
      });
      const rendering = await renderProgram(this.#program(job), {
        project: job.target.layer,
        stack: stackName(job.target),
        config: { [TARGET_CONFIG_KEY]: JSON.stringify(job.config), [RUN_INPUTS_KEY]: JSON.stringify(job.run) },
        answers: planner,
      });
      return { steps: [...components(rendering.resources, checkpoint), ...planner.steps], outputs: rendering.outputs };
    };
    const result = this.#renders.then(render);
    this.#renders = result.catch(() => undefined);
    return result;
  }

  #program(job: EngineJob): LayerProgram {
    const key = `${job.release.digest}/${job.target.layer}`;
    const program = this.#programs.get(key) ?? this.#options.loadProgram(job.release, job.target.layer);
    this.#programs.set(key, program);
    return program;
  }

  #checkpoint(target: Target): Checkpoint {
    const checkpoint = this.#checkpoints.get(target.id) ?? new Checkpoint(this.#options.directory, target);
    this.#checkpoints.set(target.id, checkpoint);
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

  /** Settles operations whose end nobody recorded: what the world holds by this very stack and URN was done, the rest had no effect. */
  #recover(job: EngineJob, checkpoint: Checkpoint): void {
    for (const { op, resource, succession } of [...checkpoint.pending.values()]) {
      if (!resource.place) continue;
      const there = this.#options.provider.madeBefore({
        type: resource.type,
        urn: resource.origin,
        place: resource.place,
        target: job.target.id,
        key: resource.key,
      });
      if (op === 'delete' && !there) checkpoint.gone(resource);
      else if (op !== 'delete' && there && isDeepStrictEqual(there.inputs, resource.inputs)) checkpoint.done(resource, succession);
      else checkpoint.settled(resource);
    }
  }

  #drift(checkpoint: Checkpoint): readonly EngineStep[] {
    return [...checkpoint.resources.values()].flatMap((resource): EngineStep[] => {
      if (!resource.place) return [];
      const { urn, type, name } = resource;
      const actual = this.#options.world.find(type, resource.key, resource.place);
      if (!actual) return [{ op: 'delete', urn, type, name, keys: [] }];
      const keys = Object.keys({ ...actual.inputs, ...resource.inputs }).filter(
        (key) => !isDeepStrictEqual(actual.inputs[key], resource.inputs[key]),
      );
      return [{ op: keys.length > 0 ? 'update' : 'same', urn, type, name, keys }];
    });
  }
}

/** Components and the stack itself have no provider: they are noted so that `show` has the whole tree. */
function components(recorded: readonly RecordedResource[], checkpoint: Checkpoint): PlannedStep[] {
  return recorded
    .filter((resource) => !resource.custom)
    .map(({ urn, type, name, parent, aliases }) => {
      const prior = [urn, ...aliases].map((known) => checkpoint.resources.get(known)).find((resource) => resource !== undefined);
      const next: StackResource = {
        ...{ urn, type, name, custom: false, parent, provider: null, protect: false, retainOnDelete: false, dependencies: [] },
        ...{ origin: urn, generation: 0, id: '', key: '', place: null, inputs: {}, outputs: {}, secretOutputs: [] },
      };
      return { op: prior ? 'same' : 'create', urn, type, name, keys: [], prior, next, deleteFirst: false, call: undefined };
    });
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

function countChanges(steps: readonly EngineStep[]): Changes {
  const counts = { ...noChanges };
  for (const step of steps) {
    if (step.op !== 'retain') counts[step.op] += 1;
  }
  return counts;
}

function classify(error: unknown): TargetError {
  if (error instanceof ResourceFailure) {
    return error.cause instanceof ProviderCrash ? { ...error.error, code: 'pulumi/crashed' } : error.error;
  }
  if (error instanceof FleetError) return { code: error.code, message: error.message, resource: error.resource ?? null };
  return { code: 'pulumi/program-failed', message: messageOf(error), resource: null };
}
