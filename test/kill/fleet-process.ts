import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** How a process of the command line ended. */
export interface Ended {
  /** Null: it was killed. */
  readonly exitCode: number | null;
  readonly lines: readonly string[];
  readonly errors: readonly string[];
  /** Milliseconds to its first line, and to its end. */
  readonly firstLine: number | null;
  readonly lived: number;
}

/** When a process is killed: so long after it was started, or after so many lines, or after so long without one; whatever comes first. */
export interface Moment {
  readonly afterMs?: number;
  readonly afterLines?: { readonly lines: number; readonly jitterMs: number; readonly patienceMs: number };
}

/** Runs `fleet` in a process of its own; kills it, as `kill -9` does, at a moment. */
export function runFleet(bin: string, argv: readonly string[], moment: Moment = {}): Promise<Ended> {
  const began = performance.now();
  const child = spawn(process.execPath, [bin, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const errors: string[] = [];
  let firstLine: number | null = null;
  const killIn = (milliseconds: number) => void delay(milliseconds).then(() => child.kill('SIGKILL'));
  const { afterMs, afterLines } = moment;
  if (afterMs !== undefined) killIn(afterMs);
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (firstLine === null && afterLines) killIn(afterLines.patienceMs);
    firstLine ??= performance.now() - began;
    lines.push(line);
    if (lines.length === afterLines?.lines) killIn(afterLines.jitterMs);
  });
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  return new Promise((settle) =>
    child.once('close', (exitCode) => settle({ exitCode, lines, errors, firstLine, lived: performance.now() - began })),
  );
}
