import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A file of JSON lines that is only appended to: one write per change, whatever the size of the whole, and a process killed in mid-write
 * leaves at most a torn last line, which reading passes over and the next writer cuts off. Damage elsewhere throws. Reading changes
 * nothing: another process may be writing.
 */
export class AppendLog<Entry> {
  readonly #path: string;
  /** The file ends with a whole line and its folder exists. */
  #ready = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Every whole entry in order; empty where there is no file. */
  read(): readonly Entry[] {
    if (!existsSync(this.#path)) return [];
    const lines = readFileSync(this.#path, 'utf8').split('\n').slice(0, -1);
    return lines.map((line, index) => {
      try {
        return JSON.parse(line) as Entry;
      } catch (cause) {
        throw new Error(`${this.#path} is damaged at line ${index + 1}: restore the file or remove it`, { cause });
      }
    });
  }

  append(entry: Entry): void {
    if (!this.#ready) this.#prepare();
    appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
  }

  /** Puts these entries in place of all that is there, in one step. */
  compact(entries: readonly Entry[]): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const next = `${this.#path}.${process.pid}.tmp`;
    writeFileSync(next, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    renameSync(next, this.#path);
    this.#ready = true;
  }

  #prepare(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    if (existsSync(this.#path)) {
      const bytes = readFileSync(this.#path);
      truncateSync(this.#path, bytes.lastIndexOf('\n') + 1);
    }
    this.#ready = true;
  }
}
