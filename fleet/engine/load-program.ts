import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';

import { FleetError } from '../errors';
import type { ReleaseHandle } from '../ports';

/** A layer's program: makes its resources when called and resolves to the stack's outputs. */
export type LayerProgram = () => Promise<unknown>;

/**
 * Loads a layer's bundle from a release. The bundle brings everything but Node's own modules and `@pulumi/pulumi`, which must be the
 * manager's copy: the SDK keeps its run in module state.
 */
export function loadProgram(release: ReleaseHandle, layer: string): LayerProgram {
  const file = join(release.directory, layer, 'index.js');
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new FleetError(
      'user/release-incomplete',
      `release ${release.digest} has no program for layer ${layer} (${file}): build it again`,
      { cause },
    );
  }
  const program = compileProgram(source, file);
  if (!program) {
    throw new FleetError(
      'user/release-invalid',
      `layer ${layer} of release ${release.digest} does not export an async function as its module`,
    );
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
