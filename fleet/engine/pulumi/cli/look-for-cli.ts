import { accessSync, constants, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type { Clock } from '../../../ports';
import { programEnvironment } from '../child-environment';

import { isAtLeast, versionIn } from './cli-version';
import { MINIMUM_VERSION, NAMED_BY, PINNED_VERSION, cachedCli, type Environment, type PulumiCli } from './pulumi-cli';
import { runTool } from './run-tool';

/** What looking in one place gave; `why` is one line. */
export type Look =
  { readonly kind: 'found'; readonly cli: PulumiCli } | { readonly kind: 'missing' | 'too-old' | 'broken'; readonly why: string };

/** With what it is looked. */
export interface LookOptions {
  readonly env: Environment;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

const VERSION_SECONDS = 20;

/** The CLI that `FLEET_PULUMI` names; undefined where it names none. */
export async function lookAtNamed(options: LookOptions): Promise<Look | undefined> {
  const named = options.env[NAMED_BY];
  if (named === undefined || named === '') return undefined;
  return lookAt(resolve(named), 'named', options);
}

/** The first `pulumi` on PATH. */
export async function lookOnPath(options: LookOptions): Promise<Look> {
  const path = onPath(options.env.PATH ?? '');
  return path === undefined ? { kind: 'missing', why: 'no pulumi is on PATH' } : lookAt(path, 'path', options);
}

/** The one that was obtained earlier. */
export async function lookInCache(options: LookOptions): Promise<Look> {
  const { path } = cachedCli(options.env);
  if (!isFile(path)) return { kind: 'missing', why: `none of version ${PINNED_VERSION} was obtained yet: ${path} is not there` };
  return lookAt(path, 'cache', options);
}

/** Asks a CLI for its version. */
export async function lookAt(path: string, source: PulumiCli['source'], { env, clock, signal }: LookOptions): Promise<Look> {
  const asked = { ...programEnvironment(env), PULUMI_SKIP_UPDATE_CHECK: 'true' };
  const result = await runTool(path, { args: ['version'], env: asked, limitSeconds: VERSION_SECONDS, clock, signal });
  if (!result.ok) return { kind: 'broken', why: `${path} does not say its version: ${result.why}` };
  const version = versionIn(result.output);
  if (version === undefined) return { kind: 'broken', why: `${path} says no version but ${JSON.stringify(result.output.slice(0, 80))}` };
  if (!isAtLeast(version, MINIMUM_VERSION)) return { kind: 'too-old', why: `${path} is ${version}, older than ${MINIMUM_VERSION}` };
  return { kind: 'found', cli: { path, version, source } };
}

function onPath(path: string): string | undefined {
  // An empty entry is the working directory: nothing is run from there unasked.
  const folders = path.split(':').filter((folder) => folder !== '');
  return folders.map((folder) => resolve(join(folder, 'pulumi'))).find(isExecutable);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return isFile(path);
  } catch {
    return false;
  }
}
