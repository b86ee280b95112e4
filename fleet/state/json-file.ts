import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { FleetError } from '../errors';

/** Writes JSON whole or not at all. */
export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, `${JSON.stringify(value)}\n`);
  renameSync(partial, path);
}

/** Reads JSON; undefined where there is no file. Throws where it is damaged: unreadable is not absent. */
export function readJson(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (cause) {
    throw new FleetError('fleet/state-damaged', `${path} is damaged: restore it, or remove it to do without what it kept`, { cause });
  }
}
