import { randomUUID } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

import type { StateLocation } from '../config/fleet-config';
import { FleetError, isFleetError, messageOf } from '../errors';
import type { ObjectStore } from '../ports';

import { failed, ok, warning, type Check } from './check';

/** A place that a run reads and writes. */
export interface CheckPlaceOptions {
  readonly place: StateLocation;
  /** How messages name it, as `state folder /path` or `Pulumi backend s3://bucket`. */
  readonly location: string;
  /** The setting of fleet.yaml that says where it is. */
  readonly setting: 'state' | 'backend';
  /** Opens it; rejects where it cannot be read, or is another fleet's. */
  readonly open: () => Promise<ObjectStore>;
}

/** Whether a place can be reached, is this fleet's, and can be written. Nothing stays there. */
export async function checkPlace(options: CheckPlaceOptions): Promise<Check> {
  const { place, location, setting, open } = options;
  try {
    const objects = await open();
    if (place.kind === 'folder') confirmWritable(place.path, options);
    else await writeAndRemove(objects);
    const said = `${location} is no other fleet's, and can be written`;
    const wide = place.kind === 'folder' && setting === 'state' ? openTo(place.path) : null;
    if (place.kind === 'folder' && wide !== null)
      return warning(setting, { detail: `${said}, but others can read it (mode ${wide})`, advice: `chmod -R go= ${place.path}` });
    return ok(setting, said);
  } catch (error) {
    return failed(setting, setting === 'backend' ? ofBackend(error) : error);
  }
}

/** A folder comes with the first write; until then it matters what is above it. */
function confirmWritable(path: string, { location, setting }: CheckPlaceOptions): void {
  try {
    const found = nearest(path);
    if (!statSync(found).isDirectory()) throw new Error(`${found} is no folder`);
    accessSync(found, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const why = `${location} cannot be written: ${messageOf(cause)}: correct it, or set another \`${setting}\``;
    throw new FleetError('fleet/state-io', why, { cause });
  }
}

/** The mode of a folder that is open to others than its owner; null where it is not, or is not there yet. */
function openTo(path: string): string | null {
  const mode = (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
  return (mode & 0o077) === 0 ? null : mode.toString(8);
}

function nearest(path: string): string {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined ? path : nearest(dirname(path));
  } catch (error) {
    // What is above is a file.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return nearest(dirname(path));
    throw error;
  }
}

async function writeAndRemove(objects: ObjectStore): Promise<void> {
  const key = `doctor-${randomUUID()}`;
  await objects.create(key, 'written by fleet doctor, which removes it at once');
  await objects.remove(key);
}

/** Objects are the state's as a rule, and so are the words of their errors. */
function ofBackend(error: unknown): unknown {
  if (!isFleetError(error) || error.source !== 'aws') return error;
  const message = error.message.replace(/^state (?=s3:)/, 'Pulumi backend ').replaceAll('`state`', '`backend`');
  return new FleetError(error.code as `aws/${string}`, message, { cause: error });
}
