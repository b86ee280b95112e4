import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { FleetError } from '../../../errors';
import type { Clock } from '../../../ports';
import { programEnvironment } from '../child-environment';

import type { Environment, PulumiCli } from './pulumi-cli';
import { runTool, type ToolResult } from './run-tool';

/** The plugin that carries out the layers' resources on AWS. */
export interface ProviderPlugin {
  /** As `7.48.0`: that of `@pulumi/aws`, by which the programs ask for it. */
  readonly version: string;
  readonly source: 'there' | 'installed';
}

/** Where to look, and how. */
export interface ProviderPluginOptions {
  readonly cli: PulumiCli;
  readonly env: Environment;
  readonly productRoot: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether one that is not there is installed. */
  readonly fix: boolean;
}

const LOOK_SECONDS = 30;
/** It is some 150 MB. */
const INSTALL_SECONDS = 600;

/**
 * The AWS plugin in the version that the programs ask for. No run fetches it: what runs with the deployer's credentials is there before, in a
 * version that somebody chose. Rejects with `pulumi/plugin-missing`.
 */
export async function providerPlugin(options: ProviderPluginOptions): Promise<ProviderPlugin> {
  const version = versionOf(options.productRoot);
  const looked = await run(['plugin', 'ls', '--json'], LOOK_SECONDS, options);
  if (looked.ok && lists(looked.output, version)) return { version, source: 'there' };
  const command = `pulumi plugin install resource aws ${version}`;
  const missing = `the AWS plugin ${version} of Pulumi is not installed, and no run fetches it`;
  if (!options.fix)
    throw new FleetError('pulumi/plugin-missing', `${missing}: run \`fleet doctor --fix\`, or \`${command}\`${looked.ok ? '' : `; plugins cannot be listed: ${looked.why}`}`); // prettier-ignore
  const installed = await run(command.split(' ').slice(1), INSTALL_SECONDS, options);
  if (!installed.ok) throw new FleetError('pulumi/plugin-missing', `${missing}; \`${command}\` did not: ${installed.why}`);
  return { version, source: 'installed' };
}

function run(args: readonly string[], limitSeconds: number, { cli, env, clock, signal }: ProviderPluginOptions): Promise<ToolResult> {
  const { PULUMI_HOME: home } = env;
  // None of the credentials: what comes from elsewhere comes before there is anything to take.
  const own = { ...programEnvironment(env), PULUMI_SKIP_UPDATE_CHECK: 'true', ...(home !== undefined && { PULUMI_HOME: home }) };
  return runTool(cli.path, { args: [...args], env: own, limitSeconds, clock, signal });
}

function versionOf(productRoot: string): string {
  const file = createRequire(join(productRoot, 'package.json')).resolve('@pulumi/aws/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}

function lists(output: string, version: string): boolean {
  try {
    const plugins = JSON.parse(output) as readonly { readonly name?: string; readonly kind?: string; readonly version?: string }[];
    return plugins.some((plugin) => plugin.name === 'aws' && plugin.kind === 'resource' && plugin.version === version);
  } catch {
    return false;
  }
}
