import type { BuildOptions } from 'esbuild';

import { mapOwnSources } from './map-own-sources';

const common = {
  bundle: true,
  write: false,
  platform: 'node',
  format: 'cjs',
  legalComments: 'none',
  logLevel: 'silent',
  charset: 'utf8',
  // Whole, not only white space: otherwise each CommonJS module in a bundle is named by its path, and the same source in another folder
  // would be another release.
  minify: true,
  keepNames: true,
  // The options of whoever's tsconfig stands around must not reach the bundle.
  tsconfigRaw: { compilerOptions: { target: 'ES2022', strict: true } },
} satisfies BuildOptions;

/**
 * How a layer's program is bundled. One copy of @pulumi/pulumi a process: its run is module state. All else, the AWS provider's
 * submodules too, is inside.
 */
export const programOptions: BuildOptions = {
  ...common,
  target: 'node20',
  external: ['@pulumi/pulumi', '@pulumi/pulumi/*'],
};

/** How a Lambda function is bundled. */
export const lambdaOptions = {
  ...common,
  target: 'node24',
  // The ES modules of a package before its CommonJS ones: only of those can esbuild leave out what is not used.
  mainFields: ['module', 'main'],
  sourcemap: 'linked',
  sourcesContent: false,
  plugins: [mapOwnSources],
} satisfies BuildOptions;
