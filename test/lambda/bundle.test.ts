import { resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';

import { buildLambda } from '../../fleet/release/build-release';

const root = resolve(__dirname, '../..');

interface SourceMapFile {
  readonly sources: readonly string[];
  readonly mappings: string;
}

// Kilobytes of 1,000 bytes; a tenth over what is. Over budget: look for the import of a whole package (zod is imported as a namespace for this
// reason) or for a package that now loads as CommonJS, of which nothing can be left out.
test.each([
  { name: 'order', code: 710, packed: 240 },
  { name: 'dead-letter', code: 805, packed: 275 },
])('the package of the $name function stays below $packed kB, its code below $code kB', async ({ name, code: most, packed }) => {
  const { code, map } = await buildLambda(root, name);
  const packedBytes = deflateRawSync(code).byteLength + deflateRawSync(map).byteLength;

  expect(code.byteLength).toBeLessThan(most * 1000);
  expect(packedBytes).toBeLessThan(packed * 1000);
});

test('the map knows the lines of the functions, and of a package only its files', async () => {
  const { map } = await buildLambda(root, 'order');
  const { sources, mappings } = JSON.parse(Buffer.from(map).toString('utf8')) as SourceMapFile;

  expect(sources).toEqual(expect.arrayContaining(['lambda/order/order-store.ts', 'contracts/order-message.ts']));
  // All packages' lines would be fourteen times as much.
  expect(mappings.length).toBeLessThan(80_000);
});
