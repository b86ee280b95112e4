import { lstatSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { makeFolders } from '../../sandbox/make-folders';
import { messageOf, userError } from '../errors';

import type { Page } from './all-pages';
import { GENERATOR_MARK } from './page-html';

/** A folder that pages may be written to. */
export interface PageFolder {
  /** Writes one page: whoever reads it meanwhile finds the old one or the new one, whole. Throws a user error where a file of others is in the way. */
  readonly write: (page: Page) => void;
  /** Pages of earlier runs that this one has not written; they stay. */
  readonly left: () => readonly string[];
}

/** Opens a folder for pages, made where it is not there. Throws a user error where that cannot be, or where `paths` would overwrite files of others; nothing is written then. */
export function openPageFolder(directory: string, paths: readonly string[]): PageFolder {
  const found = lookAt(directory);
  if (found && !found.isDirectory()) throw userError('html-directory', `--html ${directory} is a file: name a folder`);
  const foreign = found && paths.find((path) => isForeign(join(directory, path)));
  if (foreign !== undefined) throw inTheWay(directory, foreign);
  try {
    makeFolders(directory);
    const probe = join(directory, `.fleet-${process.pid}.tmp`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (cause) {
    throw userError('html-directory', `--html ${directory} cannot be written to: ${messageOf(cause)}; name another folder`, { cause });
  }
  const written = new Set<string>();
  return {
    write: ({ path, text }) => {
      const file = join(directory, path);
      if (isForeign(file)) throw inTheWay(directory, path);
      makeFolders(dirname(file));
      const partial = `${file}.${process.pid}.tmp`;
      writeFileSync(partial, text);
      renameSync(partial, file);
      written.add(path);
    },
    left: () => pagesIn(directory).filter((path) => !written.has(path)),
  };
}

/** Undefined for what is not there, and for what cannot be: making it says why. */
function lookAt(directory: string) {
  try {
    return statSync(directory, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function inTheWay(directory: string, path: string) {
  return userError(
    'html-directory',
    `--html ${directory}: ${path} is there already and was not written by this command: name another folder`,
  );
}

function pagesIn(directory: string): readonly string[] {
  const names = [...htmlFiles(directory, ''), ...htmlFiles(directory, 'runbooks')];
  return names.filter((path) => !isForeign(join(directory, path))).sort();
}

function htmlFiles(directory: string, below: string): readonly string[] {
  const folder = join(directory, below);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.html'))
    .map((name) => join(below, name));
}

/** Anything there that is no page of this command: a link too, which could lead anywhere. */
function isForeign(file: string): boolean {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found) return false;
  return !found.isFile() || !readFileSync(file, 'utf8').includes(GENERATOR_MARK);
}
