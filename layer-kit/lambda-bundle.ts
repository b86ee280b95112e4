import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { RunError } from '@pulumi/pulumi';
import * as z from 'zod';

import { describeIssues } from './read-config';

/** One function's code inside a release. */
export interface LambdaBundle {
  readonly directory: string;
  /** Identity of the code, from the release's manifest. */
  readonly digest: string;
}

const manifestSchema = z.object({
  version: z.union([z.literal(1), z.literal(2)]),
  lambdas: z.record(z.string(), z.object({ digest: z.string().min(1) })),
});

/**
 * Finds the bundle of a function beside a program: `<release>/<layer>/index.js` runs, `<release>/lambda/<name>/` is what it deploys.
 * @param programDirectory the `__dirname` of the running program
 */
export function lambdaBundle(programDirectory: string, name: string): LambdaBundle {
  const release = join(programDirectory, '..');
  const directory = join(release, 'lambda', name);
  if (!existsSync(join(directory, 'index.js'))) {
    throw new RunError(
      `function code lambda/${name}/index.js is not beside the program in ${release}: build the release with \`npm run build\``,
    );
  }
  const digest = readManifest(join(release, 'manifest.json')).lambdas[name]?.digest;
  if (digest === undefined)
    throw new RunError(`manifest.json of the release in ${release} does not list the function ${name}: build it again`);
  return { directory, digest };
}

function readManifest(path: string): z.output<typeof manifestSchema> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new RunError(`release manifest ${path} is missing or not JSON: build the release with \`npm run build\``);
  }
  const parsed = manifestSchema.safeParse(content);
  if (!parsed.success) throw new RunError(`release manifest ${path}: ${describeIssues(parsed.error)}`);
  return parsed.data;
}
