import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

import type { Clock } from '../../../ports';

/** How a tool is run. */
export interface ToolRun {
  readonly args: readonly string[];
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly limitSeconds: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** How it ended; `why` is one line. */
export type ToolResult = { readonly ok: true; readonly output: string } | { readonly ok: false; readonly why: string };

const KEPT = 64 * 1024;
const LONGEST_WHY = 300;

/**
 * Runs a tool, with no shell, and ends it with everything that it has started where it takes too long or the signal aborts. Rejects with the
 * signal's reason only.
 */
export async function runTool(command: string, run: ToolRun): Promise<ToolResult> {
  const { args, env, cwd, limitSeconds, clock, signal } = run;
  signal?.throwIfAborted();
  // A group of its own, so that what the tool has started ends with it.
  const child = spawn(command, args, {
    env: { ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = new Tail(child.stdout);
  const complaints = new Tail(child.stderr);
  let late = false;
  const kill = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    // Whoever left the group may hold these for ever.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const over = new AbortController();
  const limit = clock.sleep(limitSeconds * 1000, over.signal).then(
    () => {
      late = true;
      kill();
    },
    () => undefined, // It ended first.
  );
  signal?.addEventListener('abort', kill);
  try {
    const end = await new Promise<string | number | null>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      child.once('close', (code, killed) => resolve(code ?? killed));
    });
    signal?.throwIfAborted();
    if (late) return { ok: false, why: `it was ended: it took longer than ${limitSeconds} s` };
    if (end === 0) return { ok: true, output: output.text };
    if (end === 'ENOENT') return { ok: false, why: `${cwd === undefined || existsSync(cwd) ? command : cwd} is not there` };
    return { ok: false, why: reasonOf(end, complaints.text === '' ? output.text : complaints.text) };
  } finally {
    signal?.removeEventListener('abort', kill);
    over.abort();
    await limit;
  }
}

/** The end of what a stream brought. */
class Tail {
  #text = '';

  constructor(stream: NodeJS.ReadableStream) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => (this.#text = (this.#text + chunk).slice(-KEPT)));
  }

  get text(): string {
    return this.#text;
  }
}

/** Tools say last what made them end. */
function reasonOf(end: string | number | null, said: string): string {
  if (end === 'EACCES') return 'it may not be run';
  const last = said.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('[notice]')).at(-1); // prettier-ignore
  const how = typeof end === 'number' ? `exit code ${end}` : `ended by ${end ?? 'nobody knows what'}`;
  if (last === undefined) return how;
  return last.length > LONGEST_WHY ? `${last.slice(0, LONGEST_WHY)}...` : last;
}
