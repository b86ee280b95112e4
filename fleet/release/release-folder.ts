import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import * as z from 'zod';

import { makeFolders } from '../../sandbox/make-folders';
import { digestOf } from '../digest';
import { userError } from '../errors';
import type { ReleaseHandle, ReleaseManifest } from '../ports';

import type { BuiltRelease } from './build-release';
import { MANIFEST, wrongInRelease } from './release-files';
import { STATE_FOLDER, writeWhole, type WriteWholeOptions } from './write-whole';

const common = {
  layers: z.record(z.string(), z.strictObject({ digest: z.string(), lambdas: z.array(z.string()) })),
  lambdas: z.record(z.string(), z.strictObject({ digest: z.string(), bytes: z.number() })),
  providerVersion: z.string(),
};

/** What is kept of earlier versions is read by their own rule: a release of yesterday is what an incident goes back to. */
const manifestSchema = z.discriminatedUnion('version', [
  z.strictObject({ version: z.literal(1), ...common }),
  z.strictObject({ version: z.literal(2), ...common, files: z.record(z.string().refine(isReleasePath), z.string()) }),
]);

/** Below the release's folder: names between slashes, none of which leads elsewhere. */
function isReleasePath(path: string): boolean {
  return /^[A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)*$/.test(path);
}

/** Writes a release's files below a folder; whole or not at all. Throws `fleet/releases-io` where that cannot be written. */
export function writeReleaseTo(directory: string, release: Pick<BuiltRelease, 'files'>, options: WriteWholeOptions = {}): void {
  const write = (partial: string): void => {
    for (const [path, content] of release.files) {
      const file = join(partial, path);
      makeFolders(dirname(file));
      writeFileSync(file, content);
    }
  };
  writeWhole(directory, write, options);
}

/**
 * Keeps a release in a folder of releases by its digest; an existing one is left as it is, since the digest is its content. Throws
 * `user/release-damaged` where something else stands there.
 */
export function storeRelease(releases: string, release: BuiltRelease): ReleaseHandle {
  const directory = join(releases, release.digest);
  if (existsSync(join(directory, MANIFEST))) return openRelease(releases, release.digest);
  writeReleaseTo(directory, release, STATE_FOLDER);
  return { digest: release.digest, directory, manifest: release.manifest };
}

/** A stored release by its digest, or by the start of one where only one begins so. Throws a user error that lists what there is. */
export function openRelease(releases: string, digest: string): ReleaseHandle {
  const known = existsSync(releases) ? readdirSync(releases).filter((name) => /^[0-9a-f]{64}$/.test(name)) : [];
  const matches = /^[0-9a-f]{6,64}$/.test(digest) ? known.filter((name) => name.startsWith(digest)) : [];
  const [match] = matches;
  if (match === undefined || matches.length > 1) {
    const list = known.map((name) => name.slice(0, 12)).join(', ') || 'none';
    throw userError(
      'unknown-release',
      `release ${JSON.stringify(digest)} ${matches.length > 1 ? 'is ambiguous' : 'is not stored'}; stored releases: ${list}`,
    );
  }
  const directory = join(releases, match);
  const manifest = readManifest(directory);
  const isIts = manifest !== undefined && digestOf(manifest) === match;
  const wrong = isIts ? wrongInRelease({ directory, manifest }) : `${MANIFEST} is not the one of this digest`;
  if (!isIts || wrong !== null)
    throw userError(
      'release-damaged',
      `release ${match.slice(0, 12)} does not match its digest (${wrong}): remove ${directory} and build it again`,
    );
  return { digest: match, directory, manifest };
}

/** Undefined: unreadable, or no manifest. */
function readManifest(directory: string): ReleaseManifest | undefined {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(directory, MANIFEST), 'utf8')));
  } catch {
    return undefined;
  }
}
