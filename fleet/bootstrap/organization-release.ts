import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { sha256Hex } from '../digest';
import type { ReleaseHandle } from '../ports';
import { buildOrganization } from '../release/build-release';
import { writeReleaseTo } from '../release/release-folder';

/** Builds the organisation's program from the product's sources into a folder, as the engine runs a release. */
export async function organizationRelease(root: string, directory: string): Promise<ReleaseHandle> {
  const files = await buildOrganization(root);
  writeReleaseTo(directory, { files });
  const digest = sha256Hex(Buffer.concat([...files.values()]));
  const layers = Object.fromEntries([...files].map(([path, code]) => [dirname(path), { digest: sha256Hex(code), lambdas: [] }]));
  const provider = JSON.parse(readFileSync(require.resolve('@pulumi/aws/package.json', { paths: [root] }), 'utf8')) as {
    readonly version: string;
  };
  return { digest, directory, manifest: { version: 1, layers, lambdas: {}, providerVersion: provider.version } };
}
