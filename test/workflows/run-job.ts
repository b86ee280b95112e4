import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { evaluate, filledIn, isTrue, type Contexts } from './expressions';
import { jobOf, pipeline, root, type Step } from './workflow';

/** Where jobs run that share artefacts. */
export interface Runner {
  /** Folder that each job gets one of its own in. */
  readonly folder: string;
  /** What stands in for what a job has of its machine. */
  readonly env: Readonly<Record<string, string>>;
  /** Without `steps` and `runner`. */
  readonly contexts: Contexts;
}

/** How a job ended. */
export interface RanJob {
  readonly exitCode: number;
  /** Standard output and error of its scripts. */
  readonly told: string;
  readonly summary: string;
  /** As jobs that need this one see them. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Names of the steps that ran, or what they used. */
  readonly steps: readonly string[];
}

/** Carries a job's scripts out as GitHub does, and its artefacts; what other actions do is left out. */
export function runJob(name: string, { folder, env, contexts }: Runner): RanJob {
  const job = jobOf(name);
  const temp = mkdtempSync(join(folder, `${name}-`));
  const [output, summary] = ['output', 'summary'].map((file) => join(temp, `.${file}`)) as [string, string];
  writeFileSync(summary, '');
  const steps: Record<string, { readonly outputs: Readonly<Record<string, string>> }> = {};
  const ran: string[] = [];
  let [exitCode, told] = [0, ''];
  for (const step of job.steps) {
    const known = { ...contexts, steps, runner: { temp } };
    const runs = isTrue(evaluate(step.if ?? 'always()', known)) && (exitCode === 0 || step.if?.includes('always()') === true);
    if (!runs) continue;
    ran.push(step.name ?? step.run ?? step.uses?.split('@')[0] ?? '');
    if (step.run === undefined) {
      carryArtefact(step, { folder, contexts: known });
      continue;
    }
    writeFileSync(output, '');
    const filled = Object.entries(step.env ?? {}).map(([key, value]) => [key, filledIn(value, known)] as const);
    const script = join(temp, '.script');
    writeFileSync(script, filledIn(step.run, known));
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: root,
      env: { ...pipeline.env, ...Object.fromEntries(filled), GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, ...env },
      encoding: 'utf8',
    });
    told += stdout + stderr;
    exitCode ||= status ?? 1;
    if (step.id !== undefined) steps[step.id] = { outputs: outputsIn(readFileSync(output, 'utf8')) };
  }
  const known = { ...contexts, steps };
  const outputs = Object.fromEntries(Object.entries(job.outputs ?? {}).map(([key, value]) => [key, filledIn(value, known)]));
  return { exitCode, told, summary: readFileSync(summary, 'utf8'), outputs, steps: ran };
}

function outputsIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

/** Artefacts are folders; all other actions have nothing to do here. */
function carryArtefact({ uses = '', with: given = {} }: Step, { folder, contexts }: Pick<Runner, 'folder' | 'contexts'>): void {
  const path = filledIn(String(given.path ?? ''), contexts);
  const kept = join(folder, 'artefacts', String(given.name));
  if (uses.startsWith('actions/upload-artifact@') && existsSync(path)) {
    mkdirSync(kept, { recursive: true });
    cpSync(path, kept, { recursive: true });
  } else if (uses.startsWith('actions/download-artifact@')) cpSync(kept, path, { recursive: true });
}
