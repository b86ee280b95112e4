import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import { sha256Hex } from '../digest';
import type { ReleaseManifest } from '../ports';

export const MANIFEST = 'manifest.json';

/** Files whose bytes, one after the other, have a digest. */
interface FileCheck {
  readonly files: readonly string[];
  readonly digest: string;
  /** Of the first of them, where they are two: what moved from one to the next leaves the digest as it was. */
  readonly bytes?: number;
}

/** A release's folder, and what its manifest says should be in it. */
export interface ReleaseFolder {
  readonly directory: string;
  readonly manifest: ReleaseManifest;
}

/** What is wrong with a release's files by the rule of its own manifest's version, naming the file; null: nothing, and nothing else is there. */
export function wrongInRelease({ directory, manifest }: ReleaseFolder): string | null {
  const checks = [...Object.keys(manifest.layers).flatMap((layer) => layerChecks(layer, manifest)), ...lambdaChecks(manifest)];
  const listed = [...Object.entries(manifest.files ?? {}).map(([file, digest]): FileCheck => ({ files: [file], digest })), ...checks];
  const wrong = firstWrong(directory, listed);
  if (wrong !== null) return wrong;
  const known = new Set([MANIFEST, ...listed.flatMap(({ files }) => files)]);
  const unlisted = manifest.files && checks.flatMap(({ files }) => files).find((file) => manifest.files?.[file] === undefined);
  if (unlisted !== undefined) return `${unlisted} is not listed in its manifest`;
  const extra = entriesOf(directory).find(({ path, isFile }) => !isFile || !known.has(path));
  return extra === undefined ? null : `${extra.path} is no file of it`;
}

/** What is wrong with what one layer's program runs: its own code, and the functions that it deploys. Null: nothing. */
export function wrongInLayer(layer: string, { directory, manifest }: ReleaseFolder): string | null {
  const lambdas = manifest.layers[layer]?.lambdas ?? [];
  return firstWrong(directory, [...layerChecks(layer, manifest), ...lambdaChecks(manifest, lambdas)]);
}

function layerChecks(layer: string, { layers }: ReleaseManifest): readonly FileCheck[] {
  const digest = layers[layer]?.digest;
  return digest === undefined ? [] : [{ files: [`${layer}/index.js`], digest }];
}

function lambdaChecks({ lambdas }: ReleaseManifest, names: readonly string[] = Object.keys(lambdas)): readonly FileCheck[] {
  return names.flatMap((name) => {
    const lambda = lambdas[name];
    return lambda ? [{ files: [`lambda/${name}/index.js`, `lambda/${name}/index.js.map`], ...lambda }] : [];
  });
}

function firstWrong(directory: string, checks: readonly FileCheck[]): string | null {
  for (const { files, digest, bytes } of checks) {
    const contents: Buffer[] = [];
    for (const file of files) {
      try {
        contents.push(readFileSync(join(directory, file)));
      } catch {
        return `${file} is missing`;
      }
    }
    if (sha256Hex(Buffer.concat(contents)) !== digest || (bytes !== undefined && contents[0]?.byteLength !== bytes))
      return `${files.join(' or ')} is not as it was built`;
  }
  return null;
}

/** What stands below a folder. A link is no file, wherever it leads. */
function entriesOf(directory: string): readonly { readonly path: string; readonly isFile: boolean }[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => ({ path: relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'), isFile: entry.isFile() }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}
