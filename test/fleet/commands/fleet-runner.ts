import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

import { sha256Hex } from '../../../fleet/digest';
import { main } from '../../../fleet/main';
import { systemClock } from '../../../fleet/system-clock';

/** What a command line did. */
export interface Ran {
  readonly exitCode: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
  /** Data of the last message of a `--json` run. */
  readonly result: unknown;
}

/** A folder with a fleet in it, and the command line to use it with. */
export class FleetRunner {
  readonly directory = mkdtempSync(join(tmpdir(), 'fleet-cli-'));
  readonly #how: 'in process' | 'spawned';

  /** `spawned` runs what `npm test` has transpiled: jest's realm and Pulumi's SDK do not agree on what an array is. */
  constructor(how: 'in process' | 'spawned') {
    this.#how = how;
  }

  /** Runs a command line with this folder's fleet. */
  async run(...argv: readonly string[]): Promise<Ran> {
    const { exitCode, out, err } = await this.#start([
      ...argv,
      ...(argv[0] === 'init' ? [] : ['--config', join(this.directory, 'fleet.yaml')]),
    ]);
    const last = argv.includes('--json') ? (JSON.parse(out.at(-1) ?? '{}') as { code?: string; data?: unknown }) : {};
    if (argv.includes('--json') && last.code !== 'result') throw new Error(`the last message of ${argv.join(' ')} is no result`);
    return { exitCode, out, err, result: last.data };
  }

  async #start(argv: readonly string[]): Promise<Omit<Ran, 'result'>> {
    return this.#how === 'spawned' ? spawned(argv, this.directory) : inProcess(argv, this.directory);
  }

  /** Changes a file's text; the change must change something. */
  edit(file: string, change: (text: string) => string): void {
    const path = join(this.directory, file);
    const before = readFileSync(path, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`nothing changed in ${file}`);
    writeFileSync(path, after);
  }

  /** Paths of all files, to see that nothing was touched. */
  files(): readonly string[] {
    return readdirSync(this.directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.directory, join(entry.parentPath, entry.name)))
      .sort();
  }

  /** Every file with a digest of what is in it. */
  contents(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.files().map((file) => [file, sha256Hex(readFileSync(join(this.directory, file)))]));
  }

  copyFrom(other: FleetRunner): this {
    cpSync(other.directory, this.directory, { recursive: true });
    return this;
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const productRoot = resolve(__dirname, '../../..');

async function inProcess(argv: readonly string[], cwd: string): Promise<Omit<Ran, 'result'>> {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await main(argv, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    clock: systemClock,
    cwd,
    productRoot,
    temporary: tmpdir(),
    ask: () => Promise.reject(new Error('nobody is there')),
    interrupt: new AbortController().signal,
  });
  return { exitCode, out, err };
}

function spawned(argv: readonly string[], cwd: string): Promise<Omit<Ran, 'result'>> {
  const lines = (text: string) => text.split('\n').filter((line) => line !== '');
  return new Promise((settle, reject) => {
    execFile(
      process.execPath,
      [join(productRoot, 'dist/fleet/bin.js'), ...argv],
      { cwd, timeout: 50_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : error.code;
        if (typeof exitCode === 'number') settle({ exitCode, out: lines(stdout), err: lines(stderr) });
        else reject(new Error(`${argv.join(' ')} did not end`, { cause: error }));
      },
    );
  });
}
