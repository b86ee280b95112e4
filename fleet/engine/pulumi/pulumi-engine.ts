import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { stackName, type Target } from '../../../contracts/target';
import { FleetError, isFleetError, messageOf } from '../../errors';
import {
  noChanges,
  type Clock,
  type Engine,
  type EngineAction,
  type EngineJob,
  type EngineOptions,
  type EngineResult,
  type Inspection,
  type ObjectStore,
  type Reporter,
  type TargetError,
} from '../../ports';
import { isProcessAlive, thisProcess } from '../../state/process-identity';
import { isOvertaken } from '../is-overtaken';

import { AttemptNotes, type AttemptNote } from './attempt-notes';
import type { BackendFiles } from './backend-files';
import { cliEnvironment, programEnvironment } from './child-environment';
import { deployedResources, stackOutputs } from './deployed-resource';
import { lastAttempt } from './last-attempt';
import { ProcessPool } from './process-pool';
import { targetStackConfig } from './project-files';
import { RunStory } from './run-story';
import { redactor, secretVariables } from './secret-variables';
import { settleLocks } from './settle-locks';
import { StackFiles } from './stack-files';
import { StackRun, type StackRunOptions } from './stack-run';
import type { CancelLadder, TargetProcess } from './target-process';

/** A provider that runs in the manager, in place of the plugin. */
export interface ServedProvider {
  /** As `PULUMI_DEBUG_PROVIDERS` wants it. */
  readonly attach: string;
  close(): Promise<void>;
}

/** What the engine is made of. */
export interface PulumiEngineOptions {
  /** Path of the CLI. */
  readonly cli: string;
  /** `file://` or `s3://`. */
  readonly backend: string;
  readonly files: BackendFiles;
  /** `passphrase`, or a URL as `awskms://`. */
  readonly secretsProvider: string;
  /** Marks the backend as the fleet's, before the first stack in it. @default it is nobody's */
  readonly claim?: () => Promise<void>;
  /** For notes of attempts. */
  readonly objects: ObjectStore;
  /** For the settings and event logs of runs under way. */
  readonly directory: string;
  readonly clock: Clock;
  /** Told what an attempt left behind, whose process died, and that it was put in order. */
  readonly reporter: Reporter;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the program reads, by key. @default a layer's: the target's config and the run's inputs */
  readonly stackConfig?: (job: EngineJob) => Readonly<Record<string, string>>;
  /** @default the plugin */
  readonly serveProvider?: (job: EngineJob, onEvent: EngineOptions['onEvent']) => Promise<ServedProvider>;
  /** Rejects unless the target's role leads into its account. */
  readonly confirmAccount?: (target: Target) => Promise<void>;
  readonly ladder?: CancelLadder;
  /** Processes kept ready. @default 2 */
  readonly spare?: number;
}

/** The first SIGINT lets calls to AWS end; a Lambda function that is being created takes the longest. */
const LADDER: CancelLadder = { askSeconds: 60, tellSeconds: 15 };
const SPARE = 2;

interface Beginning extends Pick<EngineOptions, 'confirm'> {
  readonly process: TargetProcess;
}

/** Deploys with the real CLI: one process and one CLI per running target, and its backend's files read beside it. */
export class PulumiEngine implements Engine {
  readonly name = 'pulumi';
  readonly #options: PulumiEngineOptions;
  readonly #files: StackFiles;
  readonly #notes: AttemptNotes;
  readonly #pool: ProcessPool;
  #claimed: Promise<void> | undefined;

  constructor(options: PulumiEngineOptions) {
    this.#options = options;
    this.#files = new StackFiles(options.files);
    this.#notes = new AttemptNotes(options.objects);
    const { clock, spare = SPARE } = options;
    this.#pool = new ProcessPool({ environment: programEnvironment(options.env), clock, spare });
  }

