import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { makeFolders } from '../../sandbox/make-folders';
import { FleetError, messageOf } from '../errors';

const PARTIAL = /\.[0-9a-f-]{36}\.partial$/;
/** As earlier fleets called theirs: by the process that wrote. */
const EARLIER_PARTIAL = /^[0-9a-f]{64}\.\d+\.partial$/;
/** What is this much older than what was just written was left by a process that died. */
const ABANDONED_MS = 3_600_000;

/** How it is written. */
export interface WriteWholeOptions {
  /** Of the folder around it, where that is made. @default anybody's, as the process's mask allows */
  readonly folderMode?: number;
}

/** Of a folder that is part of a fleet's state. */
export const STATE_FOLDER: WriteWholeOptions = { folderMode: 0o700 };

/**
 * Makes a file or folder under a name of its own, which then becomes `path`: whole or not at all, also where several processes do so at once.
 * What processes that died left beside it is swept. Throws `fleet/releases-io`, naming the folder, where that cannot be written.
 */
export function writeWhole(path: string, write: (partial: string) => void, { folderMode = 0o777 }: WriteWholeOptions = {}): void {
  const folder = dirname(path);
  const partial = `${path}.${randomUUID()}.partial`;
  try {
    makeFolders(folder, folderMode);
    write(partial);
    moveTo(path, partial);
    sweep(folder, statSync(path).mtimeMs);
  } catch (cause) {
    // Where the folder is none, looking below it is an error of its own.
    if (existsSync(partial)) rmSync(partial, { recursive: true, force: true });
    throw new FleetError(
      'fleet/releases-io',
      `${basename(path)} cannot be kept in folder ${folder}: ${messageOf(cause)}; make room there, or let this user write to it`,
      { cause },
    );
  }
}

/** A folder that is there is removed first; one that another process has put there since has the same content, as its name is its digest. */
function moveTo(path: string, partial: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) rmSync(path, { recursive: true, force: true });
  try {
    renameSync(partial, path);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Ages are the file system's own: what was just written is the measure. */
function sweep(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    if (!PARTIAL.test(name) && !EARLIER_PARTIAL.test(name)) continue;
    const written = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (written < now - ABANDONED_MS) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
