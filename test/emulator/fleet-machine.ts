import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

import { parse, stringify } from 'yaml';

/** What a command line did. */
export interface Ran {
  readonly exitCode: number | null;
  readonly out: readonly string[];
  readonly err: readonly string[];
  /** Data of the last message. */
  readonly result: unknown;
}

const bin = resolve(__dirname, '../../dist/fleet/bin.js');

/** A folder with a fleet in it and the fleet's own command, in processes that reach AWS at an address. Needs the transpiled fleet. */
export class FleetMachine {
  readonly directory = mkdtempSync(join(tmpdir(), 'fleet-s3-'));
  readonly #environment: Readonly<Record<string, string>>;

  constructor(endpoint: string) {
    this.#environment = {
      PATH: process.env.PATH ?? '',
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'AKIASTATE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_MAX_ATTEMPTS: '2',
      NODE_NO_WARNINGS: '1',
    };
  }

  /** Runs a command line to its end, as a program reads it. */
  async run(...argv: readonly string[]): Promise<Ran> {
    const config = argv[0] === 'init' ? [] : ['--config', join(this.directory, 'fleet.yaml')];
    const child = spawn(process.execPath, [bin, ...argv, '--json', ...config], { cwd: this.directory, env: this.#environment });
    const [out, err, exitCode] = await Promise.all([
      linesOf(child.stdout),
      linesOf(child.stderr),
      new Promise<number | null>((ended) => child.once('close', ended)),
    ]);
    const last = JSON.parse(out.at(-1) ?? '{}') as { readonly data?: unknown };
    return { exitCode, out, err, result: last.data };
  }

  /** Changes fleet.yaml as data. */
  configure(change: Readonly<Record<string, unknown>>): void {
    const path = join(this.directory, 'fleet.yaml');
    writeFileSync(path, stringify({ ...(parse(readFileSync(path, 'utf8')) as object), ...change }));
  }

  /** Brings files or folders of another machine here. */
  take(from: FleetMachine, ...paths: readonly string[]): void {
    for (const path of paths) {
      mkdirSync(dirname(join(this.directory, path)), { recursive: true });
      cpSync(join(from.directory, path), join(this.directory, path), { recursive: true });
    }
  }

  /** Paths of all files below a folder. */
  files(folder = '.'): readonly string[] {
    return readdirSync(join(this.directory, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.directory, join(entry.parentPath, entry.name)))
      .sort();
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function linesOf(stream: NodeJS.ReadableStream): Promise<readonly string[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8').split('\n').filter((line) => line !== ''); // prettier-ignore
}
