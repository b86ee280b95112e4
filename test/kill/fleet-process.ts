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

/** When a process is killed, and how. */
export type Moment = { /** @default SIGKILL */ readonly signal?: 'SIGKILL' | 'SIGHUP' } & (
  | { readonly kind: 'never' }
  /** So long after it was started. */
  | { readonly kind: 'start-up'; readonly afterMs: number }
  /** A moment after so many lines that match, or where they do not come so long after the first line. */
  | {
      readonly kind: 'lines';
      readonly matching: RegExp;
      readonly lines: number;
      readonly jitterMs: number;
      readonly patienceMs: number;
    }
);

/** Runs `fleet` in a process of its own; kills it, as `kill -9` does, at a moment. */
export function runFleet(bin: string, argv: readonly string[], moment: Moment = { kind: 'never' }): Promise<Ended> {
  const began = performance.now();
  // Whoever started this may want to survive a hang-up; what it kills must not.
  const env = { ...process.env, FLEET_HANGUP: undefined, _: undefined };
  const child = spawn(process.execPath, [bin, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const errors: string[] = [];
  let firstLine: number | null = null;
  const killIn = (milliseconds: number) => void delay(milliseconds).then(() => child.kill(moment.signal ?? 'SIGKILL'));
  let matched = 0;
  if (moment.kind === 'start-up') killIn(moment.afterMs);
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (firstLine === null && moment.kind === 'lines') killIn(moment.patienceMs);
    firstLine ??= performance.now() - began;
    lines.push(line);
    if (moment.kind !== 'lines' || !moment.matching.test(line)) return;
    matched += 1;
    if (matched === moment.lines) killIn(moment.jitterMs);
  });
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  return new Promise((settle) =>
    child.once('close', (exitCode) => settle({ exitCode, lines, errors, firstLine, lived: performance.now() - began })),
  );
}
