import { AppendLog, type OpenLog } from './append-log';
import { isSamePosition, NO_FILE, type LogFile, type LogPosition, type LogReading } from './log-file';

interface MemoryFile {
  readonly id: number;
  readonly lines: string[];
}

/**
 * Logs in memory, in place of a folder: they outlive the engine that wrote them, as files outlive a process. Whoever takes over is the
 * one writer from then on.
 */
export class MemoryLogs {
  readonly #files = new Map<string, MemoryFile>();
  #made = 0;
  #generation = 0;

  /** Opens logs as a new process would. Logs opened before can still be read, and refuse to write. */
  takeOver(): OpenLog {
    this.#generation += 1;
    const generation = this.#generation;
    return (path) => new AppendLog(this.#open(path, generation));
  }

  /** Paths of the logs that are there, sorted. */
  paths(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  #open(path: string, generation: number): LogFile {
    const position = (): LogPosition => {
      const file = this.#files.get(path);
      return file ? { file: file.id, size: file.lines.length } : NO_FILE;
    };
    const mayWrite = (at: LogPosition) => generation === this.#generation && isSamePosition(position(), at);
    const put = (lines: string[]): void => {
      this.#made += 1;
      this.#files.set(path, { id: this.#made, lines });
    };
    return {
      path,
      position,
      read: (from): LogReading => {
        const file = this.#files.get(path);
        const goesOn = file?.id === from.file && file.lines.length >= from.size;
        return { lines: file?.lines.slice(goesOn ? from.size : 0) ?? [], position: position(), fromStart: !goesOn };
      },
      takeOver: (at) => (mayWrite(at) ? at : undefined),
      append: (line, at) => {
        if (!mayWrite(at)) return undefined;
        const file = this.#files.get(path);
        if (file) file.lines.push(line);
        else put([line]);
        return position();
      },
      replace: (lines, at) => {
        if (!mayWrite(at)) return undefined;
        put([...lines]);
        return position();
      },
      remove: (at) => {
        if (!mayWrite(at)) return undefined;
        this.#files.delete(path);
        return NO_FILE;
      },
    };
  }
}
