import { closeSync, fsync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import { makeFolders } from '../../sandbox/make-folders';

/** A state tells accounts, settings and who did what: it is its owner's alone. */
export const OWN_FOLDER = 0o700;
const OWN_FILE = 0o600;

/** Waiting for a disk is left to the thread pool; all else here is quicker done than handed over. */
const flush = promisify(fsync);

/** Writes a new file that is on disk when this resolves; its name is so only after {@link syncFolder}. Leaves none where it fails. */
export async function writeNewFile(path: string, body: string): Promise<void> {
  const file = openSync(path, 'wx', OWN_FILE);
  try {
    writeFileSync(file, body);
    await flush(file);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Resolves when the names in a folder are on disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = openSync(path, 'r');
  try {
    await flush(folder);
  } finally {
    closeSync(folder);
  }
}

/** Makes a folder and those above it up to `root`, whose own name is made durable, too. */
export async function makeFolder(path: string, root: string): Promise<void> {
  makeFolders(path, OWN_FOLDER);
  // Another process may have made them and died before they were on disk: all are synced, whoever made them.
  for (let folder = path; ; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
    if (folder === root) return;
  }
}

/** True where there is a file or folder. Throws where that cannot be seen: unreadable is not absent. */
export function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** The code of an error of the operating system, as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
