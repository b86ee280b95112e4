import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A file of JSON lines that is only appended to: one write per change, whatever the size of the whole, and a process killed in mid-write
 * leaves at most a torn last line, which reading drops. Damage elsewhere throws.
 */
export class AppendLog<Entry> {
  readonly #path: string;
  #made = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Every entry in order; empty where there is no file. Drops a torn last line from the file as well. */
  read(): readonly Entry[] {
    if (!existsSync(this.#path)) return [];
    const text = readFileSync(this.#path, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    if (end < text.length) this.#replace(text.slice(0, end));
    const lines = text.slice(0, end).split('\n').slice(0, -1);
    return lines.map((line, index) => {
      try {
        return JSON.parse(line) as Entry;
      } catch (cause) {
        throw new Error(`${this.#path} is damaged at line ${index + 1}: restore the file or remove it`, { cause });
      }
    });
  }

  append(entry: Entry): void {
    if (!this.#made) mkdirSync(dirname(this.#path), { recursive: true });
    this.#made = true;
    appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
  }

  /** Puts these entries in place of all that is there, in one step. */
  compact(entries: readonly Entry[]): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    this.#replace(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  }

  #replace(text: string): void {
    const next = `${this.#path}.${process.pid}.tmp`;
    writeFileSync(next, text);
    renameSync(next, this.#path);
  }
}