  async run(action: EngineAction, job: EngineJob, options: EngineOptions): Promise<EngineResult> {
    const story = new RunStory(options.onEvent, { ofRefresh: action === 'refresh' });
    const { layer } = job.target;
    const folder = join(this.#options.directory, `${layer}.${stackName(job.target)}`);
    const variables = secretVariables(job.config, this.#options.env);
    const redact = redactor(variables, this.#options.env);
    const failed = (error: TargetError): EngineResult => ({ status: 'failed', changes: story.changes, steps: story.steps, error });
    if (options.signal.aborted) return failed({ code: 'fleet/cancelled', message: 'cancelled before it began', resource: null });
    const process = this.#pool.take();
    let provider: ServedProvider | undefined;
    let begun: { readonly note: AttemptNote; readonly version: string } | undefined;
    let error: TargetError | null;
    try {
      await this.#options.confirmAccount?.(job.target);
      if (await this.#files.mendSidecar(job.target))
        this.#tellRecovered(job.target, 'took away a note beside its checkpoint that was cut short when a CLI died');
      if (writes(action)) {
        await (this.#claimed ??= this.#options.claim?.());
        begun = await this.#begin(action, job, { process, confirm: options.confirm });
      }
      provider = await this.#options.serveProvider?.(job, options.onEvent);
      const run = this.#runOf({ job, options, folder, variables, story, provider });
      const before = await run.prepare();
      const dropped = writes(action) ? await run.dropPending(before) : [];
      if (dropped.length > 0)
        this.#tellRecovered(job.target, `done again, as the process of an earlier attempt died amid them: ${dropped.join(', ')}`);
      if (before !== undefined) options.signal.throwIfAborted();
      error = await this.#carryOut(action, run, process);
    } catch (thrown) {
      process.kill();
      error = errorOf(thrown);
    } finally {
      await provider?.close();
      this.#pool.replenish();
    }
    if (error) error = { ...error, message: redact(error.message) };
    try {
      if (begun) {
        const endedAt = this.#options.clock.now().toISOString();
        const note: AttemptNote = { ...begun.note, endedAt, result: error ? 'failed' : 'succeeded', changes: story.changes, error };
        if ((await this.#notes.replace(job.target, note, begun.version)) === undefined) throw overtaken(job);
      }
      if (error) return failed(error);
      const outputs = action === 'destroy' ? {} : (stackOutputs(await this.#files.deployment(job.target)) ?? {});
      await rm(folder, { recursive: true, force: true });
      return { status: 'succeeded', changes: story.changes, steps: story.steps, outputs };
    } catch (thrown) {
      const { message, ...told } = errorOf(thrown);
      return failed({ ...told, message: redact(message) });
    }
  }

  async inspect(target: Target): Promise<Inspection> {
    const { note } = await this.#notes.look(target);
    // One whose controller lives is under way, and nothing is wrong with it.
    if (note?.result === null && !isProcessAlive(note.controller)) await this.#waitForOrphan(target, note);
    const [[lock], deployment, last] = await Promise.all([
      this.#files.locks(target),
      this.#files.deployment(target),
      lastAttempt(target, { note, files: this.#files }),
    ]);
    const resources = deployment ? deployedResources(deployment) : [];
    const stoodDown = last?.action === 'destroy' && last.result === 'succeeded';
    const outputs = stoodDown ? null : stackOutputs(deployment);
    return {
      exists: resources.length > 0 || outputs !== null,
      lastAttempt: last,
      lock: lock ? { holder: `${lock.username}@${lock.hostname}, pid ${lock.pid}`, since: lock.timestamp } : null,
      pending: (deployment?.pending_operations ?? []).map(({ resource, type }) => ({ urn: resource.urn, op: type })),
      resources,
      outputs,
    };
  }

  close(): Promise<void> {
    this.#pool.close();
    return Promise.resolve();
  }

  /** Nobody knows how a run ends that is still at work; a lock that is not this fleet's is only shown. */
  async #waitForOrphan(target: Target, note: AttemptNote): Promise<void> {
    try {
      await this.#settle(target, note);
    } catch (error) {
      if (!isFleetError(error) || error.code !== 'pulumi/locked') throw error;
    }
  }

  /** What an earlier attempt left behind is put in order before anything new begins. */
  #settle(target: Target, note: AttemptNote | undefined): Promise<void> {
    const onRecovered = (message: string) => this.#tellRecovered(target, message);
    return settleLocks(target, { files: this.#files, note, clock: this.#options.clock, onRecovered });
  }

  /**
   * Notes that an attempt begins, once what an earlier one left is in order. The last look before it is at the lease: settling may have waited for
   * minutes, and this process may have slept.
   */
  async #begin(action: 'up' | 'destroy', job: EngineJob, { process, confirm }: Beginning) {
    const { id, target } = job;
    for (;;) {
      const { note: last, version: seen } = await this.#notes.look(target);
      if (isOvertaken(id, last?.id ?? null)) throw overtaken(job);
      await this.#settle(target, last);
      await confirm?.();
      const startedAt = this.#options.clock.now().toISOString();
      const note: AttemptNote = {
        ...{ id, action, startedAt, endedAt: null, result: null, changes: noChanges, error: null },
        process: process.identity,
        controller: thisProcess(),
      };
      const version = await this.#notes.replace(target, note, seen);
      if (version !== undefined) return { note, version };
    }
  }

  #runOf(
    run: Pick<StackRunOptions, 'job' | 'options' | 'folder' | 'variables' | 'story'> & { readonly provider: ServedProvider | undefined },
  ) {
    const { provider, ...parts } = run;
    const { cli, env, backend, secretsProvider, clock, ladder = LADDER, stackConfig = targetStackConfig } = this.#options;
    const environment = { ...cliEnvironment(env, backend), ...(provider && { PULUMI_DEBUG_PROVIDERS: provider.attach }) };
    const takeProcess = () => this.#pool.take();
    const config = stackConfig(run.job);
    return new StackRun({ ...parts, cli, environment, config, secretsProvider, files: this.#files, clock, ladder, takeProcess });
  }

  async #carryOut(action: EngineAction, run: StackRun, process: TargetProcess): Promise<TargetError | null> {
    switch (action) {
      case 'up':
        return run.up(process);
      case 'preview':
        return run.preview(process);
      case 'refresh':
        return run.refresh(process);
      case 'destroy':
        return run.destroy(process);
      default:
        throw new Error(`unknown action ${action satisfies never as string}`);
    }
  }

  #tellRecovered({ id }: Target, message: string): void {
    this.#options.reporter.report({ level: 'warning', code: 'target-recovered', message: `${id}: ${message}`, target: id });
  }
}

function overtaken({ id }: EngineJob): FleetError {
  return new FleetError('fleet/fenced', `another controller has run ${id}, or what came after it; this one writes nothing more`);
}

function writes(action: EngineAction): action is 'up' | 'destroy' {
  return action === 'up' || action === 'destroy';
}

function errorOf(thrown: unknown): TargetError {
  if (isFleetError(thrown)) return { code: thrown.code, message: thrown.message, resource: thrown.resource ?? null };
  return { code: 'pulumi/failed', message: messageOf(thrown), resource: null };
}
