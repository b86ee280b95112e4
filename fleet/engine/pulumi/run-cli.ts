import { spawn } from 'node:child_process';

import { FleetError } from '../../errors';

import { classifyOutput } from './classify-diagnostic';

/** A call of the CLI that runs no program. */
export interface CliCall {
  readonly cli: string;
  readonly args: readonly string[];
  readonly workDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: string;
}

const LONGEST_MS = 120_000;

/** Runs it and gives what it printed. Throws a {@link FleetError} of what the CLI says. */
export function runCli({ cli, args, workDirectory, environment, input }: CliCall): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own: `Ctrl-C` is the manager's to hand on.
    const child = spawn(cli, args, {
      cwd: workDirectory,
      env: { ...environment },
      detached: true,
      timeout: LONGEST_MS,
    });
    const printed: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve(Buffer.concat(printed).toString('utf8'));
      const { code: told, message } = classifyOutput(Buffer.concat(complaints).toString('utf8'));
      reject(new FleetError(told as `pulumi/${string}`, `pulumi ${args[0] ?? ''}: ${message}`));
    });
    child.stdin.on('error', () => undefined); // It may end before it has read everything; its exit says why.
    child.stdin.end(input ?? '');
  });
}
