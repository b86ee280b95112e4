import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';

import { sha256Hex } from '../digest';
import { FleetError } from '../errors';
import type { ReleaseHandle } from '../ports';
import { wrongInLayer } from '../release/release-files';

/** A layer's program: makes its resources when called and resolves to the stack's outputs. */
export type LayerProgram = () => Promise<unknown>;

/**
 * Loads a layer's bundle from a release. The bundle brings everything but Node's own modules and `@pulumi/pulumi`, which must be the
 * manager's copy: the SDK keeps its run in module state. What is loaded is what the manifest says, byte for byte, and so are the functions
 * that it deploys; else nothing of it runs: `user/release-damaged`.
 */
export function loadProgram(release: ReleaseHandle, layer: string): LayerProgram {
  const { digest, directory, manifest } = release;
  const file = join(directory, layer, 'index.js');
  const expected = manifest.layers[layer]?.digest;
  if (expected === undefined)
    throw new FleetError('user/release-incomplete', `release ${digest} has no program for layer ${layer} (${file}): build it again`);
  const source = existsSync(file) ? readFileSync(file) : undefined;
  // The program by the very bytes that run: what is read a second time may be something else by then.
  const isIts = source !== undefined && sha256Hex(source) === expected;
  const wrong = isIts ? wrongInLayer(layer, release) : `${layer}/index.js is ${source === undefined ? 'missing' : 'not as it was built'}`;
  if (!isIts || wrong !== null)
    throw new FleetError(
      'user/release-damaged',
      `release ${digest.slice(0, 12)} does not match its digest (${wrong}), and nothing of it was run: remove ${directory} and build it again`,
    );
  const program = compileProgram(source.toString('utf8'), file);
  if (!program) {
    throw new FleetError('user/release-invalid', `layer ${layer} of release ${digest} does not export an async function as its module`);
  }
  return program;
}

/** Runs a bundle's module code; undefined where it exports no function. Throws `user/release-invalid` where it requires what it does not bring. */
export function compileProgram(source: string, file: string): LayerProgram | undefined {
  const exported: { exports: unknown } = { exports: {} };
  const run = compileFunction(source, ['exports', 'require', 'module', '__filename', '__dirname'], { filename: file }) as (
    ...scope: unknown[]
  ) => void;
  run(exported.exports, requireFromManager, exported, file, dirname(file));
  return typeof exported.exports === 'function' ? (exported.exports as LayerProgram) : undefined;
}

function requireFromManager(id: string): unknown {
  if (id !== '@pulumi/pulumi' && !id.startsWith('@pulumi/pulumi/') && !isBuiltin(id)) {
    throw new FleetError('user/release-invalid', `a program requires ${JSON.stringify(id)}, which its release does not contain`);
  }
  // The id is only known at run time: bundles are data to the manager.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(id);
}
