import { programEnvironment } from '../child-environment';

import type { LookOptions } from './look-for-cli';
import { PINNED_VERSION } from './pulumi-cli';
import { runTool, type ToolResult } from './run-tool';

/** Where the official release is put, and by what. */
export interface InstallReleaseOptions extends LookOptions {
  /** Folder that gets `bin/pulumi`. */
  readonly content: string;
  readonly scratch: string;
  /** Module that exports the Automation API's `PulumiCommand`. @default that of `@pulumi/pulumi` */
  readonly automation?: string | undefined;
}

/** Connecting gives up after 10 s by itself; this is for a network that swallows what is sent. */
const LIMIT_SECONDS = 120;

/**
 * `PulumiCommand.install` can neither be stopped nor be given a limit, and it leaves its files where it is: so it runs in a process of its own.
 * Its own check of the version would want a SemVer of its own copy; whoever asked for it looks at the version in any case.
 */
const SCRIPT = `
const [automation, root, version] = process.argv.slice(1);
const install = async () => require(automation).PulumiCommand.install({ root, version, skipVersionCheck: true });
install().catch((error) => {
  const [first, ...more] = String(error && error.message).split('\\n').map((line) => line.trim()).filter((line) => line !== '');
  const told = more.find((line) => /^(curl|wget|error)\\b/i.test(line));
  console.error(told ? first + ' (' + told + ')' : first);
  process.exitCode = 1;
});`;

/** Installs the official release with the Automation API. */
export function installRelease({ content, scratch, automation, env, clock, signal }: InstallReleaseOptions): Promise<ToolResult> {
  return runTool(process.execPath, {
    args: ['--eval', SCRIPT, automation ?? require.resolve('@pulumi/pulumi/automation'), content, PINNED_VERSION],
    env: { ...programEnvironment(env), TMPDIR: scratch },
    limitSeconds: LIMIT_SECONDS,
    clock,
    signal,
  });
}
