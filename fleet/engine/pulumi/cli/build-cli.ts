import { join } from 'node:path';

import { programEnvironment } from '../child-environment';

import type { LookOptions } from './look-for-cli';
import { PINNED_VERSION, cliIn, type Environment } from './pulumi-cli';
import { runTool, type ToolResult } from './run-tool';

/** What the CLI is built from, and where to. */
export interface BuildCliOptions extends LookOptions {
  /** Folder that gets `bin/pulumi`. */
  readonly content: string;
  readonly scratch: string;
  /** Root of this product: the module that pins the CLI is in its tools/pulumi. */
  readonly productRoot: string;
}

const LIMIT_SECONDS = 30 * 60;

/** What Go may know beside what every tool may: where it keeps things, and where modules come from. No `GOFLAGS`: they change what is built. */
const GO = [
  ...(['GOROOT', 'GOPATH', 'GOCACHE', 'GOMODCACHE', 'GOTOOLCHAIN', 'XDG_CACHE_HOME'] as const),
  ...(['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE', 'GONOPROXY', 'GOINSECURE', 'GOAUTH'] as const),
] as const;

/** Builds the CLI with Go; every module is checked against the go.sum beside the pin. */
export function buildCli({ content, scratch, productRoot, env, clock, signal }: BuildCliOptions): Promise<ToolResult> {
  const version = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${PINNED_VERSION}`;
  return runTool('go', {
    args: ['build', '-buildvcs=false', '-ldflags', `-s -w ${version}`, '-o', cliIn(content), 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi'],
    cwd: join(productRoot, 'tools', 'pulumi'),
    env: { ...programEnvironment(env), ...goVariables(env), TMPDIR: scratch },
    limitSeconds: LIMIT_SECONDS,
    clock,
    signal,
  });
}

function goVariables(env: Environment): Record<string, string> {
  return Object.fromEntries(GO.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
