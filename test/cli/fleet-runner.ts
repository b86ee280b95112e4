import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

import { parse, stringify } from 'yaml';

import { sha256Hex } from '../../fleet/digest';
import { main } from '../../fleet/main';
import { systemClock } from '../../fleet/system-clock';

import { resultOf, spawnFleet, startInWorker, type Ran, type Running, type RunningProcess } from './running-fleet';

type Data = Record<string, unknown>;

/** fleet.yaml as data, to be changed in place. */
export interface FleetData extends Data {
  waves: Data[];
  order: Data;
  limits: Data;
}

/** organization.yaml as data, to be changed in place. */
export interface OrganizationData extends Data {
  accounts: Data[];
}

/** Where command lines are carried out. */
export type Place =
  /** In this realm: no program can be run. */
  | 'in process'
  /** In a process that a test file's runners share, on a clock that runs faster. */
  | 'worker'
  /** Each in a process of its own, as a person starts it. */
  | 'spawned';

/** A folder with a fleet in it, and the command line to use it with. */
export class FleetRunner {
  readonly directory = mkdtempSync(join(tmpdir(), 'fleet-cli-'));
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Runs a command line with this folder's fleet, to its end. */
  async run(...argv: readonly string[]): Promise<Ran> {
    if (this.#place !== 'in process') return this.start(...argv).ended;
    return inProcess(this.#whole(argv), this.directory);
  }

  /** Starts a command line and does not wait for its end. */
  start(...argv: readonly string[]): Running {
    if (this.#place === 'in process') throw new Error('only whole runs are carried out in this realm');
    return (this.#place === 'worker' ? startInWorker : spawnFleet)(this.#whole(argv), this.directory);
  }

  /** Runs a command line whose question is answered. */
  async answer(text: string, ...argv: readonly string[]): Promise<Ran> {
    return startInWorker(this.#whole(argv), this.directory, text).ended;
  }

  /** Starts a command line in a process of its own. */
  spawn(...argv: readonly string[]): RunningProcess {
    return spawnFleet(this.#whole(argv), this.directory);
  }

  #whole(argv: readonly string[]): readonly string[] {
    return [...argv, ...(argv[0] === 'init' ? [] : ['--config', join(this.directory, 'fleet.yaml')])];
  }

  /** Changes a file's text; the change must change something. */
  edit(file: string, change: (text: string) => string): void {
    const path = join(this.directory, file);
    const before = readFileSync(path, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`nothing changed in ${file}`);
    writeFileSync(path, after);
  }

  /** Changes fleet.yaml as data. */
  configure(change: (fleet: FleetData) => void): void {
    this.#change('fleet.yaml', change);
  }

  /** Changes one wave of fleet.yaml. */
  changeWave(name: string, change: Data): void {
    this.configure(({ waves }) => {
      const wave = waves.find((one) => one.name === name);
      if (!wave) throw new Error(`there is no wave ${name}`);
      Object.assign(wave, change);
    });
  }

  /** Changes organization.yaml as data. */
  organize(change: (organization: OrganizationData) => void): void {
    this.#change('organization.yaml', change);
  }

  /** Replaces the planted faults. */
  plant(...faults: readonly Data[]): void {
    this.organize((organization) => (organization.faults = faults));
  }

  #change<FileData>(file: string, change: (data: FileData) => void): void {
    this.edit(file, (text) => {
      const data = parse(text) as FileData;
      change(data);
      return stringify(data);
    });
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

async function inProcess(argv: readonly string[], cwd: string): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await main(argv, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    clock: systemClock,
    cwd,
    productRoot: resolve(__dirname, '../..'),
    env: process.env,
    temporary: tmpdir(),
    ask: () => Promise.reject(new Error('nobody is there')),
    interrupt: new AbortController().signal,
    cancel: new AbortController().signal,
    person: 'tester@here',
  });
  return { exitCode, out, err, result: resultOf(argv, out) };
}
