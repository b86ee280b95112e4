import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sha256Hex } from '../../fleet/digest';

/** Writes a program of layer `regional`, whose body may use `pulumi`, as a release of that alone; gives what a job says of it. */
export function writeProgram(directory: string, body: string) {
  const source = `const pulumi = require('@pulumi/pulumi');\nmodule.exports = async () => {${body}};`;
  mkdirSync(join(directory, 'regional'), { recursive: true });
  writeFileSync(join(directory, 'regional', 'index.js'), source);
  const manifest = { layers: { regional: { digest: sha256Hex(Buffer.from(source)), lambdas: [] } }, lambdas: {} };
  return { digest: 'd', directory, manifest };
}
