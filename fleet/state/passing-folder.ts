import { accessSync, constants, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { mayNotWrite } from './may-not-write';

/** A new folder that goes with this process. */
export function passingFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The folder itself, there or yet to be made, where this user may write to it; else a {@link passingFolder}. */
export function writableFolder(folder: string, name: string): string {
  try {
    accessSync(existing(folder), constants.W_OK);
    return folder;
  } catch (error) {
    if (!mayNotWrite(error)) throw error;
    return passingFolder(name);
  }
}

function existing(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : existing(dirname(path));
}

/** A folder with what is in another one, which goes with this process. */
export function passingCopy(folder: string): string {
  const copy = passingFolder('fleet-releases');
  if (existsSync(folder)) cpSync(folder, copy, { recursive: true });
  return copy;
}
