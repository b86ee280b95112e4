import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

import { stringify } from 'yaml';

import { reportSchema, type CheckedReport } from '../fleet/report/report-schema';
import { bringBack, type BroughtBack } from '../helpers/bring-back';

/** What a command line did. */
export interface Ran {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
  /** Data of the last message. */
  readonly result: unknown;
}

/** How a fleet of real accounts, or of emulated ones, is reached. */
export interface AwsFleetOptions {
  readonly config: Readonly<Record<string, unknown>>;
  /** As `aws:<port>`; undefined: AWS's plugin. */
  readonly attachProvider?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A folder with a fleet of `organization.source: aws`, and its command line in processes of their own. Needs the transpiled fleet. */
export class AwsFleet {
  readonly directory = mkdtempSync(join(tmpdir(), 'fleet-aws-'));
  readonly #options: AwsFleetOptions;

  constructor(options: AwsFleetOptions) {
    this.#options = options;
    writeFileSync(this.#path, stringify(options.config));
  }

  /** Runs a command line to its end, as a program reads it. */
  async run(...argv: readonly string[]): Promise<Ran> {
    const script = resolve(__dirname, 'fleet-with-provider.mjs');
    const { attachProvider = '', environment } = this.#options;
    const child = spawn(process.execPath, [script, attachProvider, ...argv, '--json', '--config', this.#path], {
      cwd: this.directory,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_NO_WARNINGS: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((end) => child.once('close', end));
    const [out, err, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    const last = out.trimEnd().split('\n').at(-1) ?? '';
    return { exitCode, out, err, result: (JSON.parse(last === '' ? '{}' : last) as { readonly data?: unknown }).data };
  }

  /** Rolls out, and gives the report; throws what was said where it did not end well. */
  async rollOut(...flags: readonly string[]): Promise<CheckedReport> {
    const ran = await this.run('rollout', '--yes', ...flags);
    if (ran.exitCode !== 0) throw new Error(`${ran.err}\n${ran.out}`);
    return reportSchema.parse(ran.result);
  }

  /** Runs the engine over what is deployed, reading first what AWS has. */
  bringBack(targets: readonly string[]): Promise<readonly BroughtBack[]> {
    const { attachProvider, environment } = this.#options;
    return bringBack(this.#path, { environment, targets, ...(attachProvider !== undefined && { attachProvider }) });
  }

  get name(): string {
    return String(this.#options.config.name);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  get #path(): string {
    return join(this.directory, 'fleet.yaml');
  }
}
