import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

/** Root of this repository. */
export const root = join(__dirname, '..', '..');

/** One step of a job. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** One job. */
export interface Job {
  readonly name?: string;
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly 'timeout-minutes'?: number;
}

/** A workflow, as far as tests look at it. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>> & { readonly schedule: readonly { readonly cron: string }[] };
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': string };
  readonly permissions: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The pipeline, as text and as data. */
export const pipelineText = readFileSync(join(root, '.github', 'workflows', 'rollout.yml'), 'utf8');
export const pipeline = parse(pipelineText) as Workflow;

/** A job that the pipeline has. */
export function jobOf(name: string): Job {
  const job = pipeline.jobs[name];
  if (!job) throw new Error(`there is no job ${name}`);
  return job;
}
