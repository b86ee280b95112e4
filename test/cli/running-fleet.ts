import { fork, spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** What a command line did. */
export interface Ran {
  /** Negative: it was killed. */
  readonly exitCode: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
  /** Data of the last message of a `--json` run. */
  readonly result: unknown;
}

/** A command line under way. */
export interface Running {
  readonly ended: Promise<Ran>;
  /** Resolves with the first line that matches, printed already or yet to come; rejects where it ends without one. */
  line(pattern: RegExp): Promise<string>;
  /** Ctrl-C. */
  interrupt(): void;
}

/** One in a process of its own. */
export interface RunningProcess extends Running {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
}

const productRoot = resolve(__dirname, '../..');

/** Simulated and real waits pass this many times faster in the worker. */
const WORKER_SPEED = 5;

/** What a run has printed so far, and who waits for what of it. */
class Output {
  readonly out: string[] = [];
  readonly err: string[] = [];
  readonly ended: Promise<Ran>;
  readonly #argv: readonly string[];
  #waiting: { readonly pattern: RegExp; readonly resolve: (line: string) => void; readonly reject: (error: Error) => void }[] = [];
  #settle: { readonly resolve: (ran: Ran) => void; readonly reject: (error: Error) => void } | undefined;

  constructor(argv: readonly string[]) {
    this.#argv = argv;
    this.ended = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
  }

  take(stream: 'out' | 'err', line: string): void {
    this[stream].push(line);
    for (const { resolve } of this.#waiting.filter(({ pattern }) => pattern.test(line))) resolve(line);
    this.#waiting = this.#waiting.filter(({ pattern }) => !pattern.test(line));
  }

  end(exitCode: number): void {
    const { out, err } = this;
    for (const { pattern, reject } of this.#waiting)
      reject(new Error(`no line matches ${String(pattern)}:\n${[...out, ...err].join('\n')}`));
    try {
      this.#settle?.resolve({ exitCode, out, err, result: exitCode < 0 ? undefined : resultOf(this.#argv, out) });
    } catch (error) {
      this.#settle?.reject(error as Error);
    }
  }

  line(pattern: RegExp): Promise<string> {
    const printed = [...this.out, ...this.err].find((line) => pattern.test(line));
    if (printed !== undefined) return Promise.resolve(printed);
    return new Promise((resolve, reject) => this.#waiting.push({ pattern, resolve, reject }));
  }
}

/** The result of a `--json` run; throws where its last line is none. */
export function resultOf(argv: readonly string[], out: readonly string[]): unknown {
  if (!argv.includes('--json')) return undefined;
  const last = JSON.parse(out.at(-1) ?? '{}') as { readonly code?: string; readonly data?: unknown };
  if (last.code !== 'result') throw new Error(`the last message of ${argv.join(' ')} is no result`);
  return last.data;
}

type FromWorker = { readonly id: number } & ({ readonly out: string } | { readonly err: string } | { readonly exitCode: number });

let worker: ChildProcess | undefined;
const underWay = new Map<number, Output>();
let lastId = 0;

function openWorker(): ChildProcess {
  if (worker?.connected) return worker;
  worker = fork(join(__dirname, 'fleet-worker.mjs'), [String(WORKER_SPEED)], { execArgv: [] });
  worker.on('message', (message: FromWorker) => {
    const output = underWay.get(message.id);
    if ('out' in message) output?.take('out', message.out);
    else if ('err' in message) output?.take('err', message.err);
    else {
      underWay.delete(message.id);
      output?.end(message.exitCode);
    }
  });
  return worker;
}

/** Ends the worker of this test file, where one was started. */
export function stopWorker(): void {
  worker?.disconnect();
  worker = undefined;
}

/** Sets the worker's clock forward, where nothing runs that waits by it. */
export function skipInWorker(seconds: number): void {
  openWorker().send({ skip: seconds });
}

/** Starts a command line in the worker; a question of it is answered, where there is an answer. */
export function startInWorker(argv: readonly string[], cwd: string, answer?: string): Running {
  const id = (lastId += 1);
  const output = new Output(argv);
  underWay.set(id, output);
  const child = openWorker();
  // Jest hands out a copy, which a test may change.
  child.send({ id, argv, cwd, env: process.env, ...(answer === undefined ? {} : { answer }) });
  let interrupts = 0;
  return {
    ended: output.ended,
    line: (pattern) => output.line(pattern),
    interrupt: () => {
      interrupts += 1;
      child.send({ id, stop: interrupts === 1 ? 'interrupt' : 'cancel' });
    },
  };
}

/** Starts a command line in a process of its own. */
export function spawnFleet(argv: readonly string[], cwd: string): RunningProcess {
  const child = spawn(process.execPath, [join(productRoot, 'dist/fleet/bin.js'), ...argv], {
    cwd,
    // Jest hands out a copy, which a test may change.
    env: process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = new Output(argv);
  createInterface({ input: child.stdout }).on('line', (line) => output.take('out', line));
  createInterface({ input: child.stderr }).on('line', (line) => output.take('err', line));
  child.once('close', (exitCode) => output.end(exitCode ?? -1));
  return {
    pid: child.pid ?? 0,
    ended: output.ended,
    line: (pattern) => output.line(pattern),
    interrupt: () => child.kill('SIGINT'),
    kill: (signal) => child.kill(signal),
  };
}
