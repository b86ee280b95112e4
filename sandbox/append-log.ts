import { DiskLogFile, isSamePosition, NO_FILE, type LogFile, type LogPosition } from './log-file';

/** Thrown in place of writing where another process wrote what this one took for its own to write. */
export class StaleWriter extends Error {
  constructor(path: string) {
    super(`another process wrote ${path}; this one writes nothing more`);
    this.name = 'StaleWriter';
  }
}

/** Thrown where a log could not be written: a full disk, a folder that may not be written to. What it was to tell may or may not be there. */
export class NotWritten extends Error {
  constructor(path: string, cause: unknown) {
    super(`${path} could not be written: ${cause instanceof Error ? cause.message : String(cause)}; see to that, then resume`, { cause });
    this.name = 'NotWritten';
  }
}

/** Shared by all logs of one writer: once one of them is found stale, none of them writes any more. */
export class WriterFence {
  broken: StaleWriter | undefined;
}

/** Opens a log by its path. */
export type OpenLog = <Entry>(path: string) => AppendLog<Entry>;

/** Opens logs on disk that share a fence. */
export function diskLogs(): OpenLog {
  const fence = new WriterFence();
  return (path) => new AppendLog(path, fence);
}

/** Entries that a reader had not seen. */
export interface NewEntries<Entry> {
  readonly entries: readonly Entry[];
  /** The file was written anew: what was read before counts no more. */
  readonly fromStart: boolean;
}

const NOTHING_NEW: NewEntries<never> = { entries: [], fromStart: false };

/**
 * A file of JSON lines that is only appended to: one write per change, whatever the size of the whole, and a process killed in mid-write
 * leaves at most a torn last line, which reading passes over and the next writer cuts off. Damage elsewhere throws. Reading changes
 * nothing: another process may be writing. One process writes at a time: each write compares the file with what this log read or wrote
 * itself, and throws {@link StaleWriter} where they differ, so that a process that was stopped and woken does no harm. A log that
 * has not written yet, or was overtaken, goes along with what others write.
 */
export class AppendLog<Entry> {
  readonly #file: LogFile;
  readonly #fence: WriterFence;
  /** As far as this log read or wrote the file itself; undefined: it never looked. */
  #at: LogPosition | undefined;
  /** Entries up to there. */
  #count = 0;
  #writes = false;

  constructor(file: string | LogFile, fence: WriterFence = new WriterFence()) {
    this.#file = typeof file === 'string' ? new DiskLogFile(file) : file;
    this.#fence = fence;
  }

  /** Every whole entry in order; empty where there is no file. */
  read(): readonly Entry[] {
    const { lines, position } = this.#file.read(NO_FILE);
    if (this.#writes && this.#at && !isSamePosition(position, this.#at)) this.#break();
    this.#at = position;
    this.#count = lines.length;
    return this.#parse(lines, 0);
  }

  /** What others wrote since this log last read. Cheap where that is nothing, and nothing while this log is the writer. */
  readNew(): NewEntries<Entry> {
    const at = this.#at ?? NO_FILE;
    const isWriter = this.#writes && !this.#fence.broken;
    if (isWriter || isSamePosition(this.#file.position(), at)) return NOTHING_NEW;
    const { lines, position, fromStart } = this.#file.read(at);
    const before = fromStart ? 0 : this.#count;
    this.#at = position;
    this.#count = before + lines.length;
    return { entries: this.#parse(lines, before), fromStart };
  }

  /** Durable when it returns. Throws {@link StaleWriter}, or {@link NotWritten}. */
  append(entry: Entry): void {
    this.#write((at) => this.#file.append(JSON.stringify(entry), at));
    this.#count += 1;
  }

  /** Puts these entries in place of all that is there, in one step. Throws as {@link append}. */
  compact(entries: readonly Entry[]): void {
    const lines = entries.map((entry) => JSON.stringify(entry));
    this.#write((at) => this.#file.replace(lines, at));
    this.#count = entries.length;
  }

  /** Removes the file. Throws as {@link append}. */
  remove(): void {
    this.#write((at) => this.#file.remove(at));
    this.#count = 0;
  }

  #write(write: (at: LogPosition) => LogPosition | undefined): void {
    if (this.#fence.broken) throw this.#fence.broken;
    const next = this.#attempt(write);
    if (!next) throw this.#break();
    this.#at = next;
    this.#writes = true;
  }

  #attempt(write: (at: LogPosition) => LogPosition | undefined): LogPosition | undefined {
    try {
      const known = this.#at ?? this.#file.read(NO_FILE).position;
      const at = this.#writes ? known : this.#file.takeOver(known);
      // A write that fails half done leaves a torn line of our own: the next one takes over anew.
      this.#writes = false;
      return at && write(at);
    } catch (cause) {
      throw new NotWritten(this.#file.path, cause);
    }
  }

  #break(): StaleWriter {
    this.#fence.broken ??= new StaleWriter(this.#file.path);
    return this.#fence.broken;
  }

  #parse(lines: readonly string[], before: number): readonly Entry[] {
    return lines.map((line, index) => {
      try {
        return (this.#file.parse ?? JSON.parse)(line) as Entry;
      } catch (cause) {
        throw new Error(`${this.#file.path} is damaged at line ${before + index + 1}: restore the file or remove it`, { cause });
      }
    });
  }
}
