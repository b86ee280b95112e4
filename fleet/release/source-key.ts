import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import { layers } from '../../contracts/layers';

/** Beside the layers' own folders: what their programs and the Lambda functions are bundled from. */
const SHARED_SOURCES = ['contracts', 'layer-kit', 'lambda'];

/** What fixes the versions of all that is bundled from node_modules; the first one that exists counts. */
const VERSION_FILES = ['package-lock.json', 'node_modules/.package-lock.json', 'package.json'];

/**
 * Identity of all that a release is built from, by content: equal keys give equal releases. Reading it takes milliseconds where building
 * takes seconds.
 */
export function sourceKey(root: string): string {
  const hash = createHash('sha256').update(process.version);
  const folders = [...layers.map((layer) => layer.name), ...SHARED_SOURCES].sort();
  for (const folder of folders) {
    if (!existsSync(join(root, folder))) continue;
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(relative(root, file).split(sep).join('/')).update('\0').update(readFileSync(file)).update('\0');
  }
  const versions = VERSION_FILES.map((file) => join(root, file)).find((file) => existsSync(file));
  if (versions) hash.update(readFileSync(versions));
  return hash.digest('hex');
}

/** The digest of the release that was built from these sources before; undefined where none was. */
export function builtFrom(releases: string, key: string): string | undefined {
  const file = join(releases, 'by-source', key);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** Notes which release these sources gave. */
export function noteBuild(releases: string, key: string, digest: string): void {
  mkdirSync(join(releases, 'by-source'), { recursive: true });
  writeFileSync(join(releases, 'by-source', key), `${digest}\n`);
}
