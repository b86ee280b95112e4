import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { FleetRunner } from './fleet-runner';

/** The command itself. */
export const command = resolve(__dirname, '../../dist/fleet/bin.js');

/** Where a stream of a command line leads: nowhere with room, to a reader that leaves after its first line, or to one that stays. */
export type Stream = 'full' | 'closed after a line' | 'read';

/** How a command line is started. */
export interface StartOptions {
  /** @default read */
  readonly out?: Stream;
  /** @default read */
  readonly err?: Stream;
  /** What runs before it in the same process, as `nohup` does. @default nothing */
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A command line whose streams are not as they should be. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly out: string; readonly err: string }>;
  /** Resolves once it has printed this. */
  printed(text: string): Promise<void>;
}

/** Starts the command itself, as the shell finds it. */
export function startFleet(fleet: FleetRunner, argv: readonly string[], options: StartOptions = {}): Started {
  const { out = 'read', err = 'read', shell, env = process.env } = options;
  const full = openSync('/dev/full', 'w');
  const whole = [...argv, '--config', join(fleet.directory, 'fleet.yaml')];
  const [file, args] = shell === undefined ? [command, whole] : ['sh', ['-c', `${shell} "$0" "$@"`, command, ...whole]];
  const stdio = [out, err].map((stream) => (stream === 'full' ? full : 'pipe'));
  const child = spawn(file, args, { cwd: fleet.directory, env, stdio: ['ignore', ...stdio] });
  closeSync(full);
  const seen = { out: '', err: '' };
  const waiting: { readonly text: string; readonly resolve: () => void }[] = [];
  for (const [name, stream, kind] of [
    ['out', child.stdout, out],
    ['err', child.stderr, err],
  ] as const)
    // prettier-ignore
    stream?.setEncoding('utf8').on('data', (text: string) => {
      seen[name] += text;
      if (kind === 'closed after a line' && seen[name].includes('\n')) stream.destroy();
      for (const one of waiting) if (`${seen.out}${seen.err}`.includes(one.text)) one.resolve();
    });
  const ended = new Promise<{ readonly exitCode: number | null; readonly out: string; readonly err: string }>((resolve) =>
    child.once('close', (exitCode) => resolve({ exitCode, ...seen })),
  );
  return { child, ended, printed: (text) => new Promise((resolve) => waiting.push({ text, resolve })) };
}
