import {
  appendFileSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { makeFolders } from './make-folders';

/**
 * How much of a log's file is known: which file it is (rewriting puts another one in its place; 0: none is there), and its size. On disk the
 * first is an inode, which may come again; together with the size it tells what another process wrote.
 */
export interface LogPosition {
  readonly file: number;
  readonly size: number;
}

/** There is no file. */
export const NO_FILE: LogPosition = { file: 0, size: 0 };

/** What was read, and how far that goes: a last line that is not whole is left out. */
export interface LogReading {
  readonly lines: readonly string[];
  readonly position: LogPosition;
  /** The lines are all there are, not only those after the position asked for: the file is another one than that. */
  readonly fromStart: boolean;
}

/**
 * Lines that are only added to. Writes say how far the writer knows the file, and do nothing where it is not so: they return the
 * new position, or undefined.
 */
export interface LogFile {
  readonly path: string;
  /** Reads a line; nobody changes what it gives. @default JSON.parse */
  readonly parse?: (this: void, line: string) => unknown;
  /** Where it ends, a torn last line included. */
  position(): LogPosition;
  read(from: LogPosition): LogReading;
  /** Cuts off a torn last line that a dead writer left after `at`. */
  takeOver(at: LogPosition): LogPosition | undefined;
  append(line: string, at: LogPosition): LogPosition | undefined;
  /** Puts these lines in place of all that is there, in one step. */
  replace(lines: readonly string[], at: LogPosition): LogPosition | undefined;
  remove(at: LogPosition): LogPosition | undefined;
}

/** True where both are the same file, equally long. */
export function isSamePosition(left: LogPosition, right: LogPosition): boolean {
  return left.file === right.file && left.size === right.size;
}

/** Lines in a file on disk; sizes are bytes. */
export class DiskLogFile implements LogFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  position(): LogPosition {
    const there = statSync(this.path, { throwIfNoEntry: false });
    return there ? { file: there.ino, size: there.size } : NO_FILE;
  }

  read(from: LogPosition): LogReading {
    const descriptor = this.#open(constants.O_RDONLY);
    if (descriptor === undefined) return { lines: [], position: NO_FILE, fromStart: true };
    try {
      const { ino: file, size } = fstatSync(descriptor);
      const goesOn = file === from.file && size >= from.size;
      const start = goesOn ? from.size : 0;
      const bytes = readBytes(descriptor, { start, end: size });
      const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
      return {
        lines: whole.toString('utf8').split('\n').slice(0, -1),
        position: { file, size: start + whole.length },
        fromStart: !goesOn,
      };
    } finally {
      closeSync(descriptor);
    }
  }

  takeOver(at: LogPosition): LogPosition | undefined {
    if (isSamePosition(this.position(), at)) return at;
    if (!isSamePosition(this.read(at).position, at)) return undefined;
    truncateSync(this.path, at.size);
    return at;
  }

  append(line: string, at: LogPosition): LogPosition | undefined {
    if (at.file === 0) makeFolders(dirname(this.path), 0o700);
    const descriptor = this.#open(constants.O_WRONLY | constants.O_APPEND | (at.file === 0 ? constants.O_CREAT : 0));
    if (descriptor === undefined) return undefined;
    try {
      const { ino: file, size } = fstatSync(descriptor);
      if (size !== at.size || (at.file !== 0 && file !== at.file)) return undefined;
      const bytes = Buffer.from(`${line}\n`);
      appendFileSync(descriptor, bytes);
      return { file, size: size + bytes.length };
    } finally {
      closeSync(descriptor);
    }
  }

  replace(lines: readonly string[], at: LogPosition): LogPosition | undefined {
    if (!isSamePosition(this.position(), at)) return undefined;
    makeFolders(dirname(this.path), 0o700);
    const next = `${this.path}.${process.pid}.tmp`;
    writeFileSync(next, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    renameSync(next, this.path);
    return this.position();
  }

  remove(at: LogPosition): LogPosition | undefined {
    if (!isSamePosition(this.position(), at)) return undefined;
    rmSync(this.path, { force: true });
    return NO_FILE;
  }

  /** Undefined where there is no such file. */
  #open(flags: number): number | undefined {
    try {
      return openSync(this.path, flags, 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

function readBytes(descriptor: number, { start, end }: { readonly start: number; readonly end: number }): Buffer {
  const bytes = Buffer.alloc(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const read = readSync(descriptor, bytes, filled, bytes.length - filled, start + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
