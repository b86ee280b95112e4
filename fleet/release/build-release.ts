import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { build, type BuildOptions, type BuildResult } from 'esbuild';

import { layers } from '../../contracts/layers';
import { digestOf, sha256Hex } from '../digest';
import { messageOf, userError } from '../errors';
import type { ReleaseManifest } from '../ports';

import { lambdaOptions, programOptions } from './bundle-options';
import { MANIFEST } from './release-files';

/** A release before it is written: its manifest and its files by path. */
export interface BuiltRelease {
  readonly digest: string;
  readonly manifest: ReleaseManifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

interface Bundle {
  readonly code: Uint8Array;
  readonly map: Uint8Array | undefined;
}

/**
 * Bundles every layer's program and every Lambda function below a source root. The same sources give the same digest in any folder:
 * no absolute path, time or comment enters a bundle. Throws a user error where the source does not bundle.
 */
export async function buildRelease(root: string): Promise<BuiltRelease> {
  const files = new Map<string, Uint8Array>();
  const manifestLayers: Record<string, { digest: string; lambdas: readonly string[] }> = {};
  const manifestLambdas: Record<string, { digest: string; bytes: number }> = {};

  for (const layer of layers) {
    const { code } = await bundle(root, { entry: `${layer.name}/index.ts`, options: programOptions });
    files.set(`${layer.name}/index.js`, code);
    manifestLayers[layer.name] = { digest: sha256Hex(code), lambdas: layer.lambdas };
  }
  for (const name of [...new Set(layers.flatMap((layer) => layer.lambdas))].sort()) {
    const { code, map } = await buildLambda(root, name);
    files.set(`lambda/${name}/index.js`, code);
    files.set(`lambda/${name}/index.js.map`, map);
    manifestLambdas[name] = { digest: sha256Hex(Buffer.concat([code, map])), bytes: code.byteLength };
  }
  const manifest: ReleaseManifest = {
    version: 2,
    layers: manifestLayers,
    lambdas: manifestLambdas,
    providerVersion: providerVersion(root),
    files: Object.fromEntries([...files].map(([path, content]) => [path, sha256Hex(content)])),
  };
  files.set(MANIFEST, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return { digest: digestOf(manifest), manifest, files };
}

/** Bundles one Lambda function below a source root, with the map from its stack frames to its sources. */
export async function buildLambda(root: string, name: string): Promise<{ readonly code: Uint8Array; readonly map: Uint8Array }> {
  const entry = `lambda/${name}/index.ts`;
  const { code, map } = await bundle(root, { entry, options: lambdaOptions });
  if (!map) throw userError('build-failed', `${entry} gave no source map`);
  return { code, map };
}

/**
 * Bundles the organisation's program, which `fleet bootstrap` and `pulumi up` in the root run. It is no part of a release: a change of it
 * changes no target.
 */
export async function buildOrganization(root: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const { code } = await bundle(root, { entry: 'organization/index.ts', options: programOptions });
  return new Map([['organization/index.js', code]]);
}

async function bundle(root: string, what: { readonly entry: string; readonly options: BuildOptions }): Promise<Bundle> {
  const { entry, options } = what;
  if (!existsSync(join(root, entry)))
    throw userError('no-source', `${join(root, entry)} does not exist: --source must be the root of the product's sources`);
  const outfile = join(root, 'dist', 'bundle', entry.replace(/\.ts$/, '.js'));
  let result: BuildResult;
  try {
    result = await build({ ...options, absWorkingDir: root, entryPoints: [entry], outfile });
  } catch (cause) {
    throw userError('build-failed', `${entry} does not bundle: ${messageOf(cause).split('\n').slice(0, 3).join(' ')}`, { cause });
  }
  const code = result.outputFiles?.find((file) => file.path.endsWith('.js'));
  const map = result.outputFiles?.find((file) => file.path.endsWith('.map'));
  if (!code) throw userError('build-failed', `${entry} gave no output`);
  return { code: code.contents, map: map && Buffer.from(normaliseSources(map.text)) };
}

/** Names sources from the repository or from node_modules on, wherever either stands. */
function normaliseSources(text: string): string {
  const map = JSON.parse(text) as { sources: string[] };
  map.sources = map.sources.map((source) => source.replace(/^.*(?=node_modules\/)/, '').replace(/^(\.\.\/)+/, ''));
  return JSON.stringify(map);
}

function providerVersion(root: string): string {
  const file = require.resolve('@pulumi/aws/package.json', { paths: [root] });
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
