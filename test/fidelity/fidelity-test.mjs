// Every resource that the programs make, held against botocore, cfn-lint, policy_sentry and what AWS documents: npm run test:fidelity
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

import { obtainValidators } from '../../tools/obtain-python.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const began = Date.now();
const python = await obtainValidators({ env: process.env, onAttempt: ({ message }) => console.error(`validators: ${message}`) }).catch(
  (error) => {
    // Without them nothing is held against anything: that is a failure, and no skip.
    console.error(error.message);
    process.exit(1);
  },
);

// Inside the repository, where `require` finds @pulumi/pulumi.
const outfile = join(root, 'node_modules/.cache/fidelity/run-fidelity.cjs');
mkdirSync(dirname(outfile), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ['test/fidelity/run-fidelity.ts'],
  ...{ outfile, bundle: true, packages: 'external', platform: 'node', format: 'cjs', target: 'node20', logLevel: 'warning' },
});
const { runFidelity } = createRequire(import.meta.url)(outfile);
const { passed, lines } = await runFidelity(python, root);
for (const line of lines) console.log(line);
console.log(`${passed ? 'passed' : 'failed'} in ${Math.round((Date.now() - began) / 1000)} s`);
process.exitCode = passed ? 0 : 1;
