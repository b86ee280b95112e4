import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import * as z from 'zod';

import { makeFolders } from '../../sandbox/make-folders';
import { digestOf, sha256Hex } from '../digest';
import { userError } from '../errors';
import type { ReleaseHandle, ReleaseManifest } from '../ports';

import type { BuiltRelease } from './build-release';
import { STATE_FOLDER, writeWhole, type WriteWholeOptions } from './write-whole';

const manifestSchema = z.strictObject({
  version: z.literal(1, { error: 'this fleet reads release manifests of version 1' }),
  layers: z.record(z.string(), z.strictObject({ digest: z.string(), lambdas: z.array(z.string()) })),
  lambdas: z.record(z.string(), z.strictObject({ digest: z.string(), bytes: z.number() })),
  providerVersion: z.string(),
});

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

/** Keeps a release in a folder of releases by its digest; an existing one is left as it is, since the digest is its content. */
export function storeRelease(releases: string, release: BuiltRelease): ReleaseHandle {
  const directory = join(releases, release.digest);
  if (!existsSync(join(directory, 'manifest.json'))) writeReleaseTo(directory, release, STATE_FOLDER);
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
  if (!manifest || digestOf(manifest) !== match || !holds(directory, manifest))
    throw userError('release-damaged', `release ${match.slice(0, 12)} does not match its digest: remove ${directory} and build it again`);
  return { digest: match, directory, manifest };
}

/** Undefined: unreadable, or no manifest. */
function readManifest(directory: string): ReleaseManifest | undefined {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

/** True where every bundle is there and has the digest that the manifest gives it. */
function holds(directory: string, { layers, lambdas }: ReleaseManifest): boolean {
  const matches = (files: readonly string[], digest: string) =>
    sha256Hex(Buffer.concat(files.map((file) => readFileSync(join(directory, file))))) === digest;
  try {
    return (
      Object.entries(layers).every(([name, { digest }]) => matches([`${name}/index.js`], digest)) &&
      Object.entries(lambdas).every(([name, { digest }]) => matches([`lambda/${name}/index.js`, `lambda/${name}/index.js.map`], digest))
    );
  } catch {
    return false; // A file is missing.
  }
}
