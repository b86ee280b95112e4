import { readFile } from 'node:fs/promises';

import type { Plugin } from 'esbuild';

/** A map that maps nothing, as a comment at the end of a source. */
const MAPS_NOTHING = `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64')}`;

/**
 * Keeps packages out of a bundle's source map: they are nine tenths of it, and a map that is larger than its code is not worth its place in a
 * Lambda package. Frames in packages keep their function names.
 */
export const mapOwnSources: Plugin = {
  name: 'map-own-sources',
  setup: (build) =>
    build.onLoad({ filter: /[/\\]node_modules[/\\].*\.[cm]?js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')) + MAPS_NOTHING,
      loader: 'js',
    })),
};
