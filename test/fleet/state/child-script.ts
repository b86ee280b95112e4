import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';

import { buildSync } from 'esbuild';

const root = resolve(__dirname, '../../..');

/** Bundles a script that imports by paths relative to the repository, to be run in processes of its own. */
export function bundleScript(source: string, folder: string): string {
  const outfile = join(folder, 'script.js');
  buildSync({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    outfile,
    logLevel: 'silent',
  });
  return outfile;
}

/** Starts it. What it prints is read as lines. */
export function start(script: string, args: readonly string[]): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Resolves when a process has ended: its exit code; null where it was killed. */
export function ended(child: ChildProcessByStdio<null, Readable, null>): Promise<number | null> {
  return new Promise((done) => child.once('close', done));
}
