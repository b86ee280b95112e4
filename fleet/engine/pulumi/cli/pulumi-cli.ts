import { homedir } from 'node:os';
import { join } from 'node:path';

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A usable CLI. `named`: by `FLEET_PULUMI`. */
export interface PulumiCli {
  /** Absolute. */
  readonly path: string;
  /** As `3.259.0`. */
  readonly version: string;
  readonly source: 'named' | 'path' | 'cache' | 'installed' | 'built';
}

/** The version that is obtained; tools/pulumi/go.mod pins the same. */
export const PINNED_VERSION = '3.259.0';

/** The oldest that is used, that of the SDK: an engine older than its programs may not know what they ask of it. */
export const MINIMUM_VERSION = '3.248.0';

/** Names a CLI instead of having one looked for. */
export const NAMED_BY = 'FLEET_PULUMI';

/** Folder of what is obtained, by version, outside of any clone. */
export function toolCache(env: Environment): string {
  const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = env;
  return join(cache !== '' ? cache : join(home !== '' ? home : homedir(), '.cache'), 'order-fleet');
}

/** Where the pinned CLI is kept once it was obtained: a folder, and the CLI in it. */
export function cachedCli(env: Environment): { readonly folder: string; readonly path: string } {
  const folder = join(toolCache(env), `pulumi-${PINNED_VERSION}`);
  return { folder, path: cliIn(folder) };
}

/** The CLI in a folder as the official installer lays it out. */
export function cliIn(folder: string): string {
  return join(folder, 'bin', 'pulumi');
}
