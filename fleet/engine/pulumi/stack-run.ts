import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stackName } from '../../../contracts/target';
import type { Clock, EngineJob, EngineOptions, TargetError } from '../../ports';

import { EventLog } from './event-log';
import { historyMessage } from './last-attempt';
import { projectFile, secretsOf, stackFile, type StackSecrets } from './project-files';
import { runCli } from './run-cli';
import { RunStory } from './run-story';
import type { Deployment, StackFiles } from './stack-files';
import type { CancelLadder, TargetProcess } from './target-process';
import { whyFailed } from './why-failed';
import { withoutPending } from './without-pending';

/** What one run of a stack is made of. */
export interface StackRunOptions {
  readonly job: EngineJob;
  readonly options: EngineOptions;
  /** Of this run alone: its settings and its event log. */
  readonly folder: string;
  readonly cli: string;
  /** The CLI's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Secrets that the program reads from its environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the program reads, by key. */
  readonly config: Readonly<Record<string, string>>;
  /** `passphrase`, or a URL as `awskms://`. */
  readonly secretsProvider: string;
  readonly files: StackFiles;
  readonly story: RunStory;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly ladder: CancelLadder;
  /** A fresh process, where one run of the engine is not enough. */
  readonly takeProcess: () => TargetProcess;
}

/** One call of the CLI's engine. */
interface EngineCall {
  readonly args: readonly string[];
  /** @default true */
  readonly program?: boolean;
  /** @default the run's own */
  readonly story?: RunStory;
}

const QUIET = ['--non-interactive', '--color', 'never', '--suppress-outputs', '--suppress-progress'] as const;

/** One run of one stack: its settings, and the calls of the CLI that carry it out. Each gives why it failed; null: it succeeded. */
export class StackRun {
  readonly #parts: StackRunOptions;
  readonly #stack: string;

  constructor(parts: StackRunOptions) {
    this.#parts = parts;
    this.#stack = stackName(parts.job.target);
  }

  /** Writes the settings for the CLI, and makes the stack itself where it is new. Gives the stack as it was; undefined: it was not there. */
  async prepare(): Promise<Deployment | null | undefined> {
    const { job, folder, config, secretsProvider, files } = this.#parts;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'Pulumi.yaml'), projectFile(job.target.layer));
    const deployment = await files.deployment(job.target);
    const fresh: StackSecrets = secretsProvider === 'passphrase' ? {} : { secretsprovider: secretsProvider };
    await writeFile(join(folder, `Pulumi.${this.#stack}.yaml`), stackFile(config, secretsOf(deployment) ?? fresh));
    if (deployment === undefined) await this.#cli(['stack', 'init', this.#stack, '--no-select', '--secrets-provider', secretsProvider]);
    return deployment;
  }

  /** Drops the operations that an attempt had under way when its process died. Gives them as `creating <urn>`. */
  async dropPending(deployment: Deployment | null | undefined): Promise<readonly string[]> {
    const pending = deployment?.pending_operations ?? [];
    if (pending.length === 0) return [];
    const exported = await this.#cli(['stack', 'export', '--stack', this.#stack]);
    await this.#cli(['stack', 'import', '--stack', this.#stack], withoutPending(exported));
    return pending.map(({ type, resource }) => `${type} ${resource.urn}`);
  }

  up(process: TargetProcess): Promise<TargetError | null> {
    return this.#engine(process, { args: ['up', '--yes', '--skip-preview', ...this.#refreshFirst, '--message', this.#message] });
  }

  preview(process: TargetProcess): Promise<TargetError | null> {
    return this.#engine(process, { args: ['preview', ...this.#refreshFirst] });
  }

  refresh(process: TargetProcess): Promise<TargetError | null> {
    return this.#engine(process, { args: ['refresh', '--preview-only', '--run-program=false'], program: false });
  }

  /** What is protected still is kept, with all that it stands on; a stack of which nothing is left is removed. */
  async destroy(process: TargetProcess): Promise<TargetError | null> {
    const { job, files } = this.#parts;
    const protectedStill = await this.#unprotect();
    if (protectedStill) return protectedStill;
    const flags = ['--yes', '--skip-preview', '--exclude-protected', '--run-program=false'];
    const error = await this.#engine(process, { args: ['destroy', ...flags, '--message', this.#message], program: false });
    if (error) return error;
    const left = await files.deployment(job.target);
    if (left?.resources.every(({ type }) => type === 'pulumi:pulumi:Stack'))
      await this.#cli(['stack', 'rm', this.#stack, '--yes', '--force']);
    return null;
  }

  get #refreshFirst(): readonly string[] {
    return this.#parts.job.refresh === true ? ['--refresh'] : [];
  }

  get #message(): string {
    return historyMessage(this.#parts.job.id);
  }

  /**
   * Takes the protection off what the program, told what to unprotect, protects no longer: the engine's, and AWS's own where it is an input.
   * Nothing else of the program is carried out, and what is about to be destroyed is not replaced first.
   */
  async #unprotect(): Promise<TargetError | null> {
    const { job, options, takeProcess } = this.#parts;
    if (job.run.unprotect === 'nothing') return null;
    const foreseen = new RunStory(() => undefined);
    const error = await this.#engine(takeProcess(), { args: ['preview'], story: foreseen });
    if (error) return error;
    const replaced = new Set(foreseen.steps.flatMap(({ op, urn }) => (op === 'replace' ? [urn] : [])));
    for (const urn of foreseen.unprotected.filter((one) => replaced.has(one)))
      await this.#cli(['state', 'unprotect', urn, '--yes', '--stack', this.#stack]);
    const freed = foreseen.unprotected.filter((urn) => !replaced.has(urn));
    if (freed.length === 0) return null;
    const args = ['up', '--yes', '--skip-preview', ...freed.flatMap((urn) => ['--target', urn])];
    return this.#engine(takeProcess(), { args, story: new RunStory(options.onEvent) });
  }

  #cli(args: readonly string[], input?: string): Promise<string> {
    const { cli, folder: workDirectory, environment } = this.#parts;
    return runCli({ cli, args: [...args, '--non-interactive'], workDirectory, environment, ...(input !== undefined && { input }) });
  }

  /** One run of the engine, with its events. */
  async #engine(process: TargetProcess, { args, program = true, story = this.#parts.story }: EngineCall): Promise<TargetError | null> {
    const { job, options, folder, cli, environment, variables, clock, ladder } = this.#parts;
    const log = join(folder, 'events.log');
    await rm(log, { force: true });
    const end = process.run(
      {
        program: program ? { release: job.release, layer: job.target.layer } : null,
        variables: program ? variables : {},
        cli,
        args: [...args, '--stack', this.#stack, '--event-log', log, ...QUIET],
        workDirectory: folder,
        environment,
      },
      { signal: options.signal, ladder },
    );
    await new EventLog(log, { clock, onEvent: (event) => story.take(event) }).follow(end);
    return whyFailed(await end, { story, cancelled: options.signal.aborted });
  }
}
