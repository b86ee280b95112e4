import { mkdir, rm, writeFile } from 'node:fs/promises';
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

import { AttemptNotes, type AttemptNote } from './attempt-notes';
import type { BackendFiles } from './backend-files';
import { cliEnvironment, programEnvironment } from './child-environment';
import { deployedResources, stackOutputs } from './deployed-resource';
import { EventLog } from './event-log';
import { historyMessage, lastAttempt } from './last-attempt';
import { ProcessPool } from './process-pool';
import { projectFile, secretsOf, stackFile, targetStackConfig, type StackSecrets } from './project-files';
import { runCli } from './run-cli';
import { RunStory } from './run-story';
import { redactor, secretVariables } from './secret-variables';
import { settleLocks } from './settle-locks';
import { StackFiles, type Deployment } from './stack-files';
import type { CancelLadder, TargetProcess } from './target-process';
import { whyFailed } from './why-failed';
import { withoutPending } from './without-pending';

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

/** One run under way. */
interface Run {
  readonly action: EngineAction;
  readonly job: EngineJob;
  readonly options: EngineOptions;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly story: RunStory;
}

/** One call of the CLI's engine. */
interface EngineCall {
  readonly args: readonly string[];
  /** @default true */
  readonly program?: boolean;
}

/** The first SIGINT lets calls to AWS end; a Lambda function that is being created takes the longest. */
const LADDER: CancelLadder = { askSeconds: 60, tellSeconds: 15 };
const SPARE = 2;

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
    const story = new RunStory(options.onEvent);
    const { layer } = job.target;
    const folder = join(this.#options.directory, `${layer}.${stackName(job.target)}`);
    const variables = secretVariables(job.config, this.#options.env);
    const redact = redactor(variables, this.#options.env);
    const failed = (error: TargetError): EngineResult => ({ status: 'failed', changes: story.changes, steps: story.steps, error });
    if (options.signal.aborted) return failed({ code: 'fleet/cancelled', message: 'cancelled before it began', resource: null });
    const process = this.#pool.take();
    let provider: ServedProvider | undefined;
    let note: AttemptNote | undefined;
    let error: TargetError | null;
    try {
      await this.#options.confirmAccount?.(job.target);
      if (writes(action)) {
        await (this.#claimed ??= this.#options.claim?.());
        await this.#settle(job.target);
      }
      if (writes(action)) note = await this.#noteStart(action, job, process);
      provider = await this.#options.serveProvider?.(job, options.onEvent);
      const environment = {
        ...cliEnvironment(this.#options.env, this.#options.backend),
        ...(provider && { PULUMI_DEBUG_PROVIDERS: provider.attach }),
      };
      const run: Run = { action, job, options, folder, environment, variables, story };
      await this.#prepare(run);
      error = await this.#carryOut(run, process);
    } catch (thrown) {
      process.kill();
      error = errorOf(thrown);
    } finally {
      await provider?.close();
      this.#pool.replenish();
    }
    if (error) error = { ...error, message: redact(error.message) };
    try {
      if (note) {
        const endedAt = this.#options.clock.now().toISOString();
        await this.#notes.write(job.target, { ...note, endedAt, result: error ? 'failed' : 'succeeded', changes: story.changes, error });
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
    const note = await this.#notes.read(target);
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
    const onRecovered = (message: string) => this.#tellRecovered(target, message);
    try {
      await settleLocks(target, { files: this.#files, note, clock: this.#options.clock, onRecovered });
    } catch (error) {
      if (!isFleetError(error) || error.code !== 'pulumi/locked') throw error;
    }
  }

  /** What an earlier attempt left behind is put in order before anything new begins. */
  async #settle(target: Target): Promise<void> {
    const note = await this.#notes.read(target);
    const onRecovered = (message: string) => this.#tellRecovered(target, message);
    await settleLocks(target, { files: this.#files, note, clock: this.#options.clock, onRecovered });
  }

  async #noteStart(action: 'up' | 'destroy', { id, target }: EngineJob, process: TargetProcess): Promise<AttemptNote> {
    const startedAt = this.#options.clock.now().toISOString();
    const note: AttemptNote = {
      ...{ id, action, startedAt, endedAt: null, result: null, changes: noChanges, error: null },
      process: process.identity,
      controller: thisProcess(),
    };
    await this.#notes.write(target, note);
    return note;
  }

  /** Settings for the CLI, and the stack itself where it is new. */
  async #prepare(run: Run): Promise<void> {
    const { job, folder, options } = run;
    const { target } = job;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'Pulumi.yaml'), projectFile(target.layer));
    const config = (this.#options.stackConfig ?? targetStackConfig)(job);
    const settings = join(folder, `Pulumi.${stackName(target)}.yaml`);
    const deployment = await this.#files.deployment(target);
    if (deployment === undefined) {
      const { secretsProvider } = this.#options;
      const provider = secretsProvider === 'passphrase' ? {} : { secretsprovider: secretsProvider };
      await writeFile(settings, stackFile(config, provider));
      await this.#cli(run, ['stack', 'init', stackName(target), '--no-select', '--secrets-provider', secretsProvider]);
      return;
    }
    await writeFile(settings, stackFile(config, secretsOf(deployment) ?? this.#newSecrets()));
    if (writes(run.action)) await this.#dropPending(run, deployment);
    options.signal.throwIfAborted();
  }

  #tellRecovered({ id }: Target, message: string): void {
    this.#options.reporter.report({ level: 'warning', code: 'target-recovered', message: `${id}: ${message}`, target: id });
  }

  #newSecrets(): StackSecrets {
    const { secretsProvider } = this.#options;
    return secretsProvider === 'passphrase' ? {} : { secretsprovider: secretsProvider };
  }

  /** Operations that an attempt had under way when its process died. */
  async #dropPending(run: Run, deployment: Deployment | null): Promise<void> {
    const pending = deployment?.pending_operations ?? [];
    if (pending.length === 0) return;
    const stack = stackName(run.job.target);
    const exported = await this.#cli(run, ['stack', 'export', '--stack', stack]);
    await this.#cli(run, ['stack', 'import', '--stack', stack], withoutPending(exported));
    const what = pending.map(({ type, resource }) => `${type} ${resource.urn}`).join(', ');
    this.#tellRecovered(run.job.target, `done again, as the process of an earlier attempt died amid them: ${what}`);
  }

  #cli({ folder, environment }: Run, args: readonly string[], input?: string): Promise<string> {
    const call = { cli: this.#options.cli, args: [...args, '--non-interactive'], workDirectory: folder, environment };
    return runCli({ ...call, ...(input !== undefined && { input }) });
  }

  async #carryOut(run: Run, process: TargetProcess): Promise<TargetError | null> {
    const { action, job } = run;
    const stack = stackName(job.target);
    switch (action) {
      case 'up':
        return this.#engineRun(run, process, { args: ['up', '--yes', '--skip-preview', '--message', historyMessage(job.id)] });
      case 'preview':
        return this.#engineRun(run, process, { args: ['preview'] });
      case 'refresh':
        return this.#engineRun(run, process, { args: ['refresh', '--preview-only', '--run-program=false'], program: false });
      case 'destroy': {
        const protectedStill = await this.#unprotect(run);
        if (protectedStill) return protectedStill;
        const args = [
          'destroy',
          '--yes',
          '--skip-preview',
          '--exclude-protected',
          '--run-program=false',
          '--message',
          historyMessage(job.id),
        ];
        const error = await this.#engineRun(run, process, { args, program: false });
        if (error) return error;
        const left = await this.#files.deployment(job.target);
        if (left?.resources.every(({ type }) => type === 'pulumi:pulumi:Stack'))
          await this.#cli(run, ['stack', 'rm', stack, '--yes', '--force']);
        return null;
      }
      default:
        throw new Error(`unknown action ${action satisfies never as string}`);
    }
  }

  /**
   * Takes the protection off what the program, told what to unprotect, protects no longer: the engine's, and AWS's own where it is an input.
   * Nothing else of the program is carried out, and what is about to be destroyed is not replaced first.
   */
  async #unprotect(run: Run): Promise<TargetError | null> {
    if (run.job.run.unprotect === 'nothing') return null;
    const foreseen = new RunStory(() => undefined);
    const error = await this.#engineRun({ ...run, story: foreseen }, this.#pool.take(), { args: ['preview'] });
    if (error) return error;
    const replaced = new Set(foreseen.steps.flatMap(({ op, urn }) => (op === 'replace' ? [urn] : [])));
    for (const urn of foreseen.unprotected.filter((one) => replaced.has(one)))
      await this.#cli(run, ['state', 'unprotect', urn, '--yes', '--stack', stackName(run.job.target)]);
    const freed = foreseen.unprotected.filter((urn) => !replaced.has(urn));
    if (freed.length === 0) return null;
    const args = ['up', '--yes', '--skip-preview', ...freed.flatMap((urn) => ['--target', urn])];
    return this.#engineRun({ ...run, story: new RunStory(run.options.onEvent) }, this.#pool.take(), { args });
  }

  /** One run of the engine, with its events. Null: it succeeded. */
  async #engineRun(
    { job, options, folder, environment, variables, story }: Run,
    process: TargetProcess,
    { args, program = true }: EngineCall,
  ): Promise<TargetError | null> {
    const log = join(folder, 'events.log');
    await rm(log, { force: true });
    const end = process.run(
      {
        program: program ? join(job.release.directory, job.target.layer, 'index.js') : null,
        variables: program ? variables : {},
        cli: this.#options.cli,
        args: [...args, '--stack', stackName(job.target), '--event-log', log, ...QUIET],
        workDirectory: folder,
        environment,
      },
      { signal: options.signal, ladder: this.#options.ladder ?? LADDER },
    );
    await new EventLog(log, { clock: this.#options.clock, onEvent: (event) => story.take(event) }).follow(end);
    return whyFailed(await end, { story, cancelled: options.signal.aborted });
  }
}

const QUIET = ['--non-interactive', '--color', 'never', '--suppress-outputs', '--suppress-progress'] as const;

function writes(action: EngineAction): action is 'up' | 'destroy' {
  return action === 'up' || action === 'destroy';
}

function errorOf(thrown: unknown): TargetError {
  if (thrown instanceof FleetError) return { code: thrown.code, message: thrown.message, resource: thrown.resource ?? null };
  return { code: 'pulumi/failed', message: messageOf(thrown), resource: null };
}
