import { AppendLog, WriterFence, type OpenLog } from '../../sandbox/append-log';
import { isSamePosition, NO_FILE, type LogFile, type LogPosition } from '../../sandbox/log-file';

interface DiskFile {
  readonly id: number;
  readonly lines: string[];
}

/**
 * Log files in memory that behave as on a disk: whoever knows a file as it is may write to it, and learns so where another one has. What a
 * dead process writes comes to nothing.
 */
export class SimulatedDisk {
  readonly #files: Map<string, DiskFile>;
  #made: number;
  /** Lines as they were read once: every process reads them all again, and thousands of simulations begin with the same ones. */
  readonly #read = new Map<string, unknown>();
  readonly #readBefore: ReadonlyMap<string, unknown>;

  /** With the files of another one as they are now. */
  constructor(from: SimulatedDisk | null = null) {
    this.#files = new Map(from ? [...from.#files].map(([path, { id, lines }]) => [path, { id, lines: [...lines] }]) : []);
    this.#made = from ? from.#made : 0;
    this.#readBefore = from ? from.#readAll() : new Map();
  }

  /** Opens logs as one process does, which writes while it lives. */
  openLog(isAlive: () => boolean): OpenLog {
    const fence = new WriterFence();
    return (path) => new AppendLog(this.#open(path, isAlive), fence);
  }

  /** Paths of the logs that are there, sorted. */
  paths(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  #readAll(): ReadonlyMap<string, unknown> {
    for (const { lines } of this.#files.values()) for (const line of lines) this.#parse(line);
    return this.#read;
  }

  #parse(line: string): unknown {
    const known = this.#readBefore.get(line) ?? this.#read.get(line);
    if (known !== undefined) return known;
    const parsed: unknown = JSON.parse(line);
    this.#read.set(line, parsed);
    return parsed;
  }

  #open(path: string, isAlive: () => boolean): LogFile {
    const position = (): LogPosition => {
      const file = this.#files.get(path);
      return file ? { file: file.id, size: file.lines.length } : NO_FILE;
    };
    const mayWrite = (at: LogPosition) => isAlive() && isSamePosition(position(), at);
    const put = (lines: string[]): LogPosition => {
      this.#made += 1;
      this.#files.set(path, { id: this.#made, lines });
      return position();
    };
    return {
      path,
      parse: (line) => this.#parse(line),
      position,
      read: (from) => {
        const file = this.#files.get(path);
        const goesOn = file?.id === from.file && file.lines.length >= from.size;
        return { lines: file?.lines.slice(goesOn ? from.size : 0) ?? [], position: position(), fromStart: !goesOn };
      },
      takeOver: (at) => (mayWrite(at) ? at : undefined),
      append: (line, at) => {
        if (!mayWrite(at)) return undefined;
        const file = this.#files.get(path);
        if (!file) return put([line]);
        file.lines.push(line);
        return position();
      },
      replace: (lines, at) => (mayWrite(at) ? put([...lines]) : undefined),
      remove: (at) => {
        if (!mayWrite(at)) return undefined;
        this.#files.delete(path);
        return NO_FILE;
      },
    };
  }
}
