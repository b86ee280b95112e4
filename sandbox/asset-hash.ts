import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import * as pulumi from '@pulumi/pulumi';

import { SIGNATURE } from './recording-monitor';

const ASSET_SIGNATURES: readonly unknown[] = [pulumi.runtime.specialAssetSig, pulumi.runtime.specialArchiveSig];

/** True for an asset or archive as it travels on Pulumi's wire. */
export function isAsset(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && ASSET_SIGNATURES.includes((value as Record<string, unknown>)[SIGNATURE]);
}

/**
 * Replaces each asset or archive by `{ signature, hash }`, its content's identity: the path it was read from must not make a difference.
 * Hashes are kept for the life of the returned function, since every target of a release deploys the same files.
 */
export function assetHasher(): (value: unknown) => unknown {
  const hashes = new Map<string, string>();
  const hashOf = (asset: Readonly<Record<string, unknown>>): string => {
    if (typeof asset.path === 'string') {
      const known = hashes.get(asset.path) ?? hashPath(asset.path);
      hashes.set(asset.path, known);
      return known;
    }
    // An archive of assets: their paths must not count either, nor the order in which a map's keys travel, nor the engine's own hash.
    return createHash('sha256')
      .update(JSON.stringify({ [SIGNATURE]: asset[SIGNATURE], text: asset.text, uri: asset.uri, assets: sorted(replace(asset.assets)) }))
      .digest('hex');
  };
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    if (isAsset(value)) return { [SIGNATURE]: value[SIGNATURE], hash: hashOf(value) };
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
  };
  return replace;
}

function sorted(assets: unknown): unknown {
  if (typeof assets !== 'object' || assets === null) return assets;
  return Object.fromEntries(Object.entries(assets).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function hashPath(path: string): string {
  const hash = createHash('sha256');
  if (!statSync(path).isDirectory()) return hash.update(readFileSync(path)).digest('hex');
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(relative(path, file).split(sep).join('/')).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
