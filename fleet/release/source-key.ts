import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import { layers } from '../../contracts/layers';
import { canonicalJson, sha256Hex } from '../digest';

import { lambdaOptions, programOptions } from './bundle-options';
import { STATE_FOLDER, writeWhole } from './write-whole';

/** Beside the layers' own folders: what their programs and the Lambda functions are bundled from. */
const SHARED_SOURCES = ['contracts', 'layer-kit', 'lambda'];

/** What fixes the versions of all that is bundled from node_modules; the first one that exists counts. */
const VERSION_FILES = ['package-lock.json', 'node_modules/.package-lock.json', 'package.json'];

/**
 * Identity of all that a release is built from and of how, by content: equal keys give equal releases. Reading it takes milliseconds where
 * building takes seconds.
 */
export function sourceKey(root: string): string {
  // A plugin counts by its name: functions have no JSON.
  const how = { programOptions, lambdaOptions: { ...lambdaOptions, plugins: lambdaOptions.plugins.map(({ name }) => name) } };
  const hash = createHash('sha256').update(process.version).update(canonicalJson(how));
  const folders = [...layers.map((layer) => layer.name), ...SHARED_SOURCES].sort();
  for (const folder of folders) {
    if (!existsSync(join(root, folder))) continue;
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(`${relative(root, file).split(sep).join('/')}\0${sha256Hex(readFileSync(file))}\0`);
  }
  const versions = VERSION_FILES.map((file) => join(root, file)).find((file) => existsSync(file));
  if (versions) hash.update(readFileSync(versions));
  return hash.digest('hex');
}

/** The digest of the kept release that was built from these sources; undefined where none was, it was removed since, or the note is none. */
export function builtFrom(releases: string, key: string): string | undefined {
  const file = join(releases, 'by-source', key);
  const digest = existsSync(file) ? /^([0-9a-f]{64})\n$/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return digest !== undefined && existsSync(join(releases, digest)) ? digest : undefined;
}

/** Notes which release these sources gave; whole or not at all. Errors as `writeReleaseTo`'s. */
export function noteBuild(releases: string, key: string, digest: string): void {
  const folder = join(releases, 'by-source');
  writeWhole(join(folder, key), (partial) => writeFileSync(partial, `${digest}\n`, { mode: 0o600 }), STATE_FOLDER);
}
