import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { sha256Hex } from '../digest';
import { FleetError, isFleetError, messageOf } from '../errors';
import type { ObjectStore, StoredObject } from '../ports';

import { codeOf, isThere, makeFolder, OWN_FOLDER, syncFolder, writeNewFile } from './durable-files';
import { checkedKey, checkedPrefix } from './object-key';
import { stateDamaged } from './state-damaged';

const DRAFT = '.draft-';
/** A draft this much older than a new one was left by a process that died. */
const ABANDONED_MS = 3_600_000;
const MAX_LOOKS = 100;

/**
 * Objects as files. `create` links a whole, synced draft to the key's name, which fails where the name is taken.
 *
 * An object that was replaced lives in the folder `<key>~`, and the file `<key>` stays, emptied, so that the name stays taken. In there is
 * one empty file, `<generation>.<id>`, whose name is the version, and the file `body.<id>`. To replace is to rename that one file: the name
 * that a writer has read can be renamed away only once, and, ids being unique, never comes back. So there is one winner however long a
 * loser has slept, and no moment at which a crash would leave neither version.
 *
 * `remove` is for objects that nobody replaces meanwhile.
 *
 * What is no file of its own is never read, and nothing is kept behind a link: who may put a name into one of these folders, as into an inbox, may
 * not thereby choose what this process reads and writes. The folder itself may be a link: that is its owner's choice.
 */
export class FolderObjects implements ObjectStore {
  readonly #root: string;
  /** Folders that this has written to. */
  readonly #made = new Set<string>();

  /** The folder is made with the first write. */
  constructor(directory: string) {
    this.#root = resolve(directory);
  }

  async read(key: string): Promise<StoredObject | undefined> {
    const path = this.#path(key);
    return attempt('read', key, async () => {
      this.#refuseLinks(key);
      for (let look = 1; look <= MAX_LOOKS; look += 1) {
        const found = lookAt(path);
        if (found !== 'moved') return found;
        await setImmediate();
      }
      throw new FleetError('user/state-damaged', `${key} is damaged: its folder ${path}~ holds no whole version; restore it`);
    });
  }

  async create(key: string, body: string): Promise<boolean> {
    const path = this.#path(key);
    return attempt('written', key, async () => {
      this.#refuseLinks(key);
      if (isThere(path) || isThere(`${path}~`)) return false;
      const draft = await this.#draft(dirname(path), body);
      try {
        if (!link(draft, path)) return false;
      } finally {
        rmSync(draft, { force: true });
      }
      await syncFolder(dirname(path));
      return true;
    });
  }

