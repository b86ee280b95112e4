import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { makeFolders } from '../../../../sandbox/make-folders';
import { isProcessAlive, thisProcess, type ProcessIdentity } from '../../../state/process-identity';

/** How a folder is made. */
export interface MakeWhole {
  /** Fills `content`; `scratch` is for what may be thrown away. Where it rejects, nothing is left. */
  readonly make: (folders: { readonly content: string; readonly scratch: string }) => Promise<void>;
  /** Whether a folder that is there can be used. */
  readonly isWhole: (folder: string) => Promise<boolean>;
}

const MAKER = 'maker.json';
const ABANDONED_MS = 24 * 3_600_000;
const MAX_MOVES = 5;

/**
 * Makes a folder beside its place and moves it there when it is whole: a run that is interrupted leaves none or a whole one, and of two at
 * once the first one's is kept. What a killed run had begun is removed by the next one.
 */
export async function makeWhole(folder: string, { make, isWhole }: MakeWhole): Promise<void> {
  makeFolders(dirname(folder));
  const making = mkdtempSync(`${folder}.making-`);
  try {
    sweep(folder, making);
    writeFileSync(join(making, MAKER), JSON.stringify(thisProcess()));
    const [content, scratch] = [join(making, 'content'), join(making, 'scratch')];
    mkdirSync(content);
    mkdirSync(scratch);
    await make({ content, scratch });
    for (let moves = 1; !move(content, folder); moves += 1) {
      if (await isWhole(folder)) return;
      if (moves === MAX_MOVES) throw new Error(`${folder} cannot be replaced: others keep making it`);
      move(folder, join(making, `broken-${moves}`));
    }
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** False where the place is taken, or there is nothing to move any more. */
function move(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Ages are the file system's own, so no clock is asked; the folder just made is the measure. */
function sweep(folder: string, newest: string): void {
  const now = modifiedAt(newest) ?? 0;
  for (const name of readdirSync(dirname(folder))) {
    const making = join(dirname(folder), name);
    if (!name.startsWith(`${basename(folder)}.making-`) || making === newest) continue;
    const maker = makerOf(making);
    // Those of other hosts can only be told by their age.
    const isAbandoned = (maker?.host === hostname() && !isProcessAlive(maker)) || (modifiedAt(making) ?? now) < now - ABANDONED_MS;
    if (isAbandoned) rmSync(making, { recursive: true, force: true });
  }
}

function modifiedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function makerOf(making: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(join(making, MAKER), 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
