import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { BackendFiles } from './backend-files';

/** The files of a `file://` backend. */
export function folderBackend(root: string): BackendFiles {
  return {
    hasSidecars: true,
    read: (key) => orAbsent(readFile(join(root, key)), undefined),
    list: async (folder) => (await orAbsent(readdir(join(root, folder)), [])).sort().map((name) => `${folder}/${name}`),
    remove: (key) => rm(join(root, key), { force: true }),
  };
}

async function orAbsent<Value, Absent>(found: Promise<Value>, absent: Absent): Promise<Value | Absent> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return absent;
    throw error;
  }
}
