import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import * as z from 'zod';

import { FleetError, isFleetError } from '../errors';
import type { ObjectStore, ReleaseHandle } from '../ports';
import { openRelease, writeReleaseTo } from '../release/release-folder';
import { STATE_FOLDER } from '../release/write-whole';

import { mayNotWrite } from './may-not-write';
import { isKey } from './object-key';
import { openObject, sealObject, type ObjectKind } from './sealed';

const FOLDER = 'releases/';
/** A release has some 5 MB; more than this is none. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Files by path, each compressed and in base64. A path that leads out of the release's folder is refused. */
const filesSchema = z.record(z.string().refine(isKey), z.base64()).refine((files) => 'manifest.json' in files, 'it has no manifest');

const releaseKind: ObjectKind<z.output<typeof filesSchema>> = { name: 'release', read: (content) => filesSchema.parse(content) };

/**
 * Releases as objects, for a state that several machines share: each machine has those that it used in a folder, as its cache. One object
 * a release, named by its digest and made once.
 */
export class ReleaseObjects {
  readonly #objects: ObjectStore;
  readonly #folder: string;

  /** `folder` is where {@link openRelease} looks. */
  constructor(objects: ObjectStore, folder: string) {
    this.#objects = objects;
    this.#folder = folder;
  }

  /** Keeps a release of the folder for other machines, where none has yet. */
  async keep({ digest, directory }: ReleaseHandle): Promise<void> {
    if ((await this.#digests(digest)).length > 0) return;
    const files = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path): [string, string] => [relative(directory, path).split(sep).join('/'), gzipSync(readFileSync(path)).toString('base64')]);
    await this.#objects.create(keyOf(digest), sealObject(releaseKind, { key: keyOf(digest), content: Object.fromEntries(files) }));
  }

  /**
   * Brings kept releases into the folder, by digests or by their beginnings; those that are there are left. What nobody kept is passed over:
   * {@link openRelease} tells. Throws `user/state-damaged` for one that is not what its digest says.
   */
  async fetch(digests: Iterable<string>): Promise<void> {
    for (const digest of new Set(digests)) {
      if (!/^[0-9a-f]{6,64}$/.test(digest) || this.#isThere(digest)) continue;
      for (const whole of await this.#digests(digest)) if (!this.#isThere(whole)) await this.#bring(whole);
    }
  }

  async #digests(beginning: string): Promise<readonly string[]> {
    const keys = await this.#objects.list(`${FOLDER}${beginning}`);
    return keys.flatMap((key) => /^releases\/([0-9a-f]{64})\.json$/.exec(key)?.[1] ?? []);
  }

  async #bring(digest: string): Promise<void> {
    const found = await this.#objects.read(keyOf(digest));
    if (!found) return;
    const directory = join(this.#folder, digest);
    try {
      const files = openObject(releaseKind, { key: keyOf(digest), body: found.body });
      const unpacked = new Map(Object.entries(files).map(([path, text]) => [path, unpack(text)]));
      writeReleaseTo(directory, { files: unpacked }, STATE_FOLDER);
      openRelease(this.#folder, digest);
    } catch (cause) {
      if (mayNotWrite(cause)) throw cause;
      // Left in the folder, it would be found there the next time.
      if (existsSync(directory)) rmSync(directory, { recursive: true, force: true });
      if (isFleetError(cause) && cause.code === 'fleet/releases-io') throw cause;
      throw new FleetError(
        'user/state-damaged',
        `${keyOf(digest)} is no release ${digest.slice(0, 12)}: remove it and build that release again`,
        { cause },
      );
    }
  }

  #isThere(digest: string): boolean {
    try {
      return openRelease(this.#folder, digest).digest === digest;
    } catch {
      return false; // Not there, damaged, or one of several: what is kept is asked.
    }
  }
}

function keyOf(digest: string): string {
  return `${FOLDER}${digest}.json`;
}

function unpack(text: string): Uint8Array {
  return gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MAX_FILE_BYTES });
}