  async replace(key: string, body: string, version: string | null): Promise<string | undefined> {
    const path = this.#path(key);
    if (version === null) return (await this.create(key, body)) ? firstVersion(body) : undefined;
    const current = await this.read(key);
    if (current?.version !== version) return undefined;
    return attempt('written', key, () => (version === firstVersion(current.body) ? this.#begin(path, body) : succeed(path, body, version)));
  }

  async list(prefix: string, after = ''): Promise<readonly string[]> {
    checkedPrefix(prefix);
    const keys: string[] = [];
    const walk = (folder: string): void => {
      for (const entry of entriesOf(join(this.#root, folder))) {
        if (entry.name.startsWith('.') || entry.name.endsWith('~')) continue;
        const key = `${folder}${entry.name}`;
        if (entry.isDirectory()) walk(`${key}/`);
        else if (key.startsWith(prefix) && key > after) keys.push(key);
      }
    };
    return attempt('listed', prefix, async () => {
      this.#refuseLinks(prefix);
      walk(prefix.slice(0, prefix.lastIndexOf('/') + 1));
      return keys.sort();
    });
  }

  async remove(key: string): Promise<void> {
    const path = this.#path(key);
    await attempt('removed', key, async () => {
      // In this order, a crash in between leaves the object as it was.
      rmSync(path, { force: true });
      const grave = join(dirname(path), `${DRAFT}${randomUUID()}`);
      if (isThere(`${path}~`)) renameSync(`${path}~`, grave);
      rmSync(grave, { recursive: true, force: true });
      if (isThere(dirname(path))) await syncFolder(dirname(path));
    });
  }

  /** The second version: the folder appears with a rename, which fails where another writer's is there. */
  async #begin(path: string, body: string): Promise<string | undefined> {
    const draft = join(dirname(path), `${DRAFT}${randomUUID()}`);
    mkdirSync(draft, { mode: OWN_FOLDER });
    try {
      const version = await writeBody(draft, body, 2);
      await writeNewFile(join(draft, version), '');
      await syncFolder(draft);
      if (!moveFolder(draft, `${path}~`)) return undefined;
      renameSync(await this.#draft(dirname(path), ''), path);
      await syncFolder(dirname(path));
      return version;
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }

  async #draft(folder: string, body: string): Promise<string> {
    const isNew = !this.#made.has(folder);
    if (isNew) await makeFolder(folder, this.#root);
    const draft = join(folder, `${DRAFT}${randomUUID()}`);
    await writeNewFile(draft, body);
    if (isNew) sweep(folder, { newest: basename(draft), isDraft: (name) => name.startsWith(DRAFT) });
    this.#made.add(folder);
    return draft;
  }

  /** Throws where a folder that a key lies in is a link. */
  #refuseLinks(key: string): void {
    for (let end = key.indexOf('/'); end !== -1; end = key.indexOf('/', end + 1)) {
      const folder = join(this.#root, key.slice(0, end));
      if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw noOwnFile(key.slice(0, end), 'a link');
    }
  }

  #path(key: string): string {
    return join(this.#root, checkedKey(key));
  }
}

/** One look: the object, undefined where there is none, or that it was replaced while this looked. */
function lookAt(path: string): StoredObject | undefined | 'moved' {
  if (isThere(`${path}~`)) {
    const version = entriesOf(`${path}~`).map(({ name }) => name).filter(isVersion).sort().at(-1); // prettier-ignore
    const body = version === undefined ? undefined : readText(join(`${path}~`, bodyName(version)));
    return version === undefined || body === undefined ? 'moved' : { body, version };
  }
  const body = readText(path);
  if (body === '' && isThere(`${path}~`)) return 'moved';
  return body === undefined ? undefined : { body, version: firstVersion(body) };
}

/** Every later version: one rename decides. */
async function succeed(path: string, body: string, version: string): Promise<string | undefined> {
  const folder = `${path}~`;
  const next = await writeBody(folder, body, Number.parseInt(version, 10) + 1);
  try {
    renameSync(join(folder, version), join(folder, next));
  } catch (error) {
    rmSync(join(folder, bodyName(next)), { force: true });
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  await syncFolder(folder);
  rmSync(join(folder, bodyName(version)), { force: true });
  sweep(folder, { newest: bodyName(next), isDraft: (name) => !isVersion(name) });
  return next;
}

/** Writes a body that is no version yet; gives the name that will make it one. */
async function writeBody(folder: string, body: string, generation: number): Promise<string> {
  const version = `${String(generation).padStart(10, '0')}.${randomUUID()}`;
  await writeNewFile(join(folder, bodyName(version)), body);
  return version;
}

function isVersion(name: string): boolean {
  return /^\d{10}\./.test(name);
}

function bodyName(version: string): string {
  return `body.${version.slice(version.indexOf('.') + 1)}`;
}

function firstVersion(body: string): string {
  return `first.${sha256Hex(body)}`;
}

function link(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function moveFolder(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

/** Removes what dead processes left. Ages are the file system's own, so no clock is asked; one just written is the measure. */
function sweep(folder: string, options: { readonly newest: string; readonly isDraft: (name: string) => boolean }): void {
  const now = statSync(join(folder, options.newest), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  for (const { name } of entriesOf(folder)) {
    if (!options.isDraft(name) || name === options.newest) continue;
    const path = join(folder, name);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (written < now - ABANDONED_MS) rmSync(path, { recursive: true, force: true });
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return [];
    throw error;
  }
}

/** Of a file alone: a link would lead anywhere, and a pipe would never end. */
function readText(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ELOOP' || codeOf(error) === 'EMLINK') throw noOwnFile(path, 'a link');
    throw error;
  }
  try {
    const found = fstatSync(file);
    // Of a folder reading says itself what it is.
    if (!found.isFile() && !found.isDirectory()) throw noOwnFile(path, 'no file');
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

function noOwnFile(path: string, what: string): FleetError {
  return stateDamaged(path, { is: `${what}, and the state has files of its own alone: see who put it there, and remove it` });
}

async function attempt<Result>(what: 'read' | 'written' | 'listed' | 'removed', key: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (isFleetError(cause)) throw cause;
    throw new FleetError('fleet/state-io', `state ${key} cannot be ${what}: ${messageOf(cause)}`, { cause });
  }
}
