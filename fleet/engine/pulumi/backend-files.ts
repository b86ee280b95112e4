/**
 * A Pulumi backend's files, read beside the CLI: a stack's checkpoint, history and locks are plain objects there, and a CLI call for each
 * would take longer than the run it is for. Keys are relative to the backend's root, slash-separated.
 */
export interface BackendFiles {
  /** Undefined where there is none. Rejects where it cannot be read: unreadable is not absent. */
  read(key: string): Promise<Buffer | undefined>;
  /** Keys under a folder, sorted. */
  list(folder: string): Promise<readonly string[]>;
  remove(key: string): Promise<void>;
  /** The CLI keeps what it remembers of an object in a file beside it, {@link SIDECAR}, which it does not write in one step. */
  readonly hasSidecars: boolean;
}

/** Ending of the file that a folder keeps beside each object. */
export const SIDECAR = '.attrs';
